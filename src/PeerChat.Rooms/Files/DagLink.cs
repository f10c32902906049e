namespace PeerChat.Rooms.Files;

/// <summary>A link of a dag-pb node.</summary>
/// <param name="Target">What it leads to.</param>
/// <param name="Name">Its name; empty within a file.</param>
/// <param name="TotalSize">Bytes of the target block and of all blocks below it (<c>Tsize</c>); a claim, never trusted.</param>
public readonly record struct DagLink(Cid Target, string Name, ulong TotalSize);
