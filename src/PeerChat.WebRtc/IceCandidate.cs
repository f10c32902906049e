using PeerChat.Primitives;

namespace PeerChat.WebRtc;

/// <summary>An address at which an agent may be reached (RFC 8445 section 5.1).</summary>
/// <param name="Type">How it was learnt.</param>
/// <param name="Address">The address and UDP port.</param>
/// <param name="Priority">From 1 to 2^31 - 1; the higher, the sooner it is tried (RFC 8445 section 5.1.2).</param>
/// <param name="Foundation">Equal for candidates of the same type, base and server; 1 to 32 of <c>A-Z a-z 0-9 + /</c>.</param>
public sealed record IceCandidate(
    IceCandidateType Type,
    TransportAddress Address,
    uint Priority,
    string Foundation
)
{
    /// <summary>The longest foundation (RFC 8839 section 5.1).</summary>
    public const int MaxFoundationLength = 32;

    /// <summary>The highest priority (RFC 8445 section 5.1.2).</summary>
    public const uint MaxPriority = int.MaxValue;

    /// <summary>Whether type, priority and foundation are what the RFC allows; the address is judged when it is paired.</summary>
    internal bool IsWellFormed =>
        Enum.IsDefined(Type)
        && Priority is > 0 and <= MaxPriority
        && Foundation is { Length: > 0 and <= MaxFoundationLength }
        && Ice.IceCredentials.AreIceChars(Foundation);
}
