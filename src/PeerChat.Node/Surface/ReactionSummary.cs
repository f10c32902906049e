namespace PeerChat.Node;

/// <summary>One reaction to a message.</summary>
/// <param name="Emoji">What it is, not cleaned for any terminal.</param>
/// <param name="By">The names of who gave it, in the order in which they did.</param>
/// <param name="IsOwn">Whether oneself did.</param>
public sealed record ReactionSummary(string Emoji, string[] By, bool IsOwn);
