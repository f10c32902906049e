using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>Where a message stands.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>Nobody else has it yet.</summary>
    Queued,

    /// <summary>Handed to a connected peer.</summary>
    Sent,

    /// <summary>Durable on the recipient's device, by their own signed statement.</summary>
    Delivered,

    /// <summary>Read by somebody who lets others know.</summary>
    Read,

    /// <summary>Not one's own.</summary>
    Received,

    /// <summary>From an export: nobody vouches for who wrote it, when, and what.</summary>
    Imported,
}
