using System.Text.Json.Serialization;

namespace PeerChat.Node.Profiles;

/// <summary>The serialiser of <see cref="ProfileName"/>, made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProfileName))]
internal sealed partial class ProfileNameJson : JsonSerializerContext;
