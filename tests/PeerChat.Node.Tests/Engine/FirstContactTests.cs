using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Identity;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Two people meet for the first time, by name, on one network.</summary>
public sealed class FirstContactTests
{
    [Fact]
    public void A_message_to_somebody_who_accepts_anybody_is_shown_once_and_marked_delivered()
    {
        using var world = new EngineWorld(1);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
        alice.Join("bob");
        alice.Say("?bob", "hello");
        world.RunUntil(
            () => alice.Told<NodeEvent.MessageStateChanged>().Any(e => e.State == DeliveryState.Delivered),
            TimeSpan.FromSeconds(10),
            "delivered"
        );
        world.Run(TimeSpan.FromSeconds(5));

        bob.Shown().ShouldBe(["hello"]);
        alice.History("@" + bob.Id).Single().State.ShouldBe(DeliveryState.Delivered);
        alice.Told<NodeEvent.JoinFailed>().ShouldBeEmpty();
    }

    [Fact]
    public void What_is_still_addressed_to_the_name_when_the_person_is_met_goes_to_the_person()
    {
        using var world = new EngineWorld(1);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
        alice.Join("bob");
        alice.Say("?bob", "before");
        world.RunUntil(
            () => alice.Told<NodeEvent.ChatReplaced>().Any(),
            TimeSpan.FromSeconds(10),
            "bob is met"
        );

        alice.Say("?bob", "on its way meanwhile");
        world.RunUntil(() => bob.Shown().Count == 2, TimeSpan.FromSeconds(10), "both are shown");

        bob.Shown().ShouldBe(["before", "on its way meanwhile"]);
    }

    [Fact]
    public void What_is_still_addressed_to_the_name_when_the_person_is_met_waits_for_the_answer_whether_it_goes_out()
    {
        using var world = new EngineWorld(1);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var alice = world.Run("alice");
        alice.Join("bob");
        world.RunUntil(
            () => alice.Told<NodeEvent.ChatReplaced>().Any(),
            TimeSpan.FromSeconds(10),
            "bob is met"
        );

        alice.Say("?bob", "written to a name");
        world.Run(TimeSpan.FromSeconds(10));

        bob.Shown().ShouldBeEmpty();
        var question = alice.Told<NodeEvent.OutboxQuestion>().Single();
        alice.Do(new NodeCommand.ReleaseOutbox(question.Chat, true));
        world.RunUntil(() => bob.Shown().Count == 1, TimeSpan.FromSeconds(10), "it is shown");
    }

    [Theory]
    [InlineData(1)]
    public void Two_who_join_each_other_get_exactly_one_conversation(int first)
    {
        foreach (var seed in Seeds.From(first, 30))
        {
            using var world = new EngineWorld(
                seed,
                maxDelay: TimeSpan.FromMilliseconds(seed % 3 == 0 ? 80 : 3),
                duplication: 0.1
            );
            var random = new Random(seed);
            var alice = world.Add("alice");
            var bob = world.Add("bob");
            var (one, other) = seed % 2 == 0 ? (alice, bob) : (bob, alice);
            one.Start();
            one.Join(other);
            world.Run(TimeSpan.FromMilliseconds(random.Next(seed % 5 == 0 ? 3_000 : 200)));
            other.Start();
            other.Join(one);
            world.RunUntil(
                () => alice.IsConnectedTo(bob) && bob.IsConnectedTo(alice),
                TimeSpan.FromSeconds(20),
                "both are connected"
            );
            alice.Say(bob, "from alice");
            bob.Say(alice, "from bob");
            world.Run(TimeSpan.FromSeconds(20));

            var because = $"seed {seed}\n{world.Describe()}";
            bob.Shown().ShouldBe(["from alice"], because);
            alice.Shown().ShouldBe(["from bob"], because);
            alice.IsConnectedTo(bob).ShouldBeTrue(because);
            bob.IsConnectedTo(alice).ShouldBeTrue(because);
            alice.Told<NodeEvent.JoinFailed>().ShouldBeEmpty(because);
            alice.Told<NodeEvent.Notice>().ShouldBeEmpty(because);
            bob.Told<NodeEvent.Notice>().ShouldBeEmpty(because);
        }
    }

    [Fact]
    public void A_request_is_all_that_is_shown_before_it_is_accepted()
    {
        using var world = new EngineWorld(3);
        var bob = world.Run("bob");
        var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
        alice.Join("bob");
        alice.Say("?bob", "read me");
        world.RunUntil(() => Requests(bob).Count > 0, TimeSpan.FromSeconds(10), "a request");
        world.Run(TimeSpan.FromSeconds(60));

        var request = Requests(bob).Single();
        request.Name.ShouldBe("alice");
        request.PeerId.ShouldBe(alice.Id);
        bob.Shown().ShouldBeEmpty();
        bob.Told<NodeEvent.ChatChanged>().ShouldBeEmpty();
        alice.Chat("?bob")!.Connection.ShouldBe(ConnectionState.Waiting);

        bob.Do(new NodeCommand.AnswerRequest(request.Request, Accept: true));
        world.RunUntil(() => bob.Shown().Count > 0, TimeSpan.FromSeconds(5), "the message");
        bob.Say(alice, "done");
        world.Run(TimeSpan.FromSeconds(5));
        bob.Shown().ShouldBe(["read me"]);
        alice.Shown().ShouldBe(["done"]);
        bob.Told<NodeEvent.RequestEnded>().Single().Accepted.ShouldBeTrue();
    }

    [Fact]
    public void Whoever_is_declined_learns_it_at_once_and_does_not_dial_again()
    {
        using var world = new EngineWorld(4);
        var bob = world.Run("bob");
        var alice = world.Run("alice");
        alice.Join("bob");
        world.RunUntil(() => Requests(bob).Count > 0, TimeSpan.FromSeconds(10), "a request");
        bob.Do(new NodeCommand.AnswerRequest(Requests(bob)[0].Request, Accept: false));
        world.RunUntil(
            () => alice.Told<NodeEvent.JoinFailed>().Any(),
            TimeSpan.FromSeconds(1),
            "alice is told"
        );
        alice.Told<NodeEvent.JoinFailed>().Single().Failure.ShouldBe(JoinFailure.Refused);
        var offers = 0;
        world.Lan.Interceptor = datagram =>
        {
            offers += datagram.From == alice.Address && IsOffer(datagram.Payload) ? 1 : 0;
            return datagram;
        };
        world.Run(TimeSpan.FromMinutes(10));

        offers.ShouldBe(0);
        Requests(bob).Count.ShouldBe(1);
        alice.Chat("?bob")!.Connection.ShouldBe(ConnectionState.Failed);

        // Asking again is the user's to do, and once was enough for the other.
        alice.Join("bob");
        world.RunUntil(
            () => alice.Told<NodeEvent.JoinFailed>().Count() == 2,
            TimeSpan.FromSeconds(10),
            "alice is declined again"
        );
        Requests(bob).Count.ShouldBe(1);
    }

    [Fact]
    public void Whoever_was_declined_does_not_dial_again_because_the_other_starts_anew()
    {
        using var world = new EngineWorld(5);
        var bob = world.Run("bob");
        var alice = world.Run("alice");
        alice.Join("bob");
        world.RunUntil(() => Requests(bob).Count > 0, TimeSpan.FromSeconds(10), "a request");
        bob.Do(new NodeCommand.AnswerRequest(Requests(bob)[0].Request, Accept: false));
        world.Run(TimeSpan.FromSeconds(2));
        bob.Stop();
        bob.Start();
        world.Run(TimeSpan.FromSeconds(30));

        Requests(bob).Count.ShouldBe(1);
    }

    [Fact]
    public void A_stranger_does_not_learn_who_answers_before_being_accepted()
    {
        using var world = new EngineWorld(6);
        var bob = world.Run("bob", node => node.AnnounceName = false);
        var alice = world.Run("alice", node => node.AnnounceName = false);
        var signals = new Signals(DerivedKeys.OfNames("alice", "bob"));
        var answers = 0;
        world.Lan.Interceptor = datagram =>
        {
            if (
                datagram.From == bob.Address
                && signals.Open(datagram.Payload) is { Signal.Kind: SignalKind.Answer } answer
            )
            {
                answers++;
                answer.Body.Sender.Value.IsZero.ShouldBeTrue();
            }

            return datagram;
        };
        alice.Join("bob");
        alice.Do(new NodeCommand.JoinPeer("bob", bob.Address.ToString()));
        world.RunUntil(() => Requests(bob).Count > 0, TimeSpan.FromSeconds(10), "a request");
        world.Run(TimeSpan.FromSeconds(30));

        var learned = System.Text.Json.JsonSerializer.Serialize<object[]>([.. alice.Events]);
        learned.ShouldNotContain(bob.Id);
        learned.ShouldNotContain(PeerIdText.ShortForm(bob.PeerId));
        answers.ShouldBeGreaterThan(0);
        alice.Store.Contacts.ReadAll().ShouldBeEmpty();
    }

    [Fact]
    public void Of_two_who_claim_a_name_none_is_dialled_before_one_is_chosen()
    {
        using var world = new EngineWorld(7);
        var one = world.Run("bob", node => node.AcceptAny = true);
        var two = world.Run("Bob", node => node.AcceptAny = true);
        var alice = world.Run("alice");
        var signals = 0;
        world.Lan.Interceptor = datagram =>
        {
            signals += datagram.From == alice.Address && IsOffer(datagram.Payload) ? 1 : 0;
            return datagram;
        };
        alice.Join("bob");
        world.Run(TimeSpan.FromSeconds(30));

        var choice = alice.Told<NodeEvent.ChoiceNeeded>().ShouldHaveSingleItem();
        choice.Claims.Select(claim => claim.PeerId).ShouldBe([one.Id, two.Id], ignoreOrder: true);
        var failed = alice.Told<NodeEvent.JoinFailed>().ShouldHaveSingleItem();
        failed.Failure.ShouldBe(JoinFailure.Ambiguous);
        failed.Claims.Select(claim => claim.PeerId).ShouldBe([one.Id, two.Id], ignoreOrder: true);
        signals.ShouldBe(0);

        alice.Do(new NodeCommand.ChoosePeer(choice.Target, two.Id));
        world.RunUntil(() => alice.IsConnectedTo(two), TimeSpan.FromSeconds(10), "the chosen one");
        world.Run(TimeSpan.FromSeconds(10));
        one.Told<NodeEvent.ChatChanged>().ShouldBeEmpty();
        alice.Chat("@" + one.Id).ShouldBeNull();
    }

    [Fact]
    public void A_known_name_with_another_key_is_told_and_never_connected()
    {
        using var world = new EngineWorld(8);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        bob.Stop();
        world.Run(TimeSpan.FromSeconds(5));
        var other = world.Run(
            "bob",
            node =>
            {
                node.AcceptAny = true;
                node.Address = bob.Address;
            }
        );
        alice.Join("bob");
        world.Run(TimeSpan.FromSeconds(30));

        var failed = alice.Told<NodeEvent.JoinFailed>().ShouldHaveSingleItem();
        failed.Failure.ShouldBe(JoinFailure.IdentityMismatch);
        failed.Text.ShouldContain(other.Id);
        failed.Claims.Single().PeerId.ShouldBe(other.Id);
        other.Told<NodeEvent.ChatChanged>().ShouldBeEmpty();
        alice.Chat("@" + other.Id).ShouldBeNull();

        // The other key can be joined, by its full id.
        alice.Join(other.Id);
        world.RunUntil(
            () => alice.IsConnectedTo(other) && other.IsConnectedTo(alice),
            TimeSpan.FromSeconds(10),
            "the new key is met by its id"
        );
    }

    [Fact]
    public void A_full_id_is_joined_without_knowing_the_name()
    {
        using var world = new EngineWorld(9);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var alice = world.Run("alice");
        world.Run("bob"); // another claimant does not matter
        alice.Join(bob.Id);
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(10), "connected");
        alice.Told<NodeEvent.ChoiceNeeded>().ShouldBeEmpty();
    }

    [Fact]
    public void Two_who_do_not_announce_their_names_find_each_other_by_tags()
    {
        using var world = new EngineWorld(10);
        var alice = world.Run("alice", node => node.AnnounceName = false);
        var bob = world.Run("bob", node => node.AnnounceName = false);
        world.Befriend(alice, bob);
        bob.Stop();
        world.Run(TimeSpan.FromSeconds(5));
        bob.Start();
        world.RunUntil(
            () => alice.IsConnectedTo(bob) && bob.IsConnectedTo(alice),
            TimeSpan.FromSeconds(10),
            "contacts meet again without names"
        );
    }

    [Fact]
    public void An_address_is_dialled_directly_and_once_connected_not_again()
    {
        using var world = new EngineWorld(11);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var alice = world.Run("alice");
        world.Resolve = host => host == "bobs-machine" ? bob.Address : null;
        alice.Do(new NodeCommand.JoinPeer("bob", "bobs-machine"));
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(10), "connected");
        world.Run(TimeSpan.FromSeconds(5));
        var offers = 0;
        world.Lan.Interceptor = datagram =>
        {
            offers += IsOffer(datagram.Payload) ? 1 : 0;
            return datagram;
        };
        var carol = world.Run("carol", node => node.AcceptAny = true);
        world.Run(TimeSpan.FromMinutes(2));
        offers.ShouldBe(0);

        // A link to somebody else that ends is no reason either.
        alice.Join(carol);
        world.RunUntil(() => alice.IsConnectedTo(carol), TimeSpan.FromSeconds(10), "carol");
        carol.Stop();
        offers = 0;
        world.Run(TimeSpan.FromMinutes(1));
        offers.ShouldBe(0);
        alice.IsConnectedTo(bob).ShouldBeTrue();
    }

    private static List<NodeEvent.RequestReceived> Requests(SimulatedNode node) =>
        [.. node.Told<NodeEvent.RequestReceived>()];

    private static bool IsOffer(byte[] payload) =>
        SignalDatagram.TryParse(payload, out var signal) && signal.Kind == SignalKind.Offer;
}
