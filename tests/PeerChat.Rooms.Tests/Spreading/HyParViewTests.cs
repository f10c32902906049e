using PeerChat.Primitives;
using PeerChat.Rooms.Spreading;
using PeerChat.TestKit;
using Shouldly;
using Xunit;
using static PeerChat.Rooms.Tests.Spreading.OverlayNames;

namespace PeerChat.Rooms.Tests.Spreading;

public class HyParViewTests
{
    private readonly HyParView _view = new(Peer(0), new SeededEntropy(1)) { Contact = new byte[] { 0 } };
    private Instant _now = Instant.Origin;

    [Fact]
    public void The_first_word_to_the_first_peer_is_join()
    {
        _view.Introduce(Contact(1), _now);
        Take().ShouldHaveSingleItem().ShouldBe(new OverlayAction.Connect(Contact(1)), "connect first");
        _view.HandleLinked(Peer(1), _now);
        Sent(1).ShouldHaveSingleItem().ShouldBeOfType<OverlayMessage.Join>();
        _view.Active.ShouldBeEmpty("a peer is a neighbour only when it has answered");
        _view.HandleMessage(Peer(1), new OverlayMessage.NeighbourReply(true, default), _now);
        _view.Active.ShouldBe([Peer(1)]);
    }

    [Fact]
    public void Whoever_joins_is_taken_in_and_walks_on_from_every_other_neighbour()
    {
        Neighbours(1, 2, 3);
        _view.HandleLinked(Peer(9), _now);
        _view.HandleMessage(Peer(9), new OverlayMessage.Join(new byte[] { 9 }), _now);
        var sent = Take().OfType<OverlayAction.Send>().ToList();
        sent.Single(s => s.To == Peer(9))
            .Message.ShouldBeOfType<OverlayMessage.NeighbourReply>()
            .Accepted.ShouldBeTrue();
        sent.Where(s => s.Message is OverlayMessage.ForwardJoin)
            .Select(s => s.To)
            .ShouldBe([Peer(1), Peer(2), Peer(3)], true);
        sent.Select(s => s.Message)
            .OfType<OverlayMessage.ForwardJoin>()
            .ShouldAllBe(w => w.TimeToLive == HyParView.JoinWalk);
    }

    [Fact]
    public void A_full_view_refuses_low_priority_and_gives_a_place_to_high()
    {
        FillOverlay();
        _view.HandleLinked(Peer(90), _now);
        _view.HandleMessage(Peer(90), new OverlayMessage.Neighbour(false, default), _now);
        Sent(90)
            .ShouldHaveSingleItem()
            .ShouldBeOfType<OverlayMessage.NeighbourReply>()
            .Accepted.ShouldBeFalse();
        _view.Active.ShouldNotContain(Peer(90));
        _view.HandleMessage(Peer(90), new OverlayMessage.Neighbour(true, default), _now);
        _view.Active.ShouldContain(Peer(90));
        _view.Active.Count.ShouldBe(HyParView.ActiveSize);
        Take().OfType<OverlayAction.NeighbourDown>().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(HyParView.MeshSize - 1, HyParView.MeshSize - 1)]
    [InlineData(HyParView.MeshSize, HyParView.ActiveSize)]
    [InlineData(20, HyParView.ActiveSize)]
    public void Up_to_eight_live_peers_all_are_neighbours_and_above_only_eight_others(
        int others,
        int neighbours
    )
    {
        for (var i = 1; i <= others; i++)
        {
            _view.Introduce(Contact(i), _now);
        }

        Answer();
        for (var i = 0; i < 60; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            _view.HandleDeadline(_now);
            Answer();
        }

        _view.IsMesh.ShouldBe(others < HyParView.MeshSize);
        _view.Active.Count.ShouldBe(neighbours);
    }

    [Fact]
    public void A_lost_neighbour_is_replaced_from_the_passive_view()
    {
        FillOverlay();
        var lost = _view.Active.First();
        _view.HandleUnlinked(lost, _now);
        Take().OfType<OverlayAction.Connect>().ShouldHaveSingleItem().Peer.Id.ShouldNotBe(lost);
    }

    [Fact]
    public void Whoever_does_not_answer_is_given_up_and_another_is_asked()
    {
        FillOverlay();
        _view.HandleUnlinked(_view.Active.First(), _now);
        var asked = Take().OfType<OverlayAction.Connect>().Single().Peer.Id;
        _view.HandleLinked(asked, _now);
        _now = _view.NextDeadline!.Value;
        (_now - Instant.Origin).ShouldBeGreaterThanOrEqualTo(HyParView.AnswerPatience);
        _view.HandleDeadline(_now);
        var actions = Take();
        actions.ShouldContain(new OverlayAction.Release(asked));
        actions.OfType<OverlayAction.Connect>().ShouldHaveSingleItem().Peer.Id.ShouldNotBe(asked);
    }

    [Theory]
    [InlineData(HyParView.ActiveSize - 1, 1)]
    [InlineData((HyParView.ActiveSize / 2) - 1, 6)]
    public void Of_those_who_declined_one_is_asked_again_at_a_time_where_neighbours_are_enough(
        int neighbours,
        int expected
    )
    {
        for (var number = 1; number <= neighbours + 6; number++)
        {
            _view.Introduce(Contact(number), _now);
        }

        Answer(atMost: neighbours).ShouldBe(neighbours + 6, "everybody is asked once");
        for (var retry = 0; retry < 3; retry++)
        {
            _now += HyParView.LastRetry;
            _view.HandleDeadline(_now);
            Answer(atMost: 0).ShouldBe(expected);
        }

        _view.Active.Count.ShouldBe(neighbours);
    }

    [Fact]
    public void A_walk_ends_in_a_request_and_passes_the_passive_view_on_its_way()
    {
        FillOverlay();
        var from = _view.Active.First();
        _view.HandleMessage(from, new OverlayMessage.ForwardJoin(Contact(70), HyParView.PassiveWalk), _now);
        _view.Passive.ShouldContain(Contact(70));
        Take()
            .OfType<OverlayAction.Send>()
            .Single()
            .Message.ShouldBe(new OverlayMessage.ForwardJoin(Contact(70), HyParView.PassiveWalk - 1));
        _view.HandleMessage(from, new OverlayMessage.ForwardJoin(Contact(71), 0), _now);
        Take().ShouldContain(new OverlayAction.Connect(Contact(71)));
    }

    [Fact]
    public void The_answer_to_a_shuffle_goes_back_the_way_it_came()
    {
        FillOverlay();
        var from = _view.Active.First();
        _view.HandleMessage(from, new OverlayMessage.Shuffle(5, 4, [Contact(60)]), _now);
        var next = Take().OfType<OverlayAction.Send>().Single();
        next.Message.ShouldBeOfType<OverlayMessage.Shuffle>().TimeToLive.ShouldBe(3);
        var reply = new OverlayMessage.ShuffleReply(5, [Contact(61)]);
        _view.HandleMessage(next.To, reply, _now);
        Take().ShouldContain(new OverlayAction.Send(from, reply));
        _view.Passive.ShouldNotContain(Contact(61), "it is another's shuffle");
    }

    [Fact]
    public void A_shuffle_at_the_end_of_its_walk_is_answered_and_learnt_from()
    {
        FillOverlay();
        var from = _view.Active.First();
        _view.HandleMessage(from, new OverlayMessage.Shuffle(5, 1, [Contact(60)]), _now);
        _view.Passive.ShouldContain(Contact(60));
        Sent(from).ShouldHaveSingleItem().ShouldBeOfType<OverlayMessage.ShuffleReply>().Nonce.ShouldBe(5ul);
    }

    [Fact]
    public void A_message_that_names_more_peers_than_allowed_is_dropped()
    {
        FillOverlay();
        var many = Enumerable.Range(100, HyParView.MaxPeersInMessage + 1).Select(Contact).ToList();
        _view.HandleMessage(_view.Active.First(), new OverlayMessage.Shuffle(5, 1, many), _now);
        Take().ShouldBeEmpty();
        _view.Passive.Select(p => p.Id).Intersect(many.Select(p => p.Id)).ShouldBeEmpty();
    }

    [Fact]
    public void The_passive_view_keeps_its_size_whatever_comes()
    {
        for (var i = 1; i < 500; i++)
        {
            _view.Introduce(Contact(i), _now);
        }

        _view.Passive.Count.ShouldBeLessThanOrEqualTo(PassiveView.Capacity);
        Take().OfType<OverlayAction.Connect>().Count().ShouldBeLessThanOrEqualTo(HyParView.MaxRequests);
    }

    [Fact]
    public void Contacts_over_the_limit_and_oneself_are_not_taken_in()
    {
        _view.Introduce(new OverlayPeer(Peer(1), new byte[HyParView.MaxContactSize + 1]), _now);
        _view.Introduce(Contact(0), _now);
        _view.Passive.ShouldBeEmpty();
        _view.Introduce(new OverlayPeer(Peer(1), new byte[HyParView.MaxContactSize]), _now);
        _view.Passive.Count.ShouldBe(1);
    }

    [Fact]
    public void A_flood_of_walks_from_one_neighbour_ends_at_the_limit()
    {
        FillOverlay();
        var from = _view.Active.First();
        for (var i = 0; i < HyParView.MaxWalkBurst * 2; i++)
        {
            _view.HandleMessage(from, new OverlayMessage.ForwardJoin(Contact(300 + i), 5), _now);
        }

        Take().Count.ShouldBe(HyParView.MaxWalkBurst);
    }

    [Fact]
    public void A_small_room_does_not_forget_its_people_when_the_network_is_cut()
    {
        Neighbours(1, 2, 3);
        for (var i = 1; i <= 3; i++)
        {
            _view.HandleUnlinked(Peer(i), _now);
        }

        for (var i = 0; i < 5; i++)
        {
            foreach (var connect in Take().OfType<OverlayAction.Connect>())
            {
                _view.HandleUnlinked(connect.Peer.Id, _now);
            }

            _now = _view.NextDeadline!.Value;
            _view.HandleDeadline(_now);
        }

        _view.Passive.Select(p => p.Id).ShouldBe([Peer(1), Peer(2), Peer(3)], true);
    }

    private void FillOverlay()
    {
        for (var i = 1; i <= 20; i++)
        {
            _view.Introduce(Contact(i), _now);
        }

        Answer();
        while (_view.Active.Count > HyParView.ActiveSize)
        {
            _now += TimeSpan.FromSeconds(1);
            _view.HandleDeadline(_now);
            Answer();
        }

        Take();
        _now = Instant.Origin;
    }

    private void Neighbours(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            _view.Introduce(Contact(number), _now);
        }

        Answer();
        _view.Active.Count.ShouldBe(numbers.Length);
    }

    // Everybody who is asked can be reached, and so many accept; gives how many were asked.
    private int Answer(int atMost = int.MaxValue)
    {
        var count = 0;
        for (var actions = Take(); actions.Count > 0; actions = Take())
        {
            foreach (var action in actions)
            {
                if (action is OverlayAction.Connect connect)
                {
                    _view.HandleLinked(connect.Peer.Id, _now);
                }
                else if (
                    action is OverlayAction.Send
                    {
                        Message: OverlayMessage.Join or OverlayMessage.Neighbour
                    } asked
                )
                {
                    var reply = new OverlayMessage.NeighbourReply(++count <= atMost, default);
                    _view.HandleMessage(asked.To, reply, _now);
                }
            }
        }

        return count;
    }

    private List<OverlayAction> Take()
    {
        var actions = new List<OverlayAction>();
        while (_view.TryTakeAction(out var action))
        {
            actions.Add(action);
        }

        return actions;
    }

    private List<OverlayMessage> Sent(int to) => Sent(Peer(to));

    private List<OverlayMessage> Sent(PeerChat.Rooms.Identity.PeerId to) =>
        [.. Take().OfType<OverlayAction.Send>().Where(s => s.To == to).Select(s => s.Message)];
}
