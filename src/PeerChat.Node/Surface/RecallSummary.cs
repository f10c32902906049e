namespace PeerChat.Node;

/// <summary>How far a recall has come. It is a request: who kept a copy can read on.</summary>
/// <param name="Asked">How many other devices it concerns.</param>
/// <param name="Confirmed">How many of those have deleted the content, by their own signed statement.</param>
public sealed record RecallSummary(int Asked, int Confirmed);
