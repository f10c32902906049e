using PeerChat.Primitives;
using PeerChat.WebRtc.Sdp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>Host candidates behind names of multicast DNS.</summary>
public sealed class HiddenAddressTests
{
    private const string Name = "9f3c2b1a-0000-4000-8000-000000000001.local";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static Dictionary<TransportAddress, string> Names(string address) =>
        new() { [Addresses.Of(address).WithPort(0)] = Name };

    [Fact]
    public void Descriptions_tell_a_name_in_the_place_of_the_address_and_leave_out_what_has_none()
    {
        var node = new ConnectionNode(true, 1, "10.0.0.1:1000", "10.0.1.1:1000");
        var open = node.Connection.LocalDescription;
        node.Connection.HideAddresses(Names("10.0.0.1:0"));
        var hidden = node.Connection.LocalDescription;

        hidden.Candidates.ShouldBeEmpty();
        var candidate = hidden.HostNames.ShouldHaveSingleItem();
        candidate.HostName.ShouldBe(Name);
        candidate
            .At(Addresses.Of("10.0.0.1:0"))
            .ShouldBe(open.Candidates.Single(each => each.Address == Addresses.Of("10.0.0.1:1000")));
        SdpDocument.WriteOffer(hidden).ShouldNotContain("10.0.");
    }

    [Fact]
    public void What_servers_gave_is_told_as_before()
    {
        var node = new ConnectionNode(true, 1, "10.0.0.1:1000");
        node.Connection.AddGatheredCandidates(
            [
                new GatheredCandidate(
                    IceCandidateType.ServerReflexive,
                    Addresses.Of("198.51.100.7:4000"),
                    Addresses.Of("10.0.0.1:1000")
                ),
            ],
            Instant.Origin
        );
        node.Connection.HideAddresses(Names("10.0.0.1:0"));

        node.Connection.LocalDescription.Candidates.ShouldHaveSingleItem()
            .Address.ShouldBe(Addresses.Of("198.51.100.7:4000"));
    }

    [Fact]
    public void A_name_goes_through_SDP_unchanged()
    {
        var node = new ConnectionNode(true, 1, "10.0.0.1:1000");
        node.Connection.HideAddresses(Names("10.0.0.1:0"));
        var hidden = node.Connection.LocalDescription;

        SdpDocument
            .TryParse(SdpDocument.WriteOffer(hidden), out var document, out var reason)
            .ShouldBeTrue(reason);
        document!.Description.ShouldBe(hidden);
        document.HostNameCandidates.ShouldBe(hidden.HostNames);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_that_hide_connect_as_soon_as_one_has_resolved_the_other_s_name(bool offererResolves)
    {
        var pair = new ConnectionPair();
        pair.Offerer.Connection.HideAddresses(Names("10.0.0.1:0"));
        pair.Answerer.Connection.HideAddresses(Names("10.0.0.2:0"));
        pair.Meet();
        pair.Network.Run(TimeSpan.FromSeconds(2));
        pair.Offerer.IsConnected.ShouldBeFalse();

        var (node, address) = offererResolves ? (pair.Offerer, "10.0.0.2:0") : (pair.Answerer, "10.0.0.1:0");
        var learnt = node.Events.OfType<PeerConnectionEvent.HostNameLearnt>().ShouldHaveSingleItem();
        learnt.Candidate.HostName.ShouldBe(Name);
        node.Connection.AddRemoteCandidate(learnt.Candidate.At(Addresses.Of(address)), pair.Network.Now);
        pair.Network.RunUntil(() => pair.Offerer.IsConnected && pair.Answerer.IsConnected, Limit)
            .ShouldBeTrue();
    }

    [Fact]
    public void Names_of_a_restart_are_told_and_resolved_for_it()
    {
        var pair = new ConnectionPair().Connect();
        var (one, other) = (pair.Offerer.Connection, pair.Answerer.Connection);
        one.HideAddresses(Names("10.0.0.1:0"));
        other.HideAddresses(Names("10.0.0.2:0"));
        one.TryOfferRestart(pair.Offerer.Addresses, [], pair.Network.Now, out var offer).ShouldBeTrue();
        other
            .TryAnswerRestart(offer!, pair.Answerer.Addresses, [], pair.Network.Now, out var answer)
            .ShouldBeTrue();
        one.TryCompleteRestart(answer!, pair.Network.Now).ShouldBeTrue();
        pair.Network.Run(TimeSpan.FromSeconds(1));
        one.LocalDescription.Ufrag.ShouldNotBe(offer!.Ufrag);

        var learnt = pair.Answerer.Events.OfType<PeerConnectionEvent.HostNameLearnt>().ShouldHaveSingleItem();
        other.AddRemoteCandidate(learnt.Candidate.At(Addresses.Of("10.0.0.1:0")), pair.Network.Now);
        pair.Network.Run(TimeSpan.FromSeconds(1));
        one.LocalDescription.Ufrag.ShouldBe(offer.Ufrag);
        other.LocalDescription.Ufrag.ShouldBe(answer!.Ufrag);
    }

    [Fact]
    public void At_most_ten_names_and_none_that_is_malformed_are_told()
    {
        var pair = new ConnectionPair();
        var good = new SdpHostNameCandidate(Name, 1000, IceCandidateType.Host, 1, "1");
        SdpHostNameCandidate[] bad =
        [
            good with
            {
                HostName = "example.org",
            },
            good with
            {
                HostName = "a.b.local",
            },
            good with
            {
                Port = 0,
            },
            good with
            {
                Priority = 0,
            },
            good with
            {
                Foundation = "",
            },
        ];
        bad.ShouldAllBe(each => !each.IsWellFormed);
        pair.Answerer.Connection.SetRemoteDescription(
            pair.Offerer.Connection.LocalDescription with
            {
                HostNames = [.. bad, .. Enumerable.Repeat(good, 20)],
            },
            pair.Network.Now
        );

        pair.Answerer.Events.OfType<PeerConnectionEvent.HostNameLearnt>()
            .Count()
            .ShouldBe(SdpLimits.MaxHostNames - bad.Length);
    }
}
