using System.Text.Json.Serialization;

namespace PeerChat.Tui.Output;

/// <summary>Who wrote a message or asks for something, in JSON output.</summary>
internal sealed record JsonPerson(string Name, string Id);

/// <summary>A message, in JSON output; fields as <c>docs/SCRIPTING.md</c> describes them.</summary>
internal sealed record JsonMessage(
    int V,
    string Type,
    string Id,
    string Room,
    JsonPerson From,
    string Text,
    string SentAt,
    string State
);

/// <summary>A first-contact request, in JSON output.</summary>
internal sealed record JsonRequest(int V, string Type, string Request, JsonPerson From, string State);

/// <summary>A sentence about what goes on, in JSON output.</summary>
internal sealed record JsonNotice(int V, string Type, string Code, string? Room, string Text);

/// <summary>One's own identity, in JSON output.</summary>
internal sealed record JsonIdentity(int V, string Type, string Name, string Id, string ShortId);

/// <summary>The shapes that are written, for the serialiser made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonMessage))]
[JsonSerializable(typeof(JsonRequest))]
[JsonSerializable(typeof(JsonNotice))]
[JsonSerializable(typeof(JsonIdentity))]
internal sealed partial class JsonShapes : JsonSerializerContext;
