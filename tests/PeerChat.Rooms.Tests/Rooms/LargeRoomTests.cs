using PeerChat.Rooms.Spreading;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

public class LargeRoomTests
{
    private const int Peers = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Members_of_a_large_room_have_few_links_and_every_message(int seed)
    {
        var room = new LargeRoom(Peers, seed);
        room.Fill();

        room.Peers.ShouldAllBe(p => room.LinksOf(p) <= HyParView.ActiveSize + 2);
        var writers = room.Peers.Take(3).ToArray();
        Talk(room, writers, 10); // the trees take their shape
        room.Copies = 0;
        var texts = Talk(room, writers, 20);

        foreach (var peer in room.Peers)
        {
            texts.Except(peer.Texts).ShouldBeEmpty();
            peer.Texts.Length.ShouldBe(peer.Texts.Distinct().Count());
            peer.Events.ShouldNotContain(e => e is RoomEvent.PeerMisbehaved);
        }

        var copies = (double)room.Copies / texts.Count / (Peers - 1);
        copies.ShouldBeLessThan(1.3);
    }

    [Fact]
    public void Up_to_eight_members_are_all_linked_to_all()
    {
        var room = new LargeRoom(HyParView.MeshSize, 3);
        room.Fill();
        room.Run(TimeSpan.FromMinutes(20)); // a few shuffles; on one network the hosts find each other without them

        room.Peers.ShouldAllBe(p => room.LinksOf(p) == HyParView.MeshSize - 1);
    }

    [Fact]
    public void A_large_room_that_loses_a_third_of_its_members_at_once_goes_on()
    {
        var room = new LargeRoom(Peers, 4);
        room.Fill();
        Talk(room, [room.Peers[0]], 3);
        foreach (var peer in room.Peers.Skip(1).Where((_, i) => i % 3 == 0).ToArray())
        {
            room.Vanish(peer);
        }

        var texts = Talk(room, [room.Peers[0]], 10);
        room.Run(TimeSpan.FromSeconds(60));

        foreach (var peer in room.Alive)
        {
            texts.Except(peer.Texts).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_member_that_takes_nothing_slows_nobody_and_catches_up_later()
    {
        var room = new LargeRoom(Peers, 5);
        room.Fill();
        Talk(room, [room.Peers[0]], 3);
        var stuck = room.Peers[Peers / 2];
        room.Mesh.Stuck = stuck;

        var texts = Talk(room, [room.Peers[0]], 20);

        foreach (var peer in room.Peers.Where(p => p != stuck))
        {
            texts.Except(peer.Texts).ShouldBeEmpty();
        }

        texts.Intersect(stuck.Texts).ShouldBeEmpty();
        room.Mesh.Stuck = null;
        room.Post(room.Peers[0], "the last");
        room.Run(TimeSpan.FromSeconds(20));
        texts.Except(stuck.Texts).ShouldBeEmpty();
    }

    private static List<string> Talk(LargeRoom room, IReadOnlyList<SimulatedPeer> writers, int count)
    {
        var texts = new List<string>();
        for (var i = 0; i < count; i++)
        {
            foreach (var writer in writers)
            {
                texts.Add($"{writer.Name} at {room.Mesh.Now.Ticks}");
                room.Post(writer, texts[^1]);
                room.Run(TimeSpan.FromMilliseconds(400));
            }
        }

        room.Run(TimeSpan.FromSeconds(5));
        return texts;
    }
}
