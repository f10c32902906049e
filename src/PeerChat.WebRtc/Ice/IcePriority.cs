using System.Diagnostics;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>The priorities of candidates and pairs (RFC 8445 sections 5.1.2 and 6.1.2.3).</summary>
internal static class IcePriority
{
    private const int TypeShift = 24;
    private const uint ComponentTerm = 256 - 1; // the one component has id 1
    private const int IPv6Preference = 0xFFFF; // RFC 8421: IPv6 first, addresses in the host's order
    private const int IPv4Preference = 0x7FFF;
    private const int LinkLocalPreference = 0x3FFF;

    /// <summary>The priority of a candidate of one type with a local preference of 0 to 65535.</summary>
    public static uint OfCandidate(IceCandidateType type, int localPreference) =>
        (TypePreference(type) << TypeShift) | ((uint)localPreference << 8) | ComponentTerm;

    /// <summary>The priority that a candidate would have as a peer-reflexive one: what a check carries.</summary>
    public static uint AsPeerReflexive(uint priority) =>
        (TypePreference(IceCandidateType.PeerReflexive) << TypeShift) | (priority & ((1u << TypeShift) - 1));

    /// <summary>The local preference of the <paramref name="index"/>-th address of a host.</summary>
    public static int LocalPreference(TransportAddress address, int index) =>
        (
            IceAddressRules.IsLinkLocalIPv6(address) ? LinkLocalPreference
            : address.IsIPv6 ? IPv6Preference
            : IPv4Preference
        ) - index;

    /// <summary>The priority of a pair from the priorities of the two agents' candidates; the same on both sides.</summary>
    public static ulong OfPair(uint controlling, uint controlled) =>
        ((ulong)Math.Min(controlling, controlled) << 32)
        + (2ul * Math.Max(controlling, controlled))
        + (controlling > controlled ? 1ul : 0ul);

    // RFC 8445 section 5.1.2.2 recommends these
    private static uint TypePreference(IceCandidateType type) =>
        type switch
        {
            IceCandidateType.Host => 126,
            IceCandidateType.PeerReflexive => 110,
            IceCandidateType.ServerReflexive => 100,
            IceCandidateType.Relayed => 0,
            _ => throw new UnreachableException(),
        };
}
