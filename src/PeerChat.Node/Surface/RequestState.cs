using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>Where a first-contact request stands.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<RequestState>))]
public enum RequestState
{
    /// <summary>Not answered yet.</summary>
    Waiting,

    /// <summary>Accepted: they are a contact.</summary>
    Accepted,

    /// <summary>Declined: they cannot ask again until it is undone.</summary>
    Declined,
}
