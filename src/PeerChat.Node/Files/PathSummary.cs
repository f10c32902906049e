using PeerChat.Rooms.Files;

namespace PeerChat.Node.Files;

/// <summary>What was found at a path.</summary>
/// <param name="Cid">Its CID.</param>
/// <param name="Name">Its name; empty for standard input.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Bytes">Bytes of all files.</param>
/// <param name="Files">How many files.</param>
/// <param name="HiddenLeftOut">Hidden files and folders that were left out, as the profile does unless asked.</param>
public sealed record PathSummary(
    string Cid,
    string Name,
    bool IsFolder,
    long Bytes,
    int Files,
    int HiddenLeftOut
)
{
    /// <summary>Its root.</summary>
    internal Cid Root { get; init; }
}
