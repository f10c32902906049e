using System.Net;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Invitations;
using PeerChat.Rooms.Signalling;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Membership;

public sealed class ContactLinkTests
{
    private static readonly ContactLink Link = new(
        new PeerId(new Bytes32(Enumerable.Repeat((byte)2, 32).ToArray())),
        Enumerable.Repeat((byte)3, 32).ToArray(),
        new WallTime(1_790_000_040_000),
        new LinkHints(
            [new TransportAddress(IPAddress.Parse("192.0.2.7"), 27717)],
            [new ServiceHint(Rung.PeerServer, "wss://peers.example.org/")]
        )
    );

    [Fact]
    public void A_link_is_read_as_it_was_written()
    {
        ContactLink.TryParse(Link.ToString(), out var read).ShouldBeTrue();
        read.Owner.ShouldBe(Link.Owner);
        read.Secret.ToArray().ShouldBe(Link.Secret.ToArray());
        read.Expires.ShouldBe(Link.Expires); // a whole minute
        read.Hints.Addresses.ShouldBe(Link.Hints.Addresses);
        read.Hints.Services.ShouldBe(Link.Hints.Services);
    }

    [Fact]
    public void A_link_without_an_end_has_none()
    {
        ContactLink.TryParse((Link with { Expires = null }).ToString(), out var read).ShouldBeTrue();
        read.Expires.ShouldBeNull();
    }

    [Fact]
    public void Refuses_a_link_with_any_digit_changed_or_cut_off()
    {
        var text = Link.ToString();
        for (var i = ContactLink.Scheme.Length; i < text.Length; i++)
        {
            var other = text[i] == 'z' ? 'y' : 'z';
            ContactLink.TryParse(text[..i] + other + text[(i + 1)..], out _).ShouldBeFalse();
            ContactLink.TryParse(text[..i], out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void An_invitation_is_no_contact_link_and_the_other_way_round()
    {
        InvitationLink.TryParse(Link.ToString(), out _).ShouldBeFalse();
        ContactLink
            .TryParse(
                new InvitationLink(
                    new RoomId(new Bytes32(Link.Secret.Span)),
                    Link.Owner,
                    Link.Secret,
                    LinkHints.None
                ).ToString(),
                out _
            )
            .ShouldBeFalse();
    }

    [Fact]
    public void Nobody_is_no_owner() =>
        ContactLink.TryParse((Link with { Owner = default }).ToString(), out _).ShouldBeFalse();
}
