using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>The life of a first-contact request: waiting, answered, taken back (docs/state-machines/requests.md).</summary>
public sealed class RequestTests
{
    [Fact]
    public void A_request_is_listed_while_it_waits_and_after_it_was_answered_also_after_a_restart()
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Ask(world);
        var waiting = List(bob).Single();
        waiting.State.ShouldBe(RequestState.Waiting);
        waiting.PeerId.ShouldBe(alice.Id);
        waiting.Name.ShouldBe("alice");

        Answer(bob, waiting.Request, accept: true).ShouldBeOfType<NodeReply.Done>();
        List(bob)
            .Single()
            .ShouldBe(
                waiting with
                {
                    State = RequestState.Accepted,
                    AtUnixMilliseconds = world.Wall.UnixMilliseconds,
                }
            );
        var listed = List(bob);
        bob.Stop();
        bob.Start();
        List(bob).ShouldBe(listed);
    }

    [Fact]
    public void A_request_is_answered_by_its_name_or_by_the_full_id()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Ask(world);
        Answer(bob, alice.Id, accept: true).ShouldBeOfType<NodeReply.Done>();
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(10), "they meet");
        bob.Told<NodeEvent.RequestEnded>().Single().Accepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_same_answer_once_more_is_fine_and_the_other_one_is_refused(bool accept)
    {
        using var world = new EngineWorld(3);
        var (_, bob) = Ask(world);
        var request = List(bob).Single().Request;
        Answer(bob, request, accept);
        world.Run(TimeSpan.FromSeconds(2));
        var told = bob.Told<NodeEvent.RequestEnded>().Count();

        Answer(bob, request, accept).ShouldBeOfType<NodeReply.Done>();
        var refused = Answer(bob, request, !accept).ShouldBeOfType<NodeReply.Refused>();
        refused.Code.ShouldBe(RefusalCode.NoSuchRequest);
        refused.Text.ShouldContain("take that back first");
        bob.Told<NodeEvent.RequestEnded>().Count().ShouldBe(told);
        List(bob).Single().State.ShouldBe(accept ? RequestState.Accepted : RequestState.Declined);
    }

    [Fact]
    public void Whoever_was_declined_is_turned_away_unseen_until_it_is_taken_back()
    {
        using var world = new EngineWorld(4);
        var (alice, bob) = Ask(world);
        var request = List(bob).Single().Request;
        Answer(bob, request, accept: false);
        world.Run(TimeSpan.FromSeconds(2));
        bob.Stop();
        bob.Start();
        alice.Join(bob);
        world.RunUntil(
            () => alice.Told<NodeEvent.JoinFailed>().Count() == 2,
            TimeSpan.FromSeconds(20),
            "alice is turned away"
        );
        bob.Told<NodeEvent.RequestReceived>().Count().ShouldBe(1);

        Undo(bob, request).ShouldBeOfType<NodeReply.Done>();
        List(bob).ShouldBeEmpty();
        alice.Join(bob);
        world.RunUntil(() => List(bob).Length == 1, TimeSpan.FromSeconds(20), "alice asks again");
        List(bob).Single().Request.ShouldNotBe(request); // a name never means somebody else's request
        Answer(bob, alice.Id, accept: true);
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(10), "they meet");
    }

    [Fact]
    public void Anybody_is_nobody_who_was_declined()
    {
        using var world = new EngineWorld(5);
        var (alice, bob) = Ask(world);
        Answer(bob, alice.Id, accept: false);
        world.Run(TimeSpan.FromSeconds(2));
        bob.Stop();
        bob.AcceptAny = true;
        bob.Start();
        alice.Join(bob);
        world.RunUntil(
            () => alice.Told<NodeEvent.JoinFailed>().Count() == 2,
            TimeSpan.FromSeconds(20),
            "alice is turned away"
        );
        List(bob).Single().State.ShouldBe(RequestState.Declined);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whom_the_user_names_or_joins_is_welcome_though_declined_before(bool byName)
    {
        using var world = new EngineWorld(6);
        var (alice, bob) = Ask(world);
        Answer(bob, alice.Id, accept: false);
        world.Run(TimeSpan.FromSeconds(2));
        bob.Stop();
        bob.Accept = byName ? ["alice"] : [];
        bob.Start();
        if (!byName)
        {
            bob.Join(alice);
        }

        alice.Join(bob);
        world.RunUntil(
            () => alice.IsConnectedTo(bob) && bob.IsConnectedTo(alice),
            TimeSpan.FromSeconds(20),
            "they meet"
        );
        List(bob).Select(one => one.State).ShouldBe(byName ? [RequestState.Accepted] : []);
    }

    [Fact]
    public void An_accept_that_is_taken_back_ends_the_link_and_takes_the_chat_from_the_list()
    {
        using var world = new EngineWorld(7);
        var (alice, bob) = Meet(world);
        var chat = "@" + alice.Id;
        bob.Do(new NodeCommand.JoinRoom("dev"));
        Undo(bob, alice.Id).ShouldBeOfType<NodeReply.Done>();

        bob.Told<NodeEvent.ChatRemoved>().Single().Chat.ShouldBe(chat);
        Chats(bob).ShouldBe(["#dev"]);
        List(bob).ShouldBeEmpty();
        bob.Ask(new NodeCommand.ListContacts()).ShouldBeOfType<NodeReply.Contacts>().All.ShouldBeEmpty();
        bob.Ask(new NodeCommand.SendText(chat, "hi"))
            .ShouldBeOfType<NodeReply.Refused>()
            .Code.ShouldBe(RefusalCode.NoSuchChat);
        world.RunUntil(() => !alice.IsConnectedTo(bob), TimeSpan.FromSeconds(5), "the link is gone");
        alice.Say(bob, "are you there?");
        world.Run(TimeSpan.FromMinutes(2));
        bob.Shown().ShouldBe(["hello"]);
        bob.Engine.Load.Links.ShouldBe(0);
        bob.Stop();
        bob.Start();
        Chats(bob).ShouldBe(["#dev"]);
    }

    [Fact]
    public void The_history_and_what_did_not_arrive_come_back_with_the_contact()
    {
        using var world = new EngineWorld(8);
        var (alice, bob) = Meet(world);
        var chat = "@" + alice.Id;
        bob.Say(alice, "hi alice");
        world.Run(TimeSpan.FromSeconds(2));
        alice.Crash();
        world.Run(TimeSpan.FromSeconds(1));
        bob.Say(alice, "too late");
        Undo(bob, alice.Id);
        var since = bob.Events.Count;
        world.Run(TimeSpan.FromMinutes(1));
        bob.Events.Skip(since).OfType<NodeEvent.ChatChanged>().ShouldBeEmpty();

        alice.Start();
        bob.Join(alice.Id);
        world.RunUntil(() => alice.Shown().Count == 2, TimeSpan.FromSeconds(30), "they talk again");
        alice.Shown().ShouldBe(["hi alice", "too late"]);
        bob.History(chat).Select(one => one.Text).ShouldBe(["hello", "hi alice", "too late"]);
    }

    [Fact]
    public void Requests_accepted_unasked_are_listed_and_can_be_taken_back()
    {
        using var world = new EngineWorld(9);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var alice = world.Run("alice");
        alice.Join(bob);
        world.RunUntil(() => bob.IsConnectedTo(alice), TimeSpan.FromSeconds(10), "they meet");
        var listed = List(bob).Single();
        listed.State.ShouldBe(RequestState.Accepted);
        Undo(bob, listed.Request).ShouldBeOfType<NodeReply.Done>();
        Chats(bob).ShouldBeEmpty();
    }

    [Fact]
    public void There_is_nothing_to_take_back_while_a_request_waits_or_after_that()
    {
        using var world = new EngineWorld(10);
        var (alice, bob) = Ask(world);
        Undo(bob, alice.Id).ShouldBeOfType<NodeReply.Refused>().Text.ShouldContain("not answered yet");
        Answer(bob, alice.Id, accept: false);
        Undo(bob, alice.Id).ShouldBeOfType<NodeReply.Done>();
        Undo(bob, alice.Id).ShouldBeOfType<NodeReply.Refused>().Code.ShouldBe(RefusalCode.NoSuchRequest);
    }

    [Fact]
    public void A_request_whose_sender_left_ends_without_an_answer()
    {
        using var world = new EngineWorld(11);
        var (alice, bob) = Ask(world);
        var request = List(bob).Single().Request;
        alice.Stop();
        world.RunUntil(() => List(bob).Length == 0, TimeSpan.FromMinutes(2), "the request ends");
        Answer(bob, request, accept: true)
            .ShouldBeOfType<NodeReply.Refused>()
            .Text.ShouldContain("its sender has gone");
        bob.Ask(new NodeCommand.ListContacts()).ShouldBeOfType<NodeReply.Contacts>().All.ShouldBeEmpty();
    }

    [Fact]
    public void In_a_common_room_whoever_was_declined_can_ask_again_once_it_is_taken_back()
    {
        using var world = new EngineWorld(12);
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        alice.Do(new NodeCommand.JoinRoom("dev"));
        bob.Do(new NodeCommand.JoinRoom("dev"));
        world.RunUntil(
            () => alice.IsConnected("#dev") && bob.IsConnected("#dev"),
            TimeSpan.FromSeconds(10),
            "they meet in the room"
        );
        alice.Join(bob);
        world.RunUntil(() => List(bob).Length == 1, TimeSpan.FromSeconds(10), "alice asks");
        Answer(bob, alice.Id, accept: false);
        world.Run(TimeSpan.FromSeconds(2));
        alice.Told<NodeEvent.JoinFailed>().Single().Failure.ShouldBe(JoinFailure.Refused);

        Undo(bob, alice.Id);
        alice.Join(bob);
        world.RunUntil(() => List(bob).Length == 1, TimeSpan.FromSeconds(10), "alice asks again");
        Answer(bob, alice.Id, accept: true);
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(10), "alice hears it");
        alice.Say(bob, "thanks");
        world.RunUntil(() => bob.Shown().Contains("thanks"), TimeSpan.FromSeconds(10), "they talk");
        alice.IsConnected("#dev").ShouldBeTrue();

        Undo(bob, alice.Id);
        alice.Say("#dev", "still here");
        world.RunUntil(
            () => bob.Shown("#dev").Contains("still here"),
            TimeSpan.FromSeconds(30),
            "the room goes on"
        );
        Chats(bob).ShouldBe(["#dev"]);
    }

    private static (SimulatedNode Alice, SimulatedNode Bob) Ask(EngineWorld world)
    {
        var bob = world.Run("bob");
        var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
        alice.Join(bob);
        world.RunUntil(() => List(bob).Length == 1, TimeSpan.FromSeconds(10), "alice asks");
        return (alice, bob);
    }

    private static (SimulatedNode Alice, SimulatedNode Bob) Meet(EngineWorld world)
    {
        var (alice, bob) = Ask(world);
        alice.Say("?bob", "hello");
        Answer(bob, alice.Id, accept: true);
        world.RunUntil(() => bob.Shown().Count == 1, TimeSpan.FromSeconds(10), "they talk");
        return (alice, bob);
    }

    private static RequestSummary[] List(SimulatedNode node) =>
        node.Ask(new NodeCommand.ListRequests()).ShouldBeOfType<NodeReply.Requests>().All;

    private static NodeReply Answer(SimulatedNode node, string request, bool accept) =>
        node.Ask(new NodeCommand.AnswerRequest(request, accept));

    private static NodeReply Undo(SimulatedNode node, string request) =>
        node.Ask(new NodeCommand.UndoAnswer(request));

    private static string[] Chats(SimulatedNode node) =>
        [
            .. node.Ask(new NodeCommand.ListChats())
                .ShouldBeOfType<NodeReply.Chats>()
                .All.Select(chat => chat.Chat),
        ];
}
