namespace PeerChat.Node.Files;

/// <summary>What was put in place.</summary>
/// <param name="Cid">Its CID.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Bytes">Bytes of all files.</param>
/// <param name="Files">How many files.</param>
/// <param name="Renamed">Entries whose names would have done harm, or were taken, and are others now.</param>
/// <param name="LinksLeftOut">Symbolic links that led out of the folder, or that this system has none of.</param>
public sealed record PlacedTree(
    string Cid,
    string Path,
    bool IsFolder,
    long Bytes,
    int Files,
    int Renamed,
    int LinksLeftOut
);
