using PeerChat.WebRtc;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Our stack and Chromium's, over sockets of this machine.</summary>
public sealed class ChromiumTests(ITestOutputHelper output, ChromiumFixture browsers)
    : BrowserTests(output),
        IClassFixture<ChromiumFixture>
{
    private const string Interleaving = "WebRTC-DataChannelMessageInterleaving/Enabled/";

    protected override string Needs => "Chromium";

    /// <inheritdoc/>
    /// <remarks>What is sent in the moment between is lost without a word; its answer (DCEP) shows that the moment is over.</remarks>
    protected override bool OpensEarly => true;

    private protected override IScriptedPeer Counterpart => browsers.Get(hidesAddresses: false, trials: null);

    private protected override IScriptedPeer Hiding => browsers.Get(hidesAddresses: true, trials: null);

    [Theory]
    [InlineData(true, null, null)]
    [InlineData(false, null, null)]
    [InlineData(true, 0, null)]
    [InlineData(false, 0, null)]
    [InlineData(false, 3, null)]
    [InlineData(true, null, 10_000)]
    [InlineData(false, null, 10_000)]
    public void Both_sides_know_each_kind_of_channel(bool isOrdered, int? maxRetransmits, int? lifeTime)
    {
        // All of it fits the first window, so that even what may be given up has gone out before a slow machine's timer runs out.
        const int Count = 4;
        const int Size = 2000; // two chunks
        Connect(weOffer: true, weStartDtls: false);
        Peer.Call(
            "open",
            "peer",
            "kind",
            new
            {
                ordered = isOrdered,
                maxRetransmits,
                maxPacketLifeTime = lifeTime,
                protocol = "p1",
            }
        );
        var kind = Host.AwaitChannel("kind");
        var options = new DataChannelOptions
        {
            IsOrdered = isOrdered,
            MaxRetransmits = maxRetransmits,
            MaxPacketLifeTime = lifeTime is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            Protocol = "p1",
        };
        Host.Run((connection, _) => connection.ChannelOptions(kind)).ShouldBe(options);
        var ours = Open("ours", options);
        ((string?)Peer.Call("describe", "peer", "ours")).ShouldBe(
            $"{(isOrdered ? "true" : "false")} {maxRetransmits} {lifeTime} p1"
        );

        foreach (var (label, channel) in new[] { ("kind", kind), ("ours", ours) })
        {
            Host.Send(channel, [.. Enumerable.Repeat(Size, Count)]);
            Messages(label, Count).ShouldAllBe(each => each == MessagePattern.Right(Size));
            TheySend(label, [.. Enumerable.Repeat(Size, Count)]);
            Host.AwaitMessages(channel, Count).ShouldAllBe(each => each == MessagePattern.Right(Size));
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_channel_closed_by_either_side_ends_at_both_and_leaves_the_others(
        bool weOffer,
        bool weStartDtls
    )
    {
        Connect(weOffer, weStartDtls);
        var theirs = Host.AwaitChannel("theirs");
        var first = Open("first");
        var second = Open("second");
        TheySend("first", 10);
        TheySend("second", 10);
        Host.AwaitMessages(first, 1);
        Host.AwaitMessages(second, 1);

        Host.Send(first, 262_144); // still arrives
        Host.Run((connection, now) => connection.CloseChannel(first, now));
        ((string?)Peer.Call("closed", "peer", "first")).ShouldBe("connected");
        Messages("first", 1).ShouldBe([MessagePattern.Right(262_144)]);
        Host.AwaitChannelClosed(first);

        TheySend("second", 262_144);
        Peer.Call("closeChannel", "peer", "second");
        Host.AwaitChannelClosed(second);
        Host.AwaitMessages(second, 2)[^1].ShouldBe(MessagePattern.Right(262_144));
        ((string?)Peer.Call("closed", "peer", "second")).ShouldBe("connected");

        var third = Open("third");
        third.ShouldBe(first); // the number is free again
        Host.Send(third, 7);
        Messages("third", 1).ShouldBe([MessagePattern.Right(7)]);
        Host.Send(theirs, 8);
        Messages("theirs", 1).ShouldBe([MessagePattern.Right(8)]);
        Peer.Call("open", "peer", "fourth", new { });
        TheySend("fourth", 9);
        Host.AwaitMessages(Host.AwaitChannel("fourth"), 1).ShouldBe([MessagePattern.Right(9)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bulk_passes_both_ways_and_nothing_is_lost_or_swapped(bool interleaves)
    {
        const int Count = 256;
        const int Size = 65_536;
        Connect(weOffer: true, weStartDtls: true, interleaves ? Interleaving : null);
        var theirs = Host.AwaitChannel("theirs");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Host.SendBulk(theirs, Count, Size);
        Messages("theirs", Count).ShouldAllBe(each => each == MessagePattern.Right(Size));
        Print("to Chromium", clock.Elapsed);
        clock.Restart();
        Peer.Call("sendBulk", "peer", "theirs", Count, Size);
        Host.AwaitMessages(theirs, Count).ShouldAllBe(each => each == MessagePattern.Right(Size));
        Print("from Chromium", clock.Elapsed);
        PrintFeatures();
        Host.Run((connection, _) => connection.Features!.Value.Interleaving).ShouldBe(interleaves);

        void Print(string way, TimeSpan elapsed) =>
            Output.WriteLine($"{way}: {Count * (double)Size / 1e6 / elapsed.TotalSeconds:F1} MB/s");
    }

    [Fact]
    public void Long_messages_interleave_with_others_when_Chromium_knows_I_DATA()
    {
        Connect(weOffer: true, weStartDtls: false, Interleaving);
        var theirs = Host.AwaitChannel("theirs");
        var ours = Open("ours", new DataChannelOptions { IsOrdered = false });
        int[] many = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? 262_144 : 5000)];
        Host.Run(
            (connection, now) =>
            {
                foreach (var size in many)
                {
                    connection.Send(theirs, isText: false, MessagePattern.Of(size), now);
                    connection.Send(ours, isText: false, MessagePattern.Of(size), now);
                }
            }
        );
        TheySend("theirs", many);
        TheySend("ours", many);
        string[] expected = [.. many.Select(MessagePattern.Right)];
        Messages("theirs", many.Length).ShouldBe(expected);
        Messages("ours", many.Length).ShouldBe(expected, ignoreOrder: true);
        Host.AwaitMessages(theirs, many.Length).ShouldBe(expected);
        Host.AwaitMessages(ours, many.Length).ShouldBe(expected, ignoreOrder: true);
        PrintFeatures();
    }

    private void Connect(bool weOffer, bool weStartDtls, string? trials = null)
    {
        SkipUnlessAsked(Needs);
        Connect(browsers.Get(hidesAddresses: false, trials), weOffer, weStartDtls);
        ConnectionHost.Read(TheirDescription).HostNameCandidates.ShouldBeEmpty();
    }
}
