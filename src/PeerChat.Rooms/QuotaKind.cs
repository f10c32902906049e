namespace PeerChat.Rooms;

/// <summary>Which quota of a room was reached.</summary>
public enum QuotaKind
{
    /// <summary>What one person wrote takes too many bytes.</summary>
    PersonBytes,

    /// <summary>One person wrote too many entries.</summary>
    PersonEntries,

    /// <summary>One person writes too fast; what is too much is taken in later.</summary>
    PersonRate,

    /// <summary>The room takes too many bytes.</summary>
    RoomBytes,
}
