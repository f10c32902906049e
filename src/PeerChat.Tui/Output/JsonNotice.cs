namespace PeerChat.Tui.Output;

/// <summary>A sentence about what goes on, in JSON output.</summary>
internal sealed record JsonNotice(int V, string Type, string Code, string? Room, string Text);
