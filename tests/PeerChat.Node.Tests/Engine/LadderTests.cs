using System.Net;
using Google.Protobuf;
using PeerChat.Node.Engine;
using PeerChat.Node.Links.Wire;
using PeerChat.Node.Meeting;
using PeerChat.Primitives;
using PeerChat.Rooms.Signalling;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Meeting beyond the local network: every node here is deaf to multicast.</summary>
public sealed class LadderTests
{
    private const string Server = "peers.example.org";
    private static readonly ServiceHint PeerServer = new(Rung.PeerServer, $"wss://{Server}/");
    private static readonly ServiceHint Tracker = new(Rung.Tracker, "wss://tracker.example.org/");
    private static readonly string[] Five = ["ann", "ben", "cat", "dan", "eve"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(701)]
    [InlineData(702)]
    public void Two_homes_meet_by_one_link_through_the_server_that_it_names(int seed)
    {
        using var world = new EngineWorld(seed);
        var alice = Far(world, "alice", PeerServer);
        var bob = Far(world, "bob"); // knows no service but that of the link

        var link = LinkOf(alice);
        bob.Ask(new NodeCommand.JoinLink(link)).ShouldBeOfType<NodeReply.Opened>();

        MeetAndTalk(world, alice, bob);
        bob.Told<NodeEvent.ChatReplaced>().ShouldHaveSingleItem();
        TrustOf(bob, alice).ShouldBe(TrustState.Introduced);
        TrustOf(alice, bob).ShouldBe(TrustState.Introduced);
    }

    [Theory]
    [InlineData(703)]
    public void Contacts_meet_again_through_the_server_after_both_were_restarted(int seed)
    {
        using var world = new EngineWorld(seed);
        var alice = Far(world, "alice", PeerServer);
        var bob = Far(world, "bob");
        bob.Ask(new NodeCommand.JoinLink(LinkOf(alice)));
        MeetAndTalk(world, alice, bob);

        alice.Stop();
        bob.Stop();
        Forget(world, alice, bob);
        bob.Start();
        alice.Start();

        world.RunUntil(
            () => alice.IsConnectedTo(bob) && bob.IsConnectedTo(alice),
            Patience,
            "they meet again"
        );
    }

    [Theory]
    [InlineData(724)]
    public void Members_of_a_room_meet_again_through_the_service_that_its_link_named(int seed)
    {
        using var world = new EngineWorld(seed);
        var alice = Far(world, "alice", PeerServer);
        var bob = Far(world, "bob"); // knows no service but that of the link
        var room = alice.Ask(new NodeCommand.CreateRoom("crew")).ShouldBeOfType<NodeReply.Opened>().Chat.Chat;
        bob.Ask(
            new NodeCommand.JoinLink(
                alice.Ask(new NodeCommand.Invite("crew")).ShouldBeOfType<NodeReply.Invited>().Link
            )
        );
        world.RunUntil(() => alice.IsConnected(room) && bob.IsConnected(room), Patience, "bob is let in");
        world.Run(TimeSpan.FromSeconds(5));

        alice.Stop();
        bob.Stop();
        Forget(world, alice, bob);
        bob.Start();
        alice.Start();

        world.RunUntil(
            () => alice.IsConnected(room) && bob.IsConnected(room),
            Patience,
            "they meet again in the room"
        );
    }

    [Theory]
    [InlineData(704)]
    [InlineData(705)]
    public void A_tracker_serves_as_well(int seed)
    {
        using var world = new EngineWorld(seed);
        var alice = Far(world, "alice", Tracker);
        var bob = Far(world, "bob");
        bob.Ask(new NodeCommand.JoinLink(LinkOf(alice)));
        MeetAndTalk(world, alice, bob);
    }

    [Fact]
    public void Who_has_met_leaves_the_services()
    {
        using var world = new EngineWorld(706);
        var alice = Far(world, "alice", PeerServer, Tracker);
        var bob = Far(world, "bob", PeerServer, Tracker);
        bob.Ask(new NodeCommand.JoinLink(LinkOf(alice)));
        MeetAndTalk(world, alice, bob);

        world.Run(TimeSpan.FromMinutes(2));

        world.Services.ConnectedTo(Server).ShouldBe(0);
        world.Services.ConnectedTo("tracker.example.org").ShouldBe(0);
    }

    [Fact]
    public void No_service_hears_a_name_a_key_or_an_address()
    {
        // Names that sealed bytes in base64 do not hold by chance, as they hold "bob"
        const string Alice = "alexandrina";
        const string Bob = "bartholomew";
        using var world = new EngineWorld(707);
        var alice = Far(world, Alice, PeerServer, Tracker);
        var bob = Far(world, Bob);
        bob.Ask(new NodeCommand.JoinLink(LinkOf(alice)));
        MeetAndTalk(world, alice, bob);

        world.Services.Said.ShouldNotBeEmpty();
        foreach (var (_, _, text) in world.Services.Said)
        {
            text.ShouldNotContain(Alice);
            text.ShouldNotContain(Bob);
            text.ShouldNotContain(alice.Id);
            text.ShouldNotContain("10.0.");
            System.Text.Encoding.UTF8.GetByteCount(text).ShouldBeLessThan(16 * 1024);
        }
    }

    [Fact]
    public void A_contact_link_admits_so_many_and_no_more()
    {
        using var world = new EngineWorld(708);
        var alice = Far(world, "alice", PeerServer);
        var bob = Far(world, "bob");
        var carol = Far(world, "carol");
        var link = LinkOf(alice);
        bob.Ask(new NodeCommand.JoinLink(link));
        MeetAndTalk(world, alice, bob);

        carol.Ask(new NodeCommand.JoinLink(link));
        world.Run(TimeSpan.FromMinutes(1));

        carol.IsConnectedTo(alice).ShouldBeFalse();
        alice.Ask(new NodeCommand.ListContacts()).ShouldBeOfType<NodeReply.Contacts>().All.Length.ShouldBe(1);
        alice
            .Ask(new NodeCommand.ListInvitations())
            .ShouldBeOfType<NodeReply.Invitations>()
            .All.ShouldBeEmpty();
    }

    [Fact]
    public void A_link_that_has_ended_is_told_at_once()
    {
        using var world = new EngineWorld(709);
        var (alice, bob) = (Far(world, "alice", PeerServer), Far(world, "bob"));
        var link = alice
            .Ask(new NodeCommand.Invite(null, ExpiresSeconds: 120))
            .ShouldBeOfType<NodeReply.Invited>()
            .Link;
        world.Run(TimeSpan.FromMinutes(3));

        bob.Ask(new NodeCommand.JoinLink(link))
            .ShouldBeOfType<NodeReply.Refused>()
            .Text.ShouldContain("ended on");
    }

    [Fact]
    public void A_pending_link_is_kept_over_a_restart()
    {
        using var world = new EngineWorld(710);
        var alice = Far(world, "alice", PeerServer);
        var bob = Far(world, "bob");
        var link = LinkOf(alice);
        alice.Stop();
        bob.Ask(new NodeCommand.JoinLink(link));
        bob.Stop();

        bob.Start();
        alice.Start();

        world.RunUntil(() => bob.IsConnectedTo(alice), TimeSpan.FromMinutes(1), "the link is used after all");
    }

    [Theory]
    [InlineData(711)]
    [InlineData(712)]
    public void A_bare_name_is_looked_for_beyond_the_network_only_where_the_user_says_so(int seed)
    {
        using var world = new EngineWorld(seed);
        var alice = Far(world, "alice", PeerServer);
        var bob = Far(world, "bob", PeerServer);
        alice.Join("bob");
        bob.Join("alice");
        world.Run(TimeSpan.FromSeconds(30));
        world.Services.Tries.ShouldBeEmpty();

        using var open = new EngineWorld(seed + 100);
        var carol = Far(open, "carol", isPublic: true, PeerServer);
        var dave = Far(open, "dave", isPublic: true, PeerServer);
        carol.Join("dave");
        dave.Join("carol");
        open.RunUntil(() => carol.IsConnectedTo(dave) && dave.IsConnectedTo(carol), Patience, "they meet");
    }

    [Fact]
    public void A_bare_name_is_looked_for_beyond_the_network_after_a_yes_and_not_before()
    {
        using var world = new EngineWorld(725);
        var (alice, bob) = (Far(world, "alice", PeerServer), Far(world, "bob", PeerServer));
        alice.Ask(new NodeCommand.JoinPeer("bob", null));
        bob.Ask(new NodeCommand.JoinPeer("alice", null));
        world.Run(TimeSpan.FromSeconds(30));
        world.Services.Tries.ShouldBeEmpty();
        var question = alice.Told<NodeEvent.BeyondQuestion>().ShouldHaveSingleItem();
        question.Chat.ShouldBe("?bob");
        question.Services.ShouldBe([$"wss://{Server}/"]);
        alice.Engine.Snapshot().ShouldContain(question);

        alice.Ask(new NodeCommand.LookBeyond("?bob", false)).ShouldBeOfType<NodeReply.Done>();
        world.Run(TimeSpan.FromSeconds(30));
        world.Services.Tries.ShouldBeEmpty();
        alice.Engine.Snapshot().ShouldNotContain(question);

        alice.Ask(new NodeCommand.LookBeyond("?bob", true));
        bob.Ask(new NodeCommand.LookBeyond("?alice", true));
        world.RunUntil(
            () => alice.IsConnectedTo(bob) && bob.IsConnectedTo(alice),
            Patience,
            "both said yes, and meet"
        );
    }

    [Fact]
    public void Nobody_is_asked_about_a_name_that_is_on_the_network_or_where_no_service_is_named()
    {
        using var world = new EngineWorld(726);
        var lonely = Far(world, "carol");
        lonely.Ask(new NodeCommand.JoinPeer("dave", null));
        var alice = world.Run("alice", node => node.Ladder = new LadderOptions { Services = [PeerServer] });
        var bob = world.Run("bob");
        alice.Join(bob);
        bob.Join(alice);
        world.Run(TimeSpan.FromSeconds(10));
        alice.IsConnectedTo(bob).ShouldBeTrue();
        alice.Told<NodeEvent.BeyondQuestion>().ShouldBeEmpty();
        lonely.Told<NodeEvent.BeyondQuestion>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(713)]
    [InlineData(714)]
    public void A_room_of_five_needs_one_meeting_outside(int seed)
    {
        using var world = new EngineWorld(seed);
        var all = Five.Select(name => Far(world, name, isPublic: true, PeerServer)).ToList();
        all.ForEach(node => EnterLobby(world, node));

        world.RunUntil(
            () => all.TrueForAll(node => Linked(node) == all.Count - 1),
            TimeSpan.FromMinutes(2),
            "everybody is connected to everybody"
        );
        Offers(world, 0).ShouldBeLessThanOrEqualTo(all.Count * 2); // one for each newcomer, and some that crossed
    }

    [Theory]
    [InlineData(730, 0)]
    [InlineData(731, 1)]
    [InlineData(732, 2)]
    [InlineData(733, 3)]
    public void Who_reaches_one_member_alone_is_met_whoever_holds_the_door(int seed, int only)
    {
        using var world = new EngineWorld(seed);
        var all = Five.Select(name => Far(world, name, isPublic: true, PeerServer)).ToList();
        var eve = all[^1];
        Block(world, eve, all.Where((node, i) => i != only && node != eve));
        foreach (var node in all.Take(4))
        {
            EnterLobby(world, node);
        }

        world.RunUntil(() => all.Take(4).All(node => Linked(node) == 3), Patience * 3, "four have met");
        EnterLobby(world, eve);

        world.RunUntil(() => Linked(eve) > 0, TimeSpan.FromMinutes(4), "eve is met");
        world.RunUntil(() => Linked(eve) == 4, TimeSpan.FromMinutes(4), "a member relays to the others");
    }

    [Theory]
    [InlineData(734)]
    [InlineData(735)]
    public void Who_holds_the_door_and_reaches_nobody_lets_the_others_meet_there(int seed)
    {
        using var world = new EngineWorld(seed);
        var all = Five.Select(name => Far(world, name, isPublic: true, PeerServer)).ToList();
        Block(world, all[0], all.Skip(1).SkipLast(1));
        foreach (var node in all.SkipLast(1))
        {
            EnterLobby(world, node);
        }

        world.RunUntil(
            () => all.Skip(1).SkipLast(1).All(node => Linked(node) == 2),
            TimeSpan.FromMinutes(5),
            "the three others have met"
        );
        Linked(all[0]).ShouldBe(0);
        EnterLobby(world, all[^1]);

        world.RunUntil(
            () => Linked(all[0]) > 0,
            TimeSpan.FromMinutes(6),
            "whoever reaches the first is told of it"
        );
    }

    [Fact]
    public void Somebody_whom_nobody_reaches_costs_a_room_a_bounded_number_of_tries()
    {
        using var world = new EngineWorld(738);
        var all = Five.Select(name => Far(world, name, isPublic: true, PeerServer)).ToList();
        Block(world, all[^1], all.SkipLast(1));
        all.ForEach(node => EnterLobby(world, node));
        world.Run(TimeSpan.FromMinutes(2));
        all.SkipLast(1).ShouldAllBe(node => Linked(node) == 3);
        var (offers, tries) = (world.Services.Said.Count, world.Services.Tries.Count);

        world.Run(TimeSpan.FromMinutes(20));

        all.SkipLast(1).ShouldAllBe(node => Linked(node) == 3);
        Linked(all[^1]).ShouldBe(0);
        (world.Services.Tries.Count - tries).ShouldBeLessThanOrEqualTo(200); // of five nodes, one each 30 s
        Offers(world, offers).ShouldBeLessThanOrEqualTo(100);
    }

    [Theory]
    [InlineData(0, 32, false)]
    [InlineData(1, 31, false)]
    [InlineData(1, 32, true)]
    [InlineData(NodeEngine.MaxTried, 32, true)]
    [InlineData(NodeEngine.MaxTried + 1, 32, false)]
    public void Who_has_tried_is_told_within_limits(int count, int size, bool isTaken)
    {
        var frame = new HandOver();
        frame.Tried.AddRange(Enumerable.Repeat(ByteString.CopyFrom(new byte[size]), count));
        (NodeEngine.ReadTried(frame) is not null).ShouldBe(isTaken);
    }

    [Fact]
    public void Looking_for_others_leaves_links_that_stand_alone()
    {
        using var world = new EngineWorld(736);
        var all = Meet(world, 3);
        var before = world.Services.Said.Count;
        var events = all.ConvertAll(node => node.Events.Count);

        world.Run(TimeSpan.FromMinutes(30));

        Offers(world, before).ShouldBeGreaterThan(0); // the duty is done
        Offers(world, before).ShouldBeLessThanOrEqualTo(30);
        foreach (var (node, from) in all.Zip(events))
        {
            node.Events.Skip(from)
                .OfType<NodeEvent.ChatChanged>()
                .ShouldAllBe(change => Linked(change.Chat) == 2);
        }

        // An offer that nobody needs to answer counts as a link until it is given up; the next round is minutes away.
        world.RunUntil(
            () => all.TrueForAll(node => node.Engine.Load.Links == 2),
            TimeSpan.FromMinutes(1),
            "no offer is left"
        );
    }

    [Theory]
    [InlineData(739)]
    [InlineData(740)]
    [InlineData(741)]
    public void Who_was_killed_is_introduced_again_to_those_who_have_not_noticed(int seed)
    {
        using var world = new EngineWorld(seed);
        var all = Meet(world, 4);

        all[3].Crash();
        all[3].Start();

        world.RunUntil(() => Linked(all[3]) == 3, TimeSpan.FromSeconds(4), "all three are back");
    }

    [Fact]
    public void The_duty_to_look_goes_round()
    {
        using var world = new EngineWorld(737);
        var all = Meet(world, 3);
        var before = world.Services.Tries.Count;

        world.Run(NodeEngine.DutyTime * 16);

        // The third holds the door, and need not try it
        world.Services.Tries.Skip(before).Select(one => one.Node).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Contacts_are_dialled_where_they_were_met_before()
    {
        using var world = new EngineWorld(715);
        var alice = world.Run("alice");
        var bob = world.Run("bob", node => node.AcceptAny = true);
        world.Befriend(alice, bob);
        alice.Stop();
        bob.Stop();
        (alice.HearsMulticast, bob.HearsMulticast) = (false, false);

        alice.Start();
        bob.Start();

        world.RunUntil(() => alice.IsConnectedTo(bob), Patience, "they meet at the remembered addresses");
    }

    [Fact]
    public void An_absent_contact_is_not_taken_for_found_where_they_were_met_before()
    {
        using var world = new EngineWorld(724);
        var alice = world.Run("alice");
        var bob = world.Run("bob", node => node.AcceptAny = true);
        world.Befriend(alice, bob);
        bob.Stop();
        alice.Stop();
        alice.Start();
        alice.Join(bob);

        world.Run(TimeSpan.FromSeconds(12));

        alice.Chat("@" + bob.Id)!.Connection.ShouldBe(ConnectionState.Searching);
        alice.Told<NodeEvent.Notice>().ShouldNotContain(one => one.Code == NoticeCode.FirewallLikely);
    }

    [Fact]
    public void Addresses_of_long_ago_are_left_in_peace()
    {
        using var world = new EngineWorld(716);
        var alice = world.Run("alice");
        var bob = world.Run("bob", node => node.AcceptAny = true);
        world.Befriend(alice, bob);
        alice.Stop();
        bob.Stop();
        (alice.HearsMulticast, bob.HearsMulticast) = (false, false);
        world.WallStart += TimeSpan.FromDays(31);

        alice.Start();
        bob.Start();
        world.Run(TimeSpan.FromMinutes(1));

        alice.IsConnectedTo(bob).ShouldBeFalse();
    }

    [Fact]
    public void A_network_of_its_own_is_not_left()
    {
        using var world = new EngineWorld(717);
        var lanOnly = new LadderOptions
        {
            Rungs = new HashSet<Rung> { Rung.Lan },
            Services = [PeerServer],
        };
        var alice = world.Run("alice", node => node.Ladder = lanOnly);
        alice
            .Ask(new NodeCommand.JoinPeer("bob", "192.0.2.9"))
            .ShouldBeOfType<NodeReply.Refused>()
            .Text.ShouldContain("--lan");
        alice.Ask(new NodeCommand.JoinPeer("bob", "10.0.0.77")).ShouldBeOfType<NodeReply.Opened>();
        world.Run(TimeSpan.FromSeconds(10));
        world.Services.Tries.ShouldBeEmpty();
    }

    [Fact]
    public void Two_meet_by_pasted_codes_with_no_service_at_all()
    {
        using var world = new EngineWorld(718);
        var (alice, bob) = (Far(world, "alice"), Far(world, "bob"));
        var offer = alice.Ask(new NodeCommand.MakeOffer()).ShouldBeOfType<NodeReply.PastedCode>();
        world.Run(TimeSpan.FromMinutes(2)); // by mail
        var answer = bob.Ask(new NodeCommand.TakeCode(offer.Text)).ShouldBeOfType<NodeReply.PastedCode>();
        world.Run(TimeSpan.FromMinutes(3)); // and back

        alice.Ask(new NodeCommand.TakeCode(answer.Text)).ShouldBeOfType<NodeReply.Done>();

        MeetAndTalk(world, alice, bob);
        TrustOf(alice, bob).ShouldBe(TrustState.Introduced);
        offer.Text.Length.ShouldBeLessThanOrEqualTo(240);
        answer.Text.Length.ShouldBeLessThanOrEqualTo(180);
    }

    [Fact]
    public void A_wrong_letter_in_a_code_is_told_apart_from_a_code_cut_off_and_from_another_text()
    {
        using var world = new EngineWorld(719);
        var (alice, bob) = (Far(world, "alice"), Far(world, "bob"));
        var offer = alice.Ask(new NodeCommand.MakeOffer()).ShouldBeOfType<NodeReply.PastedCode>().Text;

        for (var i = HandCode.OfferScheme.Length; i < offer.Length; i++)
        {
            var wrong = offer[..i] + (offer[i] == 'z' ? 'y' : 'z') + offer[(i + 1)..];
            Problem(wrong).ShouldContain("A letter of the code is wrong");
        }

        Problem(offer[..^3]).ShouldContain("not copied whole");
        Problem("hello").ShouldContain("no code");
        Problem(new string('0', 100_000)).ShouldContain("no code");
        Problem(HandCode.AnswerScheme + offer[HandCode.OfferScheme.Length..]).ShouldNotBeEmpty();

        string Problem(string text) =>
            bob.Ask(new NodeCommand.TakeCode(text)).ShouldBeOfType<NodeReply.Refused>().Text;
    }

    [Theory]
    [InlineData("not JSON at all")]
    [InlineData("[]")]
    [InlineData("{\"type\":7}")]
    [InlineData("{\"type\":\"OFFER\",\"src\":\"x\",\"payload\":{\"peerchat\":\"AAAA\"}}")]
    [InlineData("{\"type\":\"OFFER\",\"src\":\"x\",\"payload\":{\"peerchat\":\"\\ud800\"}}")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    [InlineData("{\"type\":\"EXPIRE\",\"src\":\"zz\"}")]
    [InlineData("{\"type\":\"OPEN\"}")]
    public void A_server_that_floods_with_nonsense_is_borne(string nonsense)
    {
        using var world = new EngineWorld(720);
        var alice = Far(world, "alice", PeerServer);
        LinkOf(alice);
        world.Run(TimeSpan.FromSeconds(3));
        for (var i = 0; i < 2_000; i++)
        {
            world.Services.Say(Server, nonsense);
        }

        world.Run(TimeSpan.FromSeconds(5));

        alice.Engine.Load.Links.ShouldBe(0);
        alice.Told<NodeEvent.RequestReceived>().ShouldBeEmpty();
    }

    [Fact]
    public void A_server_that_swaps_what_it_carries_connects_nobody_to_somebody_else()
    {
        using var world = new EngineWorld(721);
        var alice = Far(world, "alice", PeerServer);
        var bob = Far(world, "bob");
        world.Services.Lies[Server] = text =>
            text.Contains("\"peerchat\":\"", StringComparison.Ordinal)
                ? text.Replace("A", "B", StringComparison.Ordinal)
                : text;
        bob.Ask(new NodeCommand.JoinLink(LinkOf(alice)));
        world.Run(TimeSpan.FromMinutes(1));

        bob.IsConnectedTo(alice).ShouldBeFalse();
        alice.Ask(new NodeCommand.ListContacts()).ShouldBeOfType<NodeReply.Contacts>().All.ShouldBeEmpty();
    }

    [Fact]
    public void A_server_that_is_down_is_tried_less_and_less_often_and_told_of_once()
    {
        using var world = new EngineWorld(722);
        world.Services.Down.Add(Server);
        var alice = Far(world, "alice", PeerServer);
        LinkOf(alice);
        world.Run(TimeSpan.FromHours(1));

        world.Services.Tries.Count.ShouldBeInRange(8, 30);
        alice.Told<NodeEvent.Notice>().Count(notice => notice.Text.Contains(Server)).ShouldBe(1);
    }

    [Fact]
    public void A_server_that_comes_back_is_used_again()
    {
        using var world = new EngineWorld(723);
        world.Services.Down.Add(Server);
        var alice = Far(world, "alice", PeerServer);
        var bob = Far(world, "bob");
        bob.Ask(new NodeCommand.JoinLink(LinkOf(alice)));
        world.Run(TimeSpan.FromMinutes(2));
        world.Services.Down.Clear();
        world.RunUntil(() => bob.IsConnectedTo(alice), TimeSpan.FromMinutes(12), "they meet after all");
    }

    [Theory]
    [InlineData(0, DiagnosisVerdict.Good, "agrees with")]
    [InlineData(120, DiagnosisVerdict.Good, "agrees with")]
    [InlineData(121, DiagnosisVerdict.Bad, "is 121 s ahead of")]
    [InlineData(-3600, DiagnosisVerdict.Bad, "is 3,600 s behind")]
    public void The_doctor_tells_of_a_wrong_clock(int seconds, DiagnosisVerdict verdict, string text)
    {
        using var world = new EngineWorld(727);
        var alice = Far(world, "alice", PeerServer);
        Clock().ShouldBeNull("no service has said what time it is");
        alice.Engine.HandleServiceTime(1, alice.Wall + TimeSpan.FromSeconds(-seconds), world.Now, alice.Wall);
        var check = Clock().ShouldNotBeNull();
        check.Verdict.ShouldBe(verdict);
        check.Text.ShouldContain(text);

        DiagnosisCheck? Clock() =>
            alice
                .Ask(new NodeCommand.Diagnose())
                .ShouldBeOfType<NodeReply.Diagnosis>()
                .Checks.SingleOrDefault(one => one.Area == "clock");
    }

    private static SimulatedNode Far(EngineWorld world, string name, params ServiceHint[] services) =>
        Far(world, name, isPublic: false, services);

    private static SimulatedNode Far(
        EngineWorld world,
        string name,
        bool isPublic,
        params ServiceHint[] services
    ) =>
        world.Run(
            name,
            node =>
            {
                node.HearsMulticast = false;
                node.PrefixLength = 32;
                node.Ladder = new LadderOptions
                {
                    Services = services,
                    IsPublic = isPublic,
                    // Addresses are the next rung's test
                    Rungs = new HashSet<Rung> { Rung.Lan, Rung.Introduction, Rung.PeerServer, Rung.Tracker },
                };
            }
        );

    private static List<SimulatedNode> Meet(EngineWorld world, int count)
    {
        var all = Five.Take(count).Select(name => Far(world, name, isPublic: true, PeerServer)).ToList();
        all.ForEach(node => EnterLobby(world, node));
        world.RunUntil(
            () => all.TrueForAll(node => Linked(node) == count - 1),
            Patience * 3,
            $"{count} have met"
        );
        return all;
    }

    private static void EnterLobby(EngineWorld world, SimulatedNode node)
    {
        node.Do(new NodeCommand.JoinRoom("lobby"));
        world.Run(TimeSpan.FromSeconds(2));
    }

    private static int Linked(SimulatedNode node) => node.Chat("#lobby") is { } room ? Linked(room) : 0;

    private static int Linked(ChatSummary room) =>
        room.Members.Count(member => member is { Connected: true, IsSelf: false });

    /// <summary>No packet passes between one and the others.</summary>
    private static void Block(EngineWorld world, SimulatedNode one, IEnumerable<SimulatedNode> others)
    {
        var addresses = others.Select(other => other.Address).ToHashSet();
        world.Lan.Interceptor = datagram =>
            (datagram.From == one.Address && addresses.Contains(datagram.To))
            || (datagram.To == one.Address && addresses.Contains(datagram.From))
                ? null
                : datagram;
    }

    private static int Offers(EngineWorld world, int from) =>
        world
            .Services.Said.Skip(from)
            .Count(said => said.Text.Contains("\"OFFER\"", StringComparison.Ordinal));

    private static string LinkOf(SimulatedNode node) =>
        node.Ask(new NodeCommand.Invite()).ShouldBeOfType<NodeReply.Invited>().Link;

    private static void Forget(EngineWorld world, params SimulatedNode[] nodes)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i].Address = new TransportAddress(
                new IPAddress([10, 0, 1, (byte)(i + 1)]),
                NodeEngine.DefaultPort
            );
        }

        world.Run(TimeSpan.FromSeconds(1));
    }

    private static void MeetAndTalk(EngineWorld world, SimulatedNode one, SimulatedNode other)
    {
        world.RunUntil(
            () => one.IsConnectedTo(other) && other.IsConnectedTo(one),
            Patience,
            $"{one.Name} and {other.Name} meet"
        );
        one.Say(other, "hello");
        other.Say(one, "hello to you");
        world.RunUntil(
            () => other.Shown("@" + one.Id).Count == 1 && one.Shown("@" + other.Id).Count == 1,
            Patience,
            "both messages arrive"
        );
    }

    private static TrustState TrustOf(SimulatedNode node, SimulatedNode of) =>
        node.Ask(new NodeCommand.ListContacts())
            .ShouldBeOfType<NodeReply.Contacts>()
            .All.Single(contact => contact.PeerId == of.Id)
            .Trust;
}
