namespace PeerChat.Tui.Output;

/// <summary>Somebody in a chat, in JSON output.</summary>
internal sealed record JsonMember(
    string Name,
    string Id,
    bool Connected,
    bool IsSelf,
    string Trust,
    string Path,
    [property: System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
        string? LooksLike = null
);
