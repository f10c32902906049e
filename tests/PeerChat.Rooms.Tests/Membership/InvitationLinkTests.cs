using System.Net;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Invitations;
using PeerChat.Rooms.Signalling;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Membership;

public sealed class InvitationLinkTests
{
    private static readonly InvitationLink Link = new(
        new RoomId(Filled(1)),
        new PeerId(Filled(2)),
        Filled(3).ToArray(),
        new LinkHints(
            [
                new TransportAddress(IPAddress.Parse("192.0.2.7"), 27717),
                new TransportAddress(IPAddress.Parse("2001:db8::1"), 1),
            ],
            [
                new ServiceHint(Rung.PeerServer, "wss://peers.example.org/"),
                new ServiceHint(Rung.Tracker, "wss://tracker.example.org/"),
            ]
        )
    );

    /// <summary>A known answer, for a second implementation.</summary>
    [Fact]
    public void A_link_is_written_as_it_is_specified() =>
        new InvitationLink(new RoomId(Filled(1)), new PeerId(Filled(2)), Filled(3).ToArray(), LinkHints.None)
            .ToString()
            .ShouldBe(KnownLink);

    [Fact]
    public void K_inv_is_as_it_is_specified() =>
        Convert
            .ToHexStringLower(InvitationKeys.From(Filled(3).ToArray()).Signal.TagKey.Span)
            .ShouldBe(KnownTagKey);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_link_is_read_as_it_was_written(int hints)
    {
        var link = Link with
        {
            Hints = new LinkHints(
                [.. Link.Hints.Addresses.Take(hints)],
                [.. Link.Hints.Services.Take(hints)]
            ),
        };
        InvitationLink.TryParse(link.ToString(), out var read).ShouldBeTrue();
        read.Room.ShouldBe(link.Room);
        read.Inviter.ShouldBe(link.Inviter);
        read.Secret.ToArray().ShouldBe(link.Secret.ToArray());
        read.Hints.Addresses.ShouldBe(link.Hints.Addresses);
        read.Hints.Services.ShouldBe(link.Hints.Services);
    }

    [Theory]
    [InlineData(LinkHints.MaxAddresses, LinkHints.MaxServices, true)]
    [InlineData(LinkHints.MaxAddresses + 1, 0, false)]
    [InlineData(0, LinkHints.MaxServices + 1, false)]
    public void A_link_has_so_many_hints_and_no_more(int addresses, int services, bool isRead)
    {
        var link = Link with
        {
            Hints = new LinkHints(
                [.. Enumerable.Repeat(Link.Hints.Addresses[0], addresses)],
                [.. Enumerable.Repeat(Link.Hints.Services[0], services)]
            ),
        };
        InvitationLink.TryParse(link.ToString(), out _).ShouldBe(isRead);
    }

    [Theory]
    [InlineData("wss://peers.example.org/ and more")]
    [InlineData("")]
    public void Refuses_a_service_that_is_no_plain_text(string url)
    {
        var link = Link with { Hints = new LinkHints([], [new ServiceHint(Rung.PeerServer, url)]) };
        InvitationLink.TryParse(link.ToString(), out _).ShouldBeFalse();
    }

    [Fact]
    public void Case_line_ends_and_the_missing_scheme_do_not_matter()
    {
        var text = Link.ToString().ToUpperInvariant();
        InvitationLink.TryParse($" {text[..50]}\r\n {text[50..]}\n", out _).ShouldBeTrue();
        InvitationLink.TryParse(text[InvitationLink.Scheme.Length..], out _).ShouldBeTrue();
    }

    [Fact]
    public void Refuses_a_link_with_any_digit_changed_or_cut_off()
    {
        var text = Link.ToString();
        for (var i = InvitationLink.Scheme.Length; i < text.Length; i++)
        {
            var other = text[i] == 'z' ? 'y' : 'z';
            InvitationLink.TryParse(text[..i] + other + text[(i + 1)..], out _).ShouldBeFalse();
            InvitationLink.TryParse(text[..i], out _).ShouldBeFalse();
        }

        InvitationLink.TryParse(text + "00000000", out _).ShouldBeFalse();
        InvitationLink.TryParse("", out _).ShouldBeFalse();
        InvitationLink.TryParse(new string('0', 100_000), out _).ShouldBeFalse();
    }

    private const string KnownLink =
        "peerchat:join/040g2081040g2081040g2081040g2081040g2081040g2081040g20g2081040g2081040g20810"
        + "40g2081040g2081040g2081040g20c1g60r30c1g60r30c1g60r30c1g60r30c1g60r30c1g60r30c1g198qjap00000";
    private const string KnownTagKey = "53334d4aadf3eb4bf66367821b62c892aebed8b9519ed2b3e4e4098998267411";

    private static Bytes32 Filled(byte value) => new(Enumerable.Repeat(value, 32).ToArray());
}
