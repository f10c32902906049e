using System.Net;
using PeerChat.Node.Links;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.TestKit;
using PeerChat.WebRtc;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Links;

/// <summary>Two links with one person, set up at the same moment over the same path: records in the clear do not say whose they are.</summary>
public sealed class SharedPathTests : IDisposable
{
    private static readonly TransportAddress Here = At("10.0.0.1");
    private static readonly TransportAddress There = At("10.0.0.2");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly OwnIdentity _we = OwnIdentity.Create(new SystemKeySource());
    private readonly OwnIdentity _they = OwnIdentity.Create(new SystemKeySource());
    private readonly LinkSet _ours = new();
    private readonly LinkSet _theirs = new();
    private readonly List<LinkEvent.Closed> _ends = [];
    private Instant _now = Instant.Origin;

    public void Dispose()
    {
        foreach (var link in _ours.All.Concat(_theirs.All).ToList())
        {
            link.Connection.Dispose();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Two_links_secured_at_once_both_come_about(int lost)
    {
        var links = new[] { Link(1), Link(3) };
        RunUntil(datagram => !IsRecord(datagram), () => AreAll(links, PeerConnectionState.Securing));

        // All that was held is repeated now, so that every flight of both is under way at once; some is lost besides.
        var passed = 0;
        RunUntil(
            datagram => !IsRecord(datagram) || ++passed > lost,
            () => AreAll(links, PeerConnectionState.Connected)
        );

        _ends.ShouldBeEmpty();
    }

    [Fact]
    public void A_flight_that_is_repeated_late_does_not_reach_the_link_that_is_being_secured_by_then()
    {
        var first = Link(1);
        var late = new List<Datagram>();
        RunUntil(
            datagram =>
            {
                if (IsRecord(datagram) && datagram.Local == There)
                {
                    late.Add(datagram with { Payload = datagram.Payload.ToArray() });
                }

                return true;
            },
            () => AreAll([first], PeerConnectionState.Connected)
        );

        var second = Link(3);
        RunUntil(datagram => !IsRecord(datagram), () => AreAll([second], PeerConnectionState.Securing));
        late.ForEach(datagram =>
            _ours.HandleDatagram(_now, datagram.Remote, datagram.Local, datagram.Payload.ToArray())
        );
        RunUntil(_ => true, () => AreAll([first, second], PeerConnectionState.Connected));

        _ends.ShouldBeEmpty();
    }

    [Fact]
    public void A_certificate_that_was_not_announced_ends_a_link_that_is_alone()
    {
        var first = Link(1, isSwapped: true);

        RunUntil(_ => true, () => first.Ours.Phase == LinkPhase.Closed);

        _ends.ShouldContain(end => end.Failure == LinkFailure.Insecure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hello_that_is_ahead_of_its_answer_does_not_reach_another_link(bool isWithdrawn)
    {
        var offer = _ours.Add(
            new PeerConnection(isOfferer: true, [Here], new SeededEntropy(5), _now) { NamesServer = true },
            Plan(_we, _they, isDialler: true)
        );
        var answerer = new PeerConnection(isOfferer: false, [There], new SeededEntropy(6), _now)
        {
            NamesServer = true,
        };
        answerer.SetRemoteDescription(offer.Connection.LocalDescription, _now);
        _theirs.Add(answerer, Plan(_they, _we, isDialler: false));
        RunUntil(_ => true, () => answerer.State == PeerConnectionState.Securing);
        if (isWithdrawn)
        {
            offer.Close(LinkFailure.Local, "", _now);
            _ours.Remove(offer);
        }

        // The other's own hello is later than the repetitions of the first
        var other = Link(3);
        var passed = 0;
        RunUntil(
            datagram => !IsRecord(datagram) || datagram.Local != There || ++passed > 1,
            () => AreAll([other], PeerConnectionState.Connected)
        );

        _ends.ShouldNotContain(end => end.Failure != LinkFailure.Local);
    }

    [Fact]
    public void An_offer_that_was_withdrawn_is_no_other_link()
    {
        var offer = _ours.Add(
            new PeerConnection(isOfferer: true, [Here], new SeededEntropy(5), _now),
            Plan(_we, _they, isDialler: true)
        );
        offer.Close(LinkFailure.Local, "", _now);
        _ours.Remove(offer);
        var first = Link(1, isSwapped: true);

        RunUntil(_ => true, () => first.Ours.Phase == LinkPhase.Closed);

        _ends.ShouldContain(end => end.Failure == LinkFailure.Insecure);
    }

    [Fact]
    public void Nor_is_it_passed_over_where_there_is_another()
    {
        Link(1, isSwapped: true);
        Link(3);

        RunUntil(_ => true, () => _ends.Exists(end => end.Failure == LinkFailure.Insecure));
    }

    private static bool IsRecord(Datagram datagram) => datagram.Payload.Span[0] >= 20; // RFC 7983 section 7

    private static bool AreAll(
        IEnumerable<(PeerLink Ours, PeerLink Theirs)> links,
        PeerConnectionState state
    ) => links.All(pair => pair.Ours.Connection.State == state && pair.Theirs.Connection.State == state);

    private static TransportAddress At(string address) => new(IPAddress.Parse(address), 4000);

    private (PeerLink Ours, PeerLink Theirs) Link(int seed, bool isSwapped = false)
    {
        var offerer = new PeerConnection(isOfferer: true, [Here], new SeededEntropy(seed), _now)
        {
            NamesServer = true,
        };
        var answerer = new PeerConnection(isOfferer: false, [There], new SeededEntropy(seed + 1), _now)
        {
            NamesServer = true,
        };
        answerer.SetRemoteDescription(offerer.LocalDescription, _now);
        var ours = _ours.Add(offerer, Plan(_we, _they, isDialler: true));
        var theirs = _theirs.Add(answerer, Plan(_they, _we, isDialler: false));
        var answer = answerer.LocalDescription;
        if (isSwapped)
        {
            answer.FingerprintSha256[0] ^= 1;
        }

        ours.HandleDescription(answer, _now);
        return (ours, theirs);
    }

    private static HelloPlan Plan(OwnIdentity self, OwnIdentity other, bool isDialler) =>
        new(HelloContext.Contact, new byte[32], self, DisplayName.Of("ann"), other.PeerId, isDialler);

    private void RunUntil(Func<Datagram, bool> passes, Func<bool> condition)
    {
        var until = _now + Patience;
        while (_now < until)
        {
            while (Carry(_ours, _theirs, passes) | Carry(_theirs, _ours, passes)) { }
            if (condition())
            {
                return;
            }

            _now = Instant.Earliest(_ours.NextDeadline, _theirs.NextDeadline) ?? until;
            _ours.HandleDeadline(_now);
            _theirs.HandleDeadline(_now);
        }

        condition().ShouldBeTrue();
    }

    private bool Carry(LinkSet from, LinkSet to, Func<Datagram, bool> passes)
    {
        var any = false;
        while (from.TryTakeTransmit(out var datagram))
        {
            any = true;
            if (passes(datagram))
            {
                to.HandleDatagram(_now, datagram.Remote, datagram.Local, datagram.Payload.ToArray());
            }
        }

        foreach (var link in from.All)
        {
            while (link.TryTakeEvent(out var happened))
            {
                if (happened is LinkEvent.Closed closed)
                {
                    _ends.Add(closed);
                }
            }
        }

        return any;
    }
}
