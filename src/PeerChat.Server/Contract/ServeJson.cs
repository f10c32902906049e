using System.Text.Json.Serialization;

namespace PeerChat.Server.Contract;

/// <summary>How settings and events are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ServeSettings))]
[JsonSerializable(typeof(ServeEvent))]
internal sealed partial class ServeJson : JsonSerializerContext;
