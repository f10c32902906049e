using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>Channels with options, and channels that end before their connection, through the whole stack.</summary>
public sealed class ChannelLifeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ConnectionPair _pair = new ConnectionPair().Connect();

    private PeerConnection Left => _pair.Offerer.Connection;
    private PeerConnection Right => _pair.Answerer.Connection;
    private Instant Now => _pair.Network.Now;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_side_closes_a_channel_and_the_connection_goes_on(bool byOpener)
    {
        var channel = Left.OpenChannel("one", Now);
        var other = Left.OpenChannel("two", Now);
        _pair.Network.Run(Second);
        var closer = byOpener ? Left : Right;
        closer.Send(channel, isText: true, "bye"u8, Now);
        closer.CloseChannel(channel, Now);
        closer.Send(channel, isText: true, "too late"u8, Now); // does nothing
        closer.CloseChannel(channel, Now);
        _pair.Network.Run(Second);

        // The other side has not taken its events yet, and may still talk to the channel
        var (peer, peerNode) = byOpener ? (Right, _pair.Answerer) : (Left, _pair.Offerer);
        peer.Send(channel, isText: true, "unseen"u8, Now);
        peer.SetBufferedAmountLowThreshold(channel, 5);
        peerNode.Messages.Single().Message.ToArray().ShouldBe("bye"u8.ToArray());
        peerNode.Events.ShouldContain(new PeerConnectionEvent.ChannelClosed(channel));
        Should.Throw<InvalidOperationException>(() => peer.Send(channel, isText: true, "seen"u8, Now));
        (byOpener ? _pair.Offerer : _pair.Answerer).Events.ShouldContain(
            new PeerConnectionEvent.ChannelClosed(channel)
        );

        Left.OpenChannel("again", Now).ShouldBe(channel);
        Left.Send(channel, isText: true, "new"u8, Now);
        Left.Send(other, isText: true, "old"u8, Now);
        _pair.Network.Run(Second);
        _pair
            .Answerer.Messages.TakeLast(2)
            .Select(message => System.Text.Encoding.UTF8.GetString(message.Message.Span))
            .Order()
            .ShouldBe(["new", "old"]);
        _pair.Offerer.Closed.ShouldBeNull();
    }

    [Fact]
    public void Options_reach_the_peer_and_a_negotiated_channel_needs_no_word()
    {
        var options = new DataChannelOptions
        {
            IsOrdered = false,
            MaxPacketLifeTime = TimeSpan.FromMilliseconds(500),
            Protocol = "game",
            Priority = 1024,
        };
        var channel = Left.OpenChannel("positions", options, Now);
        var agreed = new DataChannelOptions { Id = 100, MaxRetransmits = 0 };
        Left.OpenChannel("agreed", agreed, Now).ShouldBe((ushort)100);
        Right.OpenChannel("agreed", agreed, Now).ShouldBe((ushort)100);
        Right.Send(100, isText: false, [], Now);
        _pair.Network.Run(Second);

        Right.ChannelOptions(channel).ShouldBe(options);
        Left.ChannelOptions(100).ShouldBe(agreed);
        _pair
            .Offerer.Messages.Single()
            .ShouldBe(new PeerConnectionEvent.MessageReceived(100, false, ReadOnlyMemory<byte>.Empty));
        _pair.Answerer.Events.OfType<PeerConnectionEvent.ChannelOpened>().Count().ShouldBe(1);
    }

    [Fact]
    public void A_chat_line_overtakes_a_long_message_on_another_channel()
    {
        var bulk = Left.OpenChannel("bulk", Now);
        var chat = Left.OpenChannel("chat", Now);
        _pair.Network.Run(Second);
        Left.Send(bulk, isText: false, new byte[PeerConnection.LocalMaxMessageSize], Now);
        _pair.Network.Run(TimeSpan.FromMilliseconds(3));
        Left.Send(chat, isText: true, "hi"u8, Now);
        _pair.Network.RunUntil(() => _pair.Answerer.Messages.Count() == 2, Second).ShouldBeTrue();

        _pair.Answerer.Messages.Select(message => message.Channel).ShouldBe([chat, bulk]);
    }

    [Fact]
    public void The_low_amount_is_told()
    {
        var channel = Left.OpenChannel("bulk", Now);
        Left.SetBufferedAmountLowThreshold(channel, 1000);
        Left.Send(channel, isText: false, new byte[100_000], Now);
        _pair.Network.Run(Second);

        _pair.Offerer.Events.Count(e => e == new PeerConnectionEvent.BufferedAmountLow(channel)).ShouldBe(1);
    }
}
