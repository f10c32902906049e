namespace PeerChat.Rooms.Files.Transfer;

/// <summary>What became of a block that came.</summary>
public enum BlockVerdict
{
    /// <summary>It is the one that was asked for, and is kept.</summary>
    Kept,

    /// <summary>It is another.</summary>
    Wrong,

    /// <summary>A node that was taken to be here is not, or is damaged; it is fetched again.</summary>
    Lost,
}
