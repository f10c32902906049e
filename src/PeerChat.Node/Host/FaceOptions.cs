namespace PeerChat.Node;

/// <summary>How a face wants to come to a node.</summary>
/// <param name="Kind">What it calls itself, for others to see: 1 to 64 characters.</param>
/// <param name="Ownership">Whether it may run the node itself.</param>
public sealed record FaceOptions(string Kind, Ownership Ownership = Ownership.WhenFree);
