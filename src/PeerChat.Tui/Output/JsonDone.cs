namespace PeerChat.Tui.Output;

/// <summary>A command that was done and has nothing more to say, as a JSON line.</summary>
internal sealed record JsonDone(int V, string Type, string Command);
