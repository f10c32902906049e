using System.Text.Json.Serialization;

namespace PeerChat.Node.Guests;

/// <summary>How texts are written to pages.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class GuestJson : JsonSerializerContext;
