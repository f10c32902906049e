namespace PeerChat.Tui.Output;

/// <summary>A member of a private room, in JSON output.</summary>
internal sealed record JsonRoomMember(
    int V,
    string Type,
    string Room,
    string Name,
    string Id,
    string Role,
    bool Connected,
    bool Self,
    [property: System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
        string? LooksLike = null
);
