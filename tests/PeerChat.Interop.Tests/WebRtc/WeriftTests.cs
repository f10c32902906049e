using PeerChat.WebRtc;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Our stack and werift's, which is written in TypeScript from the ground up.</summary>
/// <remarks>
/// What is not here, werift 0.24.4 does not do: it answers as active whatever was offered, numbers its channels by the ICE
/// role and not the DTLS role, sends nothing at all for an empty message, and leaves without an alert.
/// </remarks>
public sealed class WeriftTests(ITestOutputHelper output, WeriftTests.Fixture fixture)
    : ScriptedPeerTests(output),
        IClassFixture<WeriftTests.Fixture>
{
    // It announces 65536 as its largest message.
    private static readonly int[] Sizes = [1, 1200, 16_384, 65_536, 3];

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Every_size_arrives_whole_both_ways(bool weOffer, bool weStartDtls)
    {
        Connect(weOffer, weStartDtls);
        var theirs = Host.AwaitChannel("theirs");
        var ours = Open("ours", new DataChannelOptions { IsOrdered = false, MaxRetransmits = 2 });
        string[] expected = [.. Sizes.Select(MessagePattern.Right), "text grüß dich, 世界"];

        Host.Send(theirs, Sizes);
        Host.Send(theirs, "grüß dich, 世界");
        Messages("theirs", expected.Length).ShouldBe(expected);
        Host.Send(ours, Sizes);
        Messages("ours", Sizes.Length).ShouldBe([.. Sizes.Select(MessagePattern.Right)], ignoreOrder: true);

        object[] all = [.. Sizes, "grüß dich, 世界"];
        Peer.Call("send", "peer", "theirs", all);
        Host.AwaitMessages(theirs, expected.Length).ShouldBe(expected);
        Host.Run((connection, _) => connection.Binding!.IsDtlsClient).ShouldBe(weStartDtls);
        PrintFeatures();
    }

    [Fact]
    public void Empty_messages_arrive()
    {
        Connect(weOffer: true, weStartDtls: true);
        var theirs = Host.AwaitChannel("theirs");
        Host.Send(theirs, 0, 1);
        Messages("theirs", 2).ShouldBe([MessagePattern.Right(0), MessagePattern.Right(1)]);
    }

    [Fact]
    public void A_channel_closed_by_either_side_ends_at_both()
    {
        Connect(weOffer: false, weStartDtls: true);
        var theirs = Host.AwaitChannel("theirs");
        var ours = Open("ours");
        Host.Send(ours, 5);
        Messages("ours", 1).ShouldBe([MessagePattern.Right(5)]);
        Host.Run((connection, now) => connection.CloseChannel(ours, now));
        Peer.Call("closed", "peer", "ours");
        Host.AwaitChannelClosed(ours);
        Peer.Call("closeChannel", "peer", "theirs");
        Host.AwaitChannelClosed(theirs);
    }

    [Fact]
    public void A_connection_closed_here_ends_there()
    {
        Connect(weOffer: true, weStartDtls: false);
        Host.AwaitChannel("theirs");
        Host.Run((connection, now) => connection.Close(now));
        Peer.Call("closed", "peer", "theirs");
        Host.AwaitClosed().Reason.ShouldBe(CloseReason.Local);
    }

    private void Connect(bool weOffer, bool weStartDtls)
    {
        SkipUnlessAsked("Node.js and the packages in node");
        Connect(fixture.Peer, weOffer, weStartDtls);
    }

    /// <summary>Its process.</summary>
    public sealed class Fixture : CounterpartFixture
    {
        internal override IScriptedPeer Start() => LinePeer.Node("werift.mjs");
    }
}
