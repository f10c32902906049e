using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>How far a contact's key is known.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<TrustState>))]
public enum TrustState
{
    /// <summary>Not met.</summary>
    None,

    /// <summary>Accepted by itself, not yet shown to the user.</summary>
    Seen,

    /// <summary>Accepted by the user; the key is kept.</summary>
    Pinned,

    /// <summary>Came by a link.</summary>
    Introduced,

    /// <summary>Compared in person.</summary>
    Verified,
}
