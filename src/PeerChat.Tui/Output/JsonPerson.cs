namespace PeerChat.Tui.Output;

/// <summary>Who wrote a message or asks for something, in JSON output.</summary>
internal sealed record JsonPerson(
    string Name,
    string Id,
    [property: System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
        string? LooksLike = null
);
