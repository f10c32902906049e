using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>Which way packets to a person go.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ConnectionPath>))]
public enum ConnectionPath
{
    /// <summary>None: they are not connected.</summary>
    None,

    /// <summary>From machine to machine.</summary>
    Direct,

    /// <summary>Through a TURN server or a member in common, who see ciphertext.</summary>
    Relayed,
}
