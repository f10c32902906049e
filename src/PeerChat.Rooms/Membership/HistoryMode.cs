namespace PeerChat.Rooms;

/// <summary>The kinds of limits on what a newcomer may read; the numbers are on the wire.</summary>
public enum HistoryMode
{
    /// <summary>Nothing from before the admission.</summary>
    None = 0,

    /// <summary>The last messages before it.</summary>
    Last = 1,

    /// <summary>What was written since a date.</summary>
    Since = 2,

    /// <summary>Everything.</summary>
    All = 3,
}
