using PeerChat.Primitives;
using PeerChat.Rooms.Spreading;
using Shouldly;
using Xunit;
using static PeerChat.Rooms.Tests.Spreading.OverlayNames;

namespace PeerChat.Rooms.Tests.Spreading;

public class PlumtreeTests
{
    private readonly Plumtree _tree = new();
    private Instant _now = Instant.Origin;

    public PlumtreeTests()
    {
        for (var i = 1; i <= 4; i++)
        {
            _tree.AddPeer(Peer(i));
        }
    }

    [Fact]
    public void The_first_copy_goes_on_to_all_eager_neighbours_but_the_one_it_came_from()
    {
        _tree.HandlePush(Peer(1), Message(7, 3), _now).ShouldBeTrue();
        Take().ShouldBe([2, 3, 4], i => new GossipAction.Push(Peer(i), Message(7, 4)));
    }

    [Fact]
    public void A_second_copy_prunes_its_sender_which_then_gets_announcements_only()
    {
        _tree.HandlePush(Peer(1), Message(7, 3), _now);
        _tree.HandlePush(Peer(2), Message(7, 3), _now).ShouldBeFalse();
        Take().ShouldContain(new GossipAction.Prune(Peer(2), new TreeOf(Origin(1), false)));
        _tree.HandlePush(Peer(1), Message(8, 3), _now);
        Take().ShouldBe([3, 4], i => new GossipAction.Push(Peer(i), Message(8, 4)));
        Pass(Plumtree.AnnounceDelay);
        Take()
            .ShouldHaveSingleItem()
            .ShouldBeOfType<GossipAction.Announce>()
            .Messages.ShouldBe([Message(8, 4)]);
    }

    [Fact]
    public void An_announced_message_is_asked_for_when_no_push_comes()
    {
        _tree.HandleAnnounce(Peer(3), [Message(7, 5)], _now);
        Pass(Plumtree.LeastPatience - TimeSpan.FromMilliseconds(1));
        Take().ShouldBeEmpty();
        Pass(TimeSpan.FromMilliseconds(1));
        Take().ShouldBe([new GossipAction.Pull(Peer(3), Message(7, 5))]);
    }

    [Fact]
    public void An_announced_message_is_asked_for_at_once_where_no_push_can_come()
    {
        _tree.HandlePush(Peer(1), Message(7, 3), _now);
        Take();
        _tree.HandleAnnounce(Peer(3), [Message(8, 5)], _now);
        Pass(TimeSpan.Zero);
        Take().ShouldBeEmpty("the first one's push may be on its way");
        _tree.HandleAnnounce(Peer(1), [Message(8, 3)], _now);
        Pass(TimeSpan.Zero);
        Take()
            .ShouldBe(
                [new GossipAction.Pull(Peer(1), Message(8, 3))],
                "who pushes it announced it, and does not push it too"
            );

        _tree.RemovePeer(Peer(1));
        _tree.HandleAnnounce(Peer(4), [Message(9, 6)], _now);
        Pass(TimeSpan.Zero);
        Take().ShouldBe([new GossipAction.Pull(Peer(4), Message(9, 6))], "nobody pushes any more");
    }

    [Fact]
    public void The_timers_follow_the_round_trip()
    {
        _tree.RoundTripTime = TimeSpan.FromSeconds(1);
        _tree.HandleAnnounce(Peer(3), [Message(7, 5)], _now);
        _tree.HandleAnnounce(Peer(2), [Message(7, 6)], _now);
        Pass(TimeSpan.FromSeconds(2));
        Take().ShouldBe([new GossipAction.Pull(Peer(3), Message(7, 5))]);
        Pass(TimeSpan.FromSeconds(1));
        Take().ShouldBe([new GossipAction.Pull(Peer(2), Message(7, 6))]);
    }

    [Fact]
    public void A_push_that_was_only_slow_leaves_the_tree_as_it_is()
    {
        Pulled();
        _tree.HandlePush(Peer(1), Message(7, 3), _now).ShouldBeFalse();
        Pass(TimeSpan.FromMinutes(1));
        Take().ShouldBeEmpty();
        _tree.IsEager(Peer(1), Origin(1)).ShouldBeTrue();
    }

    [Fact]
    public void A_push_that_never_comes_grafts_whoever_had_the_message()
    {
        _tree.HandlePrune(Peer(3), new TreeOf(Origin(1), false));
        Pulled();
        Pass(TimeSpan.FromMinutes(1));
        Take().ShouldBe([new GossipAction.Graft(Peer(3), new TreeOf(Origin(1), false))]);
        _tree.IsEager(Peer(3), Origin(1)).ShouldBeTrue();
    }

    [Fact]
    public void A_shorter_way_gives_the_origin_a_tree_of_its_own_and_others_keep_theirs()
    {
        _tree.HandlePush(Peer(1), Message(7, 9), _now);
        Take();
        _tree.HandleAnnounce(Peer(2), [Message(7, 4)], _now);
        Take()
            .ShouldBe([
                new GossipAction.Prune(Peer(1), new TreeOf(Origin(1), true)),
                new GossipAction.Graft(Peer(2), new TreeOf(Origin(1), true)),
            ]);
        _tree.IsEager(Peer(1), Origin(1)).ShouldBeFalse();
        _tree.IsEager(Peer(1), Origin(2)).ShouldBeTrue();
    }

    [Fact]
    public void When_the_neighbour_goes_by_whom_an_origin_came_the_next_best_is_grafted_at_once()
    {
        _tree.HandlePush(Peer(1), Message(7, 3), _now);
        _tree.HandleAnnounce(Peer(2), [Message(7, 4)], _now);
        Take();
        _tree.RemovePeer(Peer(1));
        Take().ShouldBe([new GossipAction.Graft(Peer(2), new TreeOf(Origin(1), true))]);
    }

    [Fact]
    public void A_new_neighbour_is_lazy_where_a_tree_has_its_shape_and_eager_elsewhere()
    {
        _tree.HandlePush(Peer(1), Message(7, 9), _now);
        _tree.HandleAnnounce(Peer(2), [Message(7, 4)], _now);
        _tree.AddPeer(Peer(5));
        _tree.IsEager(Peer(5), Origin(1)).ShouldBeFalse();
        _tree.IsEager(Peer(5), Origin(2)).ShouldBeTrue();
    }

    [Fact]
    public void A_new_neighbour_mends_a_tree_that_has_lost_its_way()
    {
        _tree.HandlePush(Peer(1), Message(7, 9), _now);
        _tree.HandleAnnounce(Peer(2), [Message(7, 4)], _now);
        _tree.RemovePeer(Peer(1));
        _tree.RemovePeer(Peer(2));
        _tree.AddPeer(Peer(5));
        _tree.IsEager(Peer(5), Origin(1)).ShouldBeTrue();
    }

    [Fact]
    public void What_came_by_sync_is_not_asked_for()
    {
        _tree.HandleAnnounce(Peer(3), [Message(7, 5)], _now);
        _tree.Note(Message(7, 5).Id, _now);
        Pass(TimeSpan.FromMinutes(1));
        Take().ShouldBeEmpty();
    }

    [Fact]
    public void One_announcer_does_not_take_all_places()
    {
        var flood = Enumerable.Range(0, 2000).Select(i => Message(i, 2)).Chunk(Plumtree.MaxAnnounced);
        foreach (var batch in flood)
        {
            _tree.HandleAnnounce(Peer(1), batch, _now);
        }

        _tree.MissingCount.ShouldBe(MissingMessages.MaxPerPeer);
        _tree.HandleAnnounce(Peer(2), [Message(5000, 2)], _now);
        _tree.MissingCount.ShouldBe(MissingMessages.MaxPerPeer + 1);
    }

    [Fact]
    public void Of_an_announcement_only_so_many_are_read()
    {
        _tree.HandleAnnounce(Peer(1), [.. Enumerable.Range(0, 100).Select(i => Message(i, 2))], _now);
        _tree.MissingCount.ShouldBe(Plumtree.MaxAnnounced);
    }

    [Fact]
    public void A_neighbour_that_takes_nothing_costs_no_more_than_the_limit()
    {
        _tree.HandlePrune(Peer(2), new TreeOf(Origin(1), false));
        for (var i = 0; i < 1000; i++)
        {
            _tree.HandlePush(Peer(1), Message(i, 2), _now);
        }

        Take();
        Pass(Plumtree.AnnounceDelay);
        Take()
            .OfType<GossipAction.Announce>()
            .Sum(a => a.Messages.Count)
            .ShouldBe(Plumtree.MaxPendingAnnouncements);
    }

    [Fact]
    public void A_hostile_round_is_brought_within_bounds()
    {
        _tree.HandlePush(Peer(1), Message(7, int.MaxValue), _now);
        Take().OfType<GossipAction.Push>().ShouldAllBe(p => p.Message.Round == Plumtree.MaxRounds + 1);
        _tree.HandleAnnounce(Peer(2), [Message(7, int.MinValue)], _now);
        Take().ShouldContain(new GossipAction.Graft(Peer(2), new TreeOf(Origin(1), true)));
    }

    [Fact]
    public void Nothing_is_taken_from_whoever_is_no_neighbour()
    {
        _tree.HandlePush(Peer(9), Message(7, 1), _now);
        _tree.HandleAnnounce(Peer(9), [Message(8, 1)], _now);
        Take().ShouldBeEmpty();
        _tree.MissingCount.ShouldBe(0);
    }

    [Fact]
    public void Messages_are_remembered_up_to_the_limit()
    {
        var seen = new SeenMessages();
        for (var i = 0; i <= SeenMessages.Capacity; i++)
        {
            seen.Add(Message(i, 1).Id, null, 1, _now);
        }

        seen.Count.ShouldBe(SeenMessages.Capacity);
        seen.Find(Message(0, 1).Id).ShouldBeNull();
    }

    [Fact]
    public void So_many_origins_have_trees_of_their_own()
    {
        for (var i = 0; i <= OriginTrees.MaxOrigins; i++)
        {
            _tree.HandlePrune(Peer(1), new TreeOf(Origin(i), true));
        }

        _tree.IsEager(Peer(1), Origin(0)).ShouldBeTrue("it is back in the common tree");
        _tree.IsEager(Peer(1), Origin(1)).ShouldBeFalse();
    }

    // Announced by 3, pushed by nobody, asked for and given.
    private void Pulled()
    {
        _tree.HandleAnnounce(Peer(3), [Message(7, 5)], _now);
        Pass(Plumtree.LeastPatience);
        _tree.HandlePush(Peer(3), Message(7, 5), _now).ShouldBeTrue();
        Take();
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        _tree.HandleDeadline(_now);
    }

    private List<GossipAction> Take()
    {
        var actions = new List<GossipAction>();
        while (_tree.TryTakeAction(out var action))
        {
            actions.Add(action);
        }

        return actions;
    }
}

/// <summary>Expected actions, one for each neighbour.</summary>
internal static class ExpectedActions
{
    public static void ShouldBe(
        this List<GossipAction> actions,
        int[] peers,
        Func<int, GossipAction> expected
    ) => actions.ShouldBe(peers.Select(expected));
}
