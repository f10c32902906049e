namespace PeerChat.Rooms;

/// <summary>The timers of a room itself.</summary>
internal enum RoomTimer
{
    /// <summary>When the next have statement may go out.</summary>
    Have,

    /// <summary>When others' have statements are passed on.</summary>
    Relay,

    /// <summary>When it is kept at last up to where one's own log was handed over.</summary>
    Sent,

    /// <summary>When the next read mark may be written.</summary>
    ReadMark,

    /// <summary>When the next content is too old to be kept.</summary>
    Expiry,

    /// <summary>When what came ahead of its log is looked at again.</summary>
    Ahead,

    /// <summary>When what came ahead of its log is kept.</summary>
    AheadSave,

    /// <summary>When it may be told again that more of a history can be read.</summary>
    AheadNews,
}
