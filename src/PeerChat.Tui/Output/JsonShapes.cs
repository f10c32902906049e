using System.Text.Json.Serialization;

namespace PeerChat.Tui.Output;

/// <summary>The shapes that are written, for the serialiser made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonMessage))]
[JsonSerializable(typeof(JsonRequest))]
[JsonSerializable(typeof(JsonNotice))]
[JsonSerializable(typeof(JsonIdentity))]
internal sealed partial class JsonShapes : JsonSerializerContext;
