namespace PeerChat.Node.Control;

/// <summary>Where the events begin.</summary>
/// <param name="Run">This run of the node.</param>
/// <param name="After">The number of the event before the first one that follows.</param>
/// <param name="Resumed">Whether nothing was missed.</param>
/// <param name="Arrival">The greatest arrival of a message in the profile at this moment; later ones have greater ones.</param>
internal sealed record SubscribeResult(string Run, long After, bool Resumed, long Arrival);
