using PeerChat.Node.Meeting;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Signalling;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Somebody between two nodes who reads and rewrites what they say to find each other.</summary>
public sealed class HostileSignallingTests
{
    private static readonly Signals BareNames = new(DerivedKeys.OfNames("alice", "bob"));

    [Theory]
    [InlineData("offer", true)]
    [InlineData("offer", false)]
    [InlineData("answer", true)]
    [InlineData("answer", false)]
    [InlineData("offer, and the answer made to fit", true)]
    [InlineData("offer, and the answer made to fit", false)]
    public void Nothing_is_said_when_the_certificate_was_exchanged_in_the(string where, bool isMutual)
    {
        using var world = new EngineWorld(where.Length);
        var original = new Dictionary<OfferId, SignalBody>();
        world.Lan.Interceptor = datagram =>
        {
            if (BareNames.Open(datagram.Payload) is not { } opened)
            {
                return datagram;
            }

            var isOffer = opened.Signal.Kind == SignalKind.Offer;
            if (isOffer)
            {
                original[opened.Body.OfferId] = opened.Body;
            }

            if (isOffer ? where == "answer" : where == "offer")
            {
                return datagram;
            }

            var description =
                isOffer || where == "answer"
                    ? Signals.Change(opened.Description, fingerprint: new byte[32])
                    : opened.Description;
            var forged = DescriptionCodec.Write(description);
            var body = isOffer
                ? SignalBody.Offer(opened.Body.OfferId, opened.Body.Sender, forged)
                : SignalBody.Answer(original[opened.Body.OfferId], opened.Body.Sender, forged);
            return datagram with { Payload = BareNames.Reseal(opened.Signal, body) };
        };
        var (alice, bob) = Meet(world, isMutual);
        world.Run(TimeSpan.FromSeconds(60));

        original.ShouldNotBeEmpty();
        NothingWasSaid(world, alice, bob);
        ReadsWhy(alice);
        ReadsWhy(bob);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_terminates_both_ends_and_relays_hears_nothing_and_both_are_told(bool isMutual)
    {
        using var world = new EngineWorld(3);
        var attacker = new ManInTheMiddle(world, DerivedKeys.OfNames("alice", "bob"));
        var (alice, bob) = Meet(world, isMutual);
        world.RunUntil(() => attacker.IsBetween, TimeSpan.FromSeconds(10), "the attacker is in between");
        world.Run(TimeSpan.FromSeconds(60));

        NothingWasSaid(world, alice, bob);
        ReadsWhy(alice);
        ReadsWhy(bob);

        // HELLO and AUTH of the one who dialled, HELLO of the other: no identity that was not meant for a stranger, no text.
        attacker.FromDialler.Count.ShouldBe(2);
        attacker.FromListener.Count.ShouldBe(1);
    }

    [Fact]
    public void What_contacts_send_to_find_each_other_cannot_be_opened_or_changed()
    {
        using var world = new EngineWorld(4);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        alice.Crash();
        bob.Crash();
        world.Run(TimeSpan.FromSeconds(5));
        var (signals, answers) = (0, 0);
        world.Lan.Interceptor = datagram =>
        {
            if (!SignalDatagram.TryParse(datagram.Payload, out var signal) || signal.Kind == SignalKind.Open)
            {
                return datagram;
            }

            signals++;
            answers += signal.Kind == SignalKind.Answer ? 1 : 0;
            BareNames.Open(datagram.Payload).ShouldBeNull();
            signal.DiallerName.ShouldBeNull();
            datagram.Payload[^(1 + (signals % 1000))] ^= 1;
            return datagram;
        };
        alice.Start();
        bob.Start();
        alice.Join("bob");
        var dropped = (alice.Engine.DroppedDatagrams, bob.Engine.DroppedDatagrams);
        world.Run(TimeSpan.FromSeconds(30));

        signals.ShouldBeGreaterThan(5);
        answers.ShouldBe(0);
        alice.IsConnectedTo(bob).ShouldBeFalse();
        (alice.Engine.DroppedDatagrams + bob.Engine.DroppedDatagrams).ShouldBeGreaterThan(
            dropped.Item1 + dropped.Item2
        );

        world.Lan.Interceptor = null;
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(60), "without the attacker");
    }

    [Fact]
    public void Who_answers_in_the_place_of_an_announced_id_is_refused()
    {
        using var world = new EngineWorld(5);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var impostor = world.Run(
            "Bob",
            node =>
            {
                node.AcceptAny = true;
                node.AnnounceName = false;
            }
        );
        var alice = world.Add("alice", node => node.ReleaseOutboxUnasked = true);

        // Offers for bob arrive at the impostor, and the answers seem to come from bob.
        world.Lan.Interceptor = datagram =>
            datagram.From == alice.Address && datagram.To == bob.Address
                ? datagram with
                {
                    To = impostor.Address,
                }
            : datagram.From == impostor.Address && SignalDatagram.IsSignal(datagram.Payload)
                ? datagram with
                {
                    From = bob.Address,
                }
            : datagram;
        alice.Start();
        alice.Join("bob");
        alice.Say("?bob", "secret");
        world.Run(TimeSpan.FromSeconds(30));

        impostor.Shown().ShouldBeEmpty();
        alice.Told<NodeEvent.JoinFailed>().ShouldHaveSingleItem();
        alice.Store.Contacts.ReadAll().ShouldBeEmpty();
    }

    [Fact]
    public void An_offer_that_names_a_friends_address_does_not_cut_the_friend_off()
    {
        using var world = new EngineWorld(6);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        var told = bob.Events.Count;
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 3; i++)
            {
                new HostilePeer(world, "mallory", 66 + (round * 3) + i).Dial(
                    bob,
                    description =>
                        Signals.Change(
                            description,
                            candidates: [description.Candidates[0] with { Address = alice.Address }]
                        )
                );
            }

            world.Run(TimeSpan.FromSeconds(1));
            alice.Say(bob, $"a{round}");
            bob.Say(alice, $"b{round}");
            world.Run(TimeSpan.FromSeconds(3));
            bob.Shown().Count.ShouldBe(round + 1);
            alice.Shown().Count.ShouldBe(round + 1);
        }

        world.Run(TimeSpan.FromMinutes(2));
        bob.Events.Skip(told)
            .OfType<NodeEvent.ChatChanged>()
            .Select(changed => $"{changed.Chat.Connection} {changed.Chat.Detail}")
            .ShouldAllBe(state => state.StartsWith("Connected direct", StringComparison.Ordinal));
    }

    private static (SimulatedNode Alice, SimulatedNode Bob) Meet(EngineWorld world, bool isMutual)
    {
        var bob = world.Run("bob", node => (node.AcceptAny, node.ReleaseOutboxUnasked) = (true, true));
        var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
        alice.Join("bob");
        alice.Say("?bob", "secret of alice");
        if (isMutual)
        {
            bob.Join("alice");
            bob.Say("?alice", "secret of bob");
        }

        return (alice, bob);
    }

    private static void NothingWasSaid(EngineWorld world, params SimulatedNode[] nodes)
    {
        foreach (var node in nodes)
        {
            node.Shown().ShouldBeEmpty(world.Describe());
            node.Told<NodeEvent.MessageStateChanged>().ShouldBeEmpty();
            node.Told<NodeEvent.MessageReplaced>().ShouldBeEmpty();
            node.Told<NodeEvent.ChatChanged>()
                .ShouldAllBe(changed => changed.Chat.Connection != ConnectionState.Connected);
            node.Store.Contacts.ReadAll().ShouldBeEmpty();
        }
    }

    private static void ReadsWhy(SimulatedNode node)
    {
        var sentences = node.Told<NodeEvent.Notice>()
            .Where(notice => notice.Code == NoticeCode.ConnectionRefused)
            .Select(notice => notice.Text)
            .Concat(node.Told<NodeEvent.JoinFailed>().Select(failed => failed.Text))
            .ToList();
        sentences.ShouldNotBeEmpty($"{node.Name} reads nothing");
        sentences.Count.ShouldBeLessThan(6);
    }
}
