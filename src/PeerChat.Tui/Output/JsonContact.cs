namespace PeerChat.Tui.Output;

/// <summary>A contact, in JSON output.</summary>
internal sealed record JsonContact(
    int V,
    string Type,
    string Name,
    string Id,
    string ShortId,
    string Trust,
    bool Connected,
    string FirstSeen,
    string LastSeen,
    bool Blocked,
    string Path,
    string RelayedBy,
    [property: System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
        string? LooksLike = null
);
