using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>Why a join did not succeed.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<JoinFailure>))]
public enum JoinFailure
{
    /// <summary>Nobody answers to that name (exit code 3).</summary>
    NobodyFound,

    /// <summary>Several keys claim the name (exit code 4).</summary>
    Ambiguous,

    /// <summary>The other side declined (exit code 4).</summary>
    Refused,

    /// <summary>The key is not the pinned one, or the hello failed (exit code 4).</summary>
    IdentityMismatch,

    /// <summary>Found, but no connection came about (exit code 6).</summary>
    Unreachable,
}
