using System.Net;
using PeerChat.Node.Engine;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rendezvous.Lan.Dns;
using PeerChat.Rooms.Signalling;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Sdp;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Addresses behind names of multicast DNS: hidden from who is elsewhere, and resolved on one's own network.</summary>
public sealed class HostNameTests
{
    private static readonly Signals BareNames = new(DerivedKeys.OfNames("alice", "bob"));

    private static TransportAddress At(string address, int port = NodeEngine.DefaultPort) =>
        new(IPAddress.Parse(address), port);

    [Fact]
    public void Two_that_hide_meet_by_the_address_that_was_dialled_and_tell_no_other()
    {
        using var world = new EngineWorld(501);
        var told = Listen(world);
        var alice = world.Run("alice", node => node.HideAddresses = true);
        var bob = world.Run(
            "bob",
            node => (node.HideAddresses, node.AcceptAny, node.Address) = (true, true, At("10.1.0.2"))
        );
        alice.Do(new NodeCommand.JoinPeer("bob", "10.1.0.2"));
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(10), "they meet");
        alice.Say(bob, "hello from behind a name");
        world.RunUntil(() => bob.Shown().Count == 1, TimeSpan.FromSeconds(10), "the text arrives");

        told.Count.ShouldBeGreaterThanOrEqualTo(2); // an offer and an answer
        told.ShouldAllBe(each => each.Candidates.Count == 0 && each.HostNames.Count == 1);
    }

    [Fact]
    public void On_one_network_addresses_are_told_as_ever()
    {
        using var world = new EngineWorld(502);
        var told = Listen(world);
        var alice = world.Run("alice", node => node.HideAddresses = true);
        var bob = world.Run("bob", node => (node.HideAddresses, node.AcceptAny) = (true, true));
        world.Befriend(alice, bob);

        told.ShouldNotBeEmpty();
        told.ShouldAllBe(each => each.Candidates.Count == 1 && each.HostNames.Count == 0);
    }

    [Fact]
    public void A_name_in_an_offer_is_asked_for_on_the_local_network_and_the_address_behind_it_is_tried()
    {
        const string Name = "9f3c2b1a-0000-4000-8000-000000000001.local";
        const int Port = 4321;
        using var world = new EngineWorld(503);
        var hidden = new SdpHostNameCandidate(Name, Port, IceCandidateType.Host, 99, "1");
        var checks = 0;
        world.Lan.Interceptor = datagram =>
        {
            checks += datagram.To == At("10.0.0.77", Port) ? 1 : 0;
            return BareNames.Open(datagram.Payload) is { Signal.Kind: SignalKind.Offer } opened
                ? datagram with
                {
                    Payload = BareNames.Reseal(
                        opened.Signal,
                        SignalBody.Offer(
                            opened.Body.OfferId,
                            opened.Body.Sender,
                            DescriptionCodec.Write(opened.Description with { HostNames = [hidden] })
                        )
                    ),
                }
                : datagram;
        };
        var alice = world.Run("alice");
        var bob = world.Run("bob", node => node.AcceptAny = true);
        alice.Join("bob");
        // Alice will refuse the answer, since the offer in it is not hers; that is another matter.
        world.RunUntil(() => bob.Engine.Load.Links == 1, TimeSpan.FromSeconds(10), "bob takes the offer in");
        checks.ShouldBe(0);

        world.Lan.Multicast(world.Now, At("10.0.0.77", MulticastDatagram.Port), Answer(Name, "10.0.0.77"));
        world.RunUntil(() => checks > 0, TimeSpan.FromSeconds(5), "the address behind the name is tried");
    }

    [Fact]
    public void Descriptions_keep_names_on_their_way()
    {
        using var connection = new PeerConnection(
            isOfferer: true,
            [At("10.0.0.1")],
            new TestKit.SeededEntropy(1),
            Instant.Origin
        );
        connection.HideAddresses(
            new Dictionary<TransportAddress, string> { [At("10.0.0.1", 0)] = "a-1.local" }
        );
        var description = connection.LocalDescription;
        description.HostNames.Count.ShouldBe(1);

        DescriptionCodec.Read(DescriptionCodec.Write(description)).ShouldBe(description);
    }

    [Theory]
    [InlineData("example.org", 1, 1, "1")]
    [InlineData("a.local", 0, 1, "1")]
    [InlineData("a.local", 65_536, 1, "1")]
    [InlineData("a.local", 1, 0, "1")]
    [InlineData("a.local", 1, 1, "")]
    public void A_description_with_a_malformed_name_is_none(
        string name,
        uint port,
        uint priority,
        string foundation
    )
    {
        using var connection = new PeerConnection(
            isOfferer: true,
            [At("10.0.0.1")],
            new TestKit.SeededEntropy(1),
            Instant.Origin
        );
        var message = Meeting.Wire.Description.Parser.ParseFrom(
            DescriptionCodec.Write(connection.LocalDescription)
        );
        var hidden = new Meeting.Wire.HostName
        {
            Name = name,
            Port = port,
            Priority = priority,
            Foundation = foundation,
        };
        message.HostNames.Add(hidden);
        DescriptionCodec.Read(Google.Protobuf.MessageExtensions.ToByteArray(message)).ShouldBeNull();

        message.HostNames[0] = new Meeting.Wire.HostName
        {
            Name = "a.local",
            Port = 1,
            Priority = 1,
            Foundation = "1",
        };
        DescriptionCodec.Read(Google.Protobuf.MessageExtensions.ToByteArray(message)).ShouldNotBeNull();
        message.HostNames.AddRange(Enumerable.Repeat(message.HostNames[0], SdpLimits.MaxHostNames));
        DescriptionCodec.Read(Google.Protobuf.MessageExtensions.ToByteArray(message)).ShouldBeNull(); // one too many
    }

    private static List<SessionDescription> Listen(EngineWorld world)
    {
        List<SessionDescription> told = [];
        world.Lan.Interceptor = datagram =>
        {
            if (BareNames.Open(datagram.Payload) is { } opened)
            {
                told.Add(opened.Description);
            }

            return datagram;
        };
        return told;
    }

    private static byte[] Answer(string name, string address) =>
        LanPackets.Responses(
            [DnsRecord.Address(HostNameResolver.NameOf(name)!, At(address), LanRecordSet.HostTtl)],
            []
        )[0];
}
