namespace PeerChat.Node;

/// <summary>A face of the node: a screen, a script, a bot.</summary>
/// <param name="Kind">What it calls itself: <c>screen</c>, <c>listen</c>, the name of a bot; 1 to 64 characters.</param>
/// <param name="ProcessId">The process, where the system tells; otherwise 0.</param>
/// <param name="SinceUnixMilliseconds">Since when, by this machine's clock.</param>
public sealed record FaceSummary(string Kind, int ProcessId, long SinceUnixMilliseconds);
