using System.Text.Json.Serialization.Metadata;

namespace PeerChat.Node.Tests.Documents;

/// <summary>A method of the protocol that is no command of the node.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Constant">The constant whose comment says what it does.</param>
/// <param name="Params">What it takes.</param>
/// <param name="Result">What it answers.</param>
internal sealed record ProtocolMethod(string Name, string Constant, JsonTypeInfo Params, JsonTypeInfo Result);
