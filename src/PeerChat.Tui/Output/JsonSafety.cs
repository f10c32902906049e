namespace PeerChat.Tui.Output;

/// <summary>The safety number of oneself and a contact, in JSON output.</summary>
internal sealed record JsonSafety(int V, string Type, string Name, string Id, string Number, string Trust);
