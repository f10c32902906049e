namespace PeerChat.Tui.Output;

/// <summary>For how long a chat is kept, as a JSON line.</summary>
internal sealed record JsonRetention(int V, string Type, string Chat, long? KeepSeconds, int Deletes);
