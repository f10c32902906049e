namespace PeerChat.Tui.Output;

/// <summary>How far a recall has come, in JSON output.</summary>
internal sealed record JsonRecall(int Asked, int Confirmed);
