namespace PeerChat.Tui.Output;

/// <summary>A reaction, in JSON output.</summary>
internal sealed record JsonReaction(string Emoji, string[] By, bool Own);
