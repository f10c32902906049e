using PeerChat.WebRtc.Ice;
using PeerChat.WebRtc.Tests.Connection;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Ice;

public sealed class VirtualAddressTests
{
    [Fact]
    public void A_virtual_address_tells_its_handle_and_others_have_none()
    {
        VirtualAddress.TryRead(VirtualAddress.Of(0xFEDCBA9876543210, 1), out var handle).ShouldBeTrue();
        handle.ShouldBe(0xFEDCBA9876543210);
        VirtualAddress.TryRead(Addresses.Of("[2001:db8::1]:1"), out _).ShouldBeFalse();
        VirtualAddress.TryRead(Addresses.Of("[::1]:1"), out _).ShouldBeFalse();
        VirtualAddress.TryRead(Addresses.Of("10.0.0.1:1"), out _).ShouldBeFalse();
    }

    [Fact]
    public void Two_ends_of_one_way_form_a_pair_and_nothing_else_pairs_with_them()
    {
        var one = VirtualAddress.Of(7, 1);

        IceAddressRules.CanPair(one, VirtualAddress.Of(7, 2)).ShouldBeTrue();
        IceAddressRules.CanPair(one, VirtualAddress.Of(8, 2)).ShouldBeFalse();
        IceAddressRules.CanPair(one, Addresses.Of("[2001:db8::1]:1")).ShouldBeFalse();
        IceAddressRules.CanPair(Addresses.Of("[2001:db8::1]:1"), one).ShouldBeFalse(); // a peer that names one
        IceAddressRules.CanPair(Addresses.Of("10.0.0.1:1"), one).ShouldBeFalse();
    }
}
