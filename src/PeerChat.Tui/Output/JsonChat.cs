namespace PeerChat.Tui.Output;

/// <summary>A chat, in JSON output.</summary>
internal sealed record JsonChat(
    int V,
    string Type,
    string Room,
    string Title,
    string Kind,
    string Connection,
    string Detail,
    int Queued,
    JsonMember[] Members
);
