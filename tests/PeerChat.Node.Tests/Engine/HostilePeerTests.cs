using Google.Protobuf;
using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.WebRtc;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Peers that break the rules on a connection of their own.</summary>
public sealed class HostilePeerTests
{
    [Fact]
    public void A_peer_whose_first_frame_is_no_hello_is_cut_off()
    {
        using var world = new EngineWorld(1);
        var (bob, mallory) = Prepare(world);
        mallory.OnEvent = happened =>
        {
            if (happened is PeerConnectionEvent.ChannelOpened opened)
            {
                mallory.Connection.Send(opened.Channel, isText: false, "hello?"u8, world.Now);
                return true;
            }

            return false;
        };
        mallory.Dial(bob);
        IsCutOff(world, bob, mallory, "did not prove who they are");
    }

    [Theory]
    [InlineData("entries")]
    [InlineData("control")]
    [InlineData("chat")]
    public void A_peer_that_opens_a_channel_before_the_hello_is_cut_off(string label)
    {
        using var world = new EngineWorld(2);
        var (bob, mallory) = Prepare(world);
        mallory.OnEvent = happened =>
        {
            if (happened is PeerConnectionEvent.Connected)
            {
                var channel = mallory.Connection.OpenChannel(label, world.Now);
                mallory.Connection.Send(channel, isText: false, Room(new byte[32], new byte[40]), world.Now);
                return true;
            }

            return happened is not PeerConnectionEvent.Closed;
        };
        mallory.Dial(bob);
        IsCutOff(world, bob, mallory, "channel that it had no right to open");
    }

    [Fact]
    public void A_peer_that_repeats_its_hello_instead_of_proving_itself_is_cut_off()
    {
        using var world = new EngineWorld(3);
        var (bob, mallory) = Prepare(world);
        var sent = false;
        mallory.OnEvent = happened =>
        {
            if (happened is PeerConnectionEvent.MessageReceived received && !sent)
            {
                sent = true;
                mallory.Connection.Send(received.Channel, isText: false, received.Message.Span, world.Now);
                mallory.Connection.Send(received.Channel, isText: false, received.Message.Span, world.Now);
                return true;
            }

            return false;
        };
        mallory.Dial(bob);
        IsCutOff(world, bob, mallory, "did not prove who they are");
    }

    [Fact]
    public void A_frame_that_makes_no_sense_ends_the_link()
    {
        using var world = new EngineWorld(4);
        var (bob, mallory) = Accepted(world);
        mallory.Send([0x0A, 0xFF, 0xFF]);
        IsCutOff(world, bob, mallory, "frame that makes no sense");
    }

    [Fact]
    public void A_second_control_channel_ends_the_link()
    {
        using var world = new EngineWorld(5);
        var (bob, mallory) = Accepted(world);
        mallory.Connection.OpenChannel("control", world.Now);
        mallory.HandleDeadline(world.Now);
        IsCutOff(world, bob, mallory, "channel that it had no right to open");
    }

    [Fact]
    public void A_channel_of_an_unknown_label_is_closed_again_and_the_link_goes_on()
    {
        using var world = new EngineWorld(55);
        var (bob, mallory) = Accepted(world);
        var closed = new List<ushort>();
        mallory.OnEvent = happened =>
        {
            if (happened is PeerConnectionEvent.ChannelClosed one)
            {
                closed.Add(one.Channel);
            }

            return false;
        };
        var unknown = mallory.Connection.OpenChannel("from-the-future", world.Now);
        mallory.Connection.Send(unknown, isText: false, new byte[] { 0x0A, 0xFF, 0xFF }, world.Now);
        mallory.HandleDeadline(world.Now);
        world.RunUntil(() => closed.Count > 0, TimeSpan.FromSeconds(10), "the channel is closed");

        closed.ShouldBe([unknown]);
        bob.Engine.Load.Links.ShouldBe(1);

        for (var i = 0; i < PeerLink.MaxRefusedChannels; i++)
        {
            mallory.Connection.OpenChannel($"more-{i}", world.Now);
        }

        mallory.HandleDeadline(world.Now);
        IsCutOff(world, bob, mallory, "channel that it had no right to open");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    [InlineData(262_000)]
    public void A_room_frame_that_is_malformed_or_too_long_ends_the_link(int length)
    {
        using var world = new EngineWorld(6);
        var (bob, mallory) = Accepted(world);
        var room = LinkFrame.Parser.ParseFrom(
            mallory.Frames.First(frame => LinkFrame.Parser.ParseFrom(frame).Room is not null)
        );
        var garbage = new byte[length];
        Array.Fill(garbage, (byte)0xFF);
        mallory.Send(Room(room.Room.RoomId.ToByteArray(), garbage));
        IsCutOff(world, bob, mallory, "broke the protocol");
    }

    [Fact]
    public void Who_goes_on_sending_for_a_room_that_is_not_there_is_cut_off_and_costs_little_until_then()
    {
        using var world = new EngineWorld(7);
        var (bob, mallory) = Accepted(world);
        var foreign = Enumerable.Repeat((byte)7, 32).ToArray();
        for (var i = 0; i < PeerLink.MaxForeignFrames; i++)
        {
            mallory.Send(Room(foreign, new byte[i < 40 ? 100_000 : 10]));
            world.Run(TimeSpan.FromMilliseconds(i < 40 ? 20 : 1));
        }

        world.Run(TimeSpan.FromSeconds(1));
        mallory.IsClosed.ShouldBeFalse();
        bob.Engine.Load.EarlyBytes.ShouldBeInRange(500_000, PeerLink.MaxEarlyBytes);
        mallory.Send(Room(foreign, new byte[10]));
        IsCutOff(world, bob, mallory, "chat that does not exist");
    }

    [Fact]
    public void Who_asks_again_and_again_for_a_chat_on_one_link_is_heard_once()
    {
        using var world = new EngineWorld(8);
        var (bob, mallory) = Accepted(world);
        for (var i = 0; i < 50; i++)
        {
            mallory.Send(new LinkFrame { ContactRequest = new ContactRequest() }.ToByteArray());
        }

        world.Run(TimeSpan.FromSeconds(2));
        mallory
            .Frames.Select(LinkFrame.Parser.ParseFrom)
            .Count(frame => frame.ContactReply is not null)
            .ShouldBeLessThan(2);
        bob.Told<NodeEvent.RequestReceived>().ShouldBeEmpty();
    }

    [Fact]
    public void A_reply_that_nobody_asked_for_makes_no_contact()
    {
        using var world = new EngineWorld(9);
        var (bob, mallory) = Accepted(world);
        var contacts = bob.Store.Contacts.ReadAll().Count;
        mallory.Send(new LinkFrame { ContactReply = new ContactReply { Accepted = true } }.ToByteArray());
        world.Run(TimeSpan.FromSeconds(2));
        bob.Store.Contacts.ReadAll().Count.ShouldBe(contacts);
        mallory.IsClosed.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(262_143, false)]
    [InlineData(262_144, true)]
    public void A_peer_that_takes_only_small_messages_is_not_answered(int size, bool isAnswered)
    {
        using var world = new EngineWorld(10);
        var (bob, mallory) = Prepare(world);
        var dropped = bob.Engine.DroppedDatagrams;
        mallory.Dial(bob, description => Signals.Change(description, maxMessageSize: size));
        world.Run(TimeSpan.FromSeconds(2));
        mallory.IsAnswered.ShouldBe(isAnswered);
        (bob.Engine.DroppedDatagrams > dropped).ShouldBe(!isAnswered);
    }

    [Fact]
    public void An_offer_is_answered_once_however_often_it_comes()
    {
        using var world = new EngineWorld(11);
        var (bob, mallory) = Prepare(world);
        mallory.Dial(bob);
        for (var i = 0; i < 20; i++)
        {
            mallory.Repeat(bob);
        }

        world.Run(TimeSpan.FromSeconds(2));
        bob.Engine.Load.Links.ShouldBe(1);

        // Also not when the link is long gone.
        mallory.Connection.Close(world.Now);
        mallory.HandleDeadline(world.Now);
        world.Run(TimeSpan.FromSeconds(2));
        mallory.Repeat(bob);
        world.Run(TimeSpan.FromSeconds(1));
        bob.Engine.Load.Links.ShouldBe(0);
    }

    private static (SimulatedNode Bob, HostilePeer Mallory) Prepare(EngineWorld world) =>
        (world.Run("bob", node => node.AcceptAny = true), new HostilePeer(world, "mallory", 66));

    private static (SimulatedNode Bob, HostilePeer Mallory) Accepted(EngineWorld world)
    {
        var (bob, mallory) = Prepare(world);
        mallory.Dial(bob);
        world.RunUntil(
            () => mallory.IsAccepted && mallory.Frames.Count > 2,
            TimeSpan.FromSeconds(5),
            "mallory is accepted"
        );
        return (bob, mallory);
    }

    private static byte[] Room(byte[] room, byte[] frame) =>
        new LinkFrame
        {
            Room = new RoomTraffic { RoomId = ByteString.CopyFrom(room), Frame = ByteString.CopyFrom(frame) },
        }.ToByteArray();

    private static void IsCutOff(EngineWorld world, SimulatedNode bob, HostilePeer mallory, string why)
    {
        world.RunUntil(() => mallory.IsClosed, TimeSpan.FromSeconds(10), "the link is closed");
        world.Run(TimeSpan.FromSeconds(5));
        bob.Engine.Load.Links.ShouldBe(0);
        bob.Shown().ShouldBeEmpty();
        var notice = bob.Told<NodeEvent.Notice>().ShouldHaveSingleItem();
        notice.Code.ShouldBe(NoticeCode.ConnectionRefused);
        notice.Text.ShouldContain(why);
    }
}
