using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>Where the connection of a chat stands.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ConnectionState>))]
public enum ConnectionState
{
    /// <summary>Nothing is being tried.</summary>
    Idle,

    /// <summary>The other side is being looked for.</summary>
    Searching,

    /// <summary>Found; the connection is being made.</summary>
    Connecting,

    /// <summary>Connected; the other side has not accepted yet.</summary>
    Waiting,

    /// <summary>At least one other person is reachable.</summary>
    Connected,

    /// <summary>Connected, but nobody there answers at the moment; it comes back, or is lost within thirty seconds.</summary>
    Silent,

    /// <summary>Refused or impossible; the detail says why.</summary>
    Failed,
}
