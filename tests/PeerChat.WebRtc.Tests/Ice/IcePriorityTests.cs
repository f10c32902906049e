using PeerChat.WebRtc.Ice;
using PeerChat.WebRtc.Tests.Connection;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Ice;

public sealed class IcePriorityTests
{
    [Fact]
    public void A_candidates_priority_follows_the_formula_of_RFC_8445_section_5_1_2_1()
    {
        // 2^24 * 126 + 2^8 * 65535 + 255, which many agents show
        IcePriority.OfCandidate(IceCandidateType.Host, 65535).ShouldBe(2130706431u);
        IcePriority.AsPeerReflexive(2130706431u).ShouldBe((110u << 24) + 0xFFFFFF);
    }

    [Fact]
    public void A_pairs_priority_is_the_same_on_both_sides_but_for_the_last_bit_rule()
    {
        IcePriority.OfPair(2, 1).ShouldBe((1ul << 32) + 4 + 1);
        IcePriority.OfPair(1, 2).ShouldBe((1ul << 32) + 4);
        IcePriority.OfPair(uint.MaxValue / 2, uint.MaxValue / 2).ShouldBe(0x7FFFFFFF_FFFFFFFEul);
    }

    [Fact]
    public void Addresses_of_the_host_rank_by_family_then_by_the_hosts_order()
    {
        var ranked = Addresses
            .All("[2001:db8::1]:1", "[2001:db8::2]:1", "10.0.0.1:1", "10.0.0.2:1", "[fe80::1]:1")
            .Select(IcePriority.LocalPreference)
            .ToArray();
        ranked.ShouldBe(ranked.OrderDescending());
    }
}
