namespace PeerChat.Node.Control;

/// <summary>Who wants the profile.</summary>
/// <param name="ProcessId">The process.</param>
internal sealed record HandOverParams(int ProcessId);
