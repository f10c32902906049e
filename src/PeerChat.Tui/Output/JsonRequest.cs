namespace PeerChat.Tui.Output;

/// <summary>A first-contact request, in JSON output.</summary>
internal sealed record JsonRequest(
    int V,
    string Type,
    string Request,
    JsonPerson From,
    string State,
    [property: System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
        string? At = null
);
