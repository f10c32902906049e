namespace PeerChat.Rooms.Files.Transfer;

/// <summary>How much of a file somebody has.</summary>
public enum FileStock
{
    /// <summary>Nothing; or the file is not known, or not to be given.</summary>
    None = 0,

    /// <summary>Some blocks.</summary>
    Part = 1,

    /// <summary>All of it.</summary>
    All = 2,
}
