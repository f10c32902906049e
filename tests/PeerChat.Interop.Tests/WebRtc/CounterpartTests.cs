using PeerChat.WebRtc;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>What every counterpart must do with our stack, whoever offers and whoever starts DTLS.</summary>
public abstract class CounterpartTests(ITestOutputHelper output) : ScriptedPeerTests(output)
{
    private const string Text = "grüß dich, 世界";
    private static readonly int[] AllSizes = [0, 1, 1200, 16_384, 65_537, 262_144, 0, 3];

    private static readonly (string Label, DataChannelOptions Options, object Theirs)[] Kinds =
    [
        ("ordered", new() { Protocol = "p1" }, new { protocol = "p1" }),
        ("unordered", new() { IsOrdered = false }, new { ordered = false }),
        // Nothing is lost on the way, and a slow machine's timers must not give up what is only late.
        (
            "repeated",
            new() { IsOrdered = false, MaxRetransmits = 10_000 },
            new { ordered = false, maxRetransmits = 10_000 }
        ),
        ("timed", new() { MaxPacketLifeTime = TimeSpan.FromSeconds(60) }, new { maxPacketLifeTime = 60_000 }),
    ];

    /// <summary>The other side.</summary>
    private protected abstract IScriptedPeer Counterpart { get; }

    /// <summary>What has to be installed.</summary>
    protected abstract string Needs { get; }

    /// <summary>Whether its interface tells rightly of what kind a channel is that our side opened.</summary>
    protected virtual bool TellsKinds => true;

    /// <summary>Whether it always hands over what it has acknowledged on a channel before it says that the channel is closed.</summary>
    protected virtual bool DeliversBeforeClosing => true;

    /// <summary>Whether it may be DTLS client or server, whoever offers.</summary>
    protected virtual bool TakesEitherDtlsRole => true;

    /// <summary>Whether messages that are given up on one channel leave what has come in part on others alone.</summary>
    protected virtual bool GivesUpAlone => true;

    /// <summary>Whether two messages of one channel that wait for a third are both handed over, whatever stands between their TSNs.</summary>
    protected virtual bool DeliversAcrossGaps => true;

    /// <summary>Sizes that the other side takes.</summary>
    protected virtual int[] Sizes => AllSizes;

    /// <summary>Sizes that the other side can send.</summary>
    protected virtual int[] TheirSizes => Sizes;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Every_size_passes_both_ways_on_every_kind_of_channel_and_either_side_closes_one(
        bool weOffer,
        bool weStartDtls
    )
    {
        Assert.SkipUnless(
            TakesEitherDtlsRole || weOffer != weStartDtls,
            "It does not know that its channels' numbers depend on its DTLS role (RFC 8832 section 6)."
        );
        Begin(weOffer, weStartDtls);
        Host.AwaitChannel("theirs"); // their association stands as well: some stacks open twice what is asked for in that moment
        Host.Run((connection, _) => connection.Binding!.IsDtlsClient).ShouldBe(weStartDtls);
        Dictionary<string, ushort> channels = [];
        foreach (var (label, options, theirs) in Kinds)
        {
            channels[$"our {label}"] = Open($"our {label}", options);
            Peer.Call("open", "peer", $"their {label}", theirs);
            channels[$"their {label}"] = Host.AwaitChannel($"their {label}");
            var asTheySay = Host.Run((c, _) => c.ChannelOptions(channels[$"their {label}"]));
            asTheySay.ShouldBe(options with { Priority = asTheySay.Priority }); // some say 0, some 256
            var milliseconds = options.MaxPacketLifeTime?.TotalMilliseconds;
            if (TellsKinds)
            {
                ((string?)Peer.Call("describe", "peer", $"our {label}")).ShouldBe(
                    $"{(options.IsOrdered ? "true" : "false")} {options.MaxRetransmits} {milliseconds} {options.Protocol}"
                );
            }
        }

        foreach (var (label, channel) in channels)
        {
            Host.Send(channel, Sizes);
            Host.Send(channel, Text);
            object[] all = [.. TheirSizes, Text];
            TheySend(label, all);
            if (!DeliversAcrossGaps)
            {
                Messages(label, Sizes.Length + 1); // before another channel's chunks come between
            }
        }

        foreach (var (label, channel) in channels)
        {
            var ignoreOrder =
                label.Contains("unordered", StringComparison.Ordinal)
                || label.Contains("repeated", StringComparison.Ordinal);
            Messages(label, Sizes.Length + 1)
                .ShouldBe([.. Sizes.Select(MessagePattern.Right), $"text {Text}"], ignoreOrder, label);
            Host.AwaitMessages(channel, TheirSizes.Length + 1)
                .ShouldBe([.. TheirSizes.Select(MessagePattern.Right), $"text {Text}"], ignoreOrder, label);
        }

        CloseChannels(channels);
        PrintFeatures();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_closed_by_either_side_ends_at_both(bool weClose)
    {
        Begin(weOffer: weClose, weStartDtls: TakesEitherDtlsRole == weClose);
        Host.AwaitChannel("theirs");
        if (weClose)
        {
            Host.Run((connection, now) => connection.Close(now));
            Peer.Call("closed", "peer", "theirs");
            Host.AwaitClosed().Reason.ShouldBe(CloseReason.Local);
        }
        else
        {
            Peer.Call("close", "peer");
            Host.AwaitClosed().Reason.ShouldBe(CloseReason.Remote);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Nothing_reliable_is_lost_on_a_path_that_drops_delays_reorders_and_doubles(
        int seed,
        bool weOffer
    )
    {
        SkipUnlessAsked(Needs); // before an address is wanted, which not every machine has
        using var relay = new Relay(
            OwnHost(),
            seed,
            loss: 0.02,
            TimeSpan.FromMilliseconds(2),
            TimeSpan.FromMilliseconds(12),
            duplication: 0.03
        );
        Begin(weOffer, weStartDtls: TakesEitherDtlsRole == weOffer, relay);
        var theirs = Host.AwaitChannel("theirs");
        int? repetitions = GivesUpAlone ? 0 : null;
        var lossy = Open("lossy", new DataChannelOptions { IsOrdered = false, MaxRetransmits = repetitions });
        int[] many = [.. Enumerable.Repeat(900, 100)];
        var some = many.Length / 20;
        if (DeliversAcrossGaps)
        {
            Host.Send(lossy, many);
        }

        Host.Send(theirs, Sizes);
        TheySend("theirs", TheirSizes);
        TheySend("lossy", many);
        TheySend("theirs", 5);
        Host.Send(theirs, 5);
        if (!DeliversAcrossGaps)
        {
            Messages("theirs", Sizes.Length + 1);
            Host.Send(lossy, many);
        }

        string[] ours = [.. Sizes.Select(MessagePattern.Right), MessagePattern.Right(5)];
        Messages("theirs", ours.Length).ShouldBe(ours);
        Host.AwaitMessages(theirs, TheirSizes.Length + 1)
            .ShouldBe([.. TheirSizes.Select(MessagePattern.Right), MessagePattern.Right(5)]);
        // What is sent once may be taken for lost when others overtake it. But some arrives, all of it whole, none of it twice.
        Messages("lossy", some).ShouldAllBe(each => each == MessagePattern.Right(900));
        Messages("lossy", 0).Length.ShouldBeLessThanOrEqualTo(many.Length);
        Host.AwaitMessages(lossy, some).ShouldAllBe(each => each == MessagePattern.Right(900));
        Host.AwaitMessages(lossy, 0).Count.ShouldBeLessThanOrEqualTo(many.Length);
        relay.Datagrams.ShouldBeGreaterThan(500);
    }

    private void CloseChannels(Dictionary<string, ushort> channels)
    {
        Host.Send(channels["our ordered"], 16_384); // still arrives
        if (!DeliversBeforeClosing)
        {
            Messages("our ordered", Sizes.Length + 2);
        }

        Host.Run((connection, now) => connection.CloseChannel(channels["our ordered"], now));
        Peer.Call("closed", "peer", "our ordered");
        Messages("our ordered", Sizes.Length + 2)[^1].ShouldBe(MessagePattern.Right(16_384));
        Host.AwaitChannelClosed(channels["our ordered"]);
        Peer.Call("closeChannel", "peer", "their unordered");
        Host.AwaitChannelClosed(channels["their unordered"]);
        Peer.Call("closed", "peer", "their unordered");

        Host.Send(channels["our timed"], 7); // the others go on
        Messages("our timed", Sizes.Length + 2)[^1].ShouldBe(MessagePattern.Right(7));
        TheySend("our timed", 7);
        Host.AwaitMessages(channels["our timed"], TheirSizes.Length + 2)[^1]
            .ShouldBe(MessagePattern.Right(7));
    }

    private protected void Begin(bool weOffer, bool weStartDtls, Relay? relay = null)
    {
        SkipUnlessAsked(Needs);
        Connect(Counterpart, weOffer, weStartDtls, relay);
    }
}
