using System.Globalization;
using System.Text.RegularExpressions;
using PeerChat.WebRtc.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc.Layers;

/// <summary>Our SCTP and usrsctp's, which Firefox, libdatachannel and older browsers run, without DTLS around it.</summary>
public sealed partial class UsrsctpTests(ITestOutputHelper output, UsrsctpFixture fixture)
    : IClassFixture<UsrsctpFixture>,
        IDisposable
{
    private const int Reliable = 0; // SCTP_PR_SCTP_NONE
    private const int ByRepetitions = 3; // SCTP_PR_SCTP_RTX
    private const int SupportsInterleaving = 6; // SCTP_ASSOC_SUPPORTS_INTERLEAVING
    private static readonly int[] Sizes = [1, 1200, 16_384, 65_537, 262_144, 3];

    private AssociationPeer? _peer;
    private RunningProgram? _program;

    /// <summary>Who sends the first INIT.</summary>
    public enum Beginner
    {
        /// <summary>Our side.</summary>
        We,

        /// <summary>The other side.</summary>
        They,

        /// <summary>Both at the same moment.</summary>
        Both,
    }

    private AssociationPeer Peer => _peer!;

    private RunningProgram Program => _program!;

    /// <inheritdoc/>
    public void Dispose()
    {
        output.WriteLine($"our side: {_peer?.Closed?.ToString() ?? "open"}, {_peer?.Association.Features}");
        _program?.Dispose();
        _peer?.Dispose();
    }

    [Theory]
    [InlineData(Beginner.We, false)]
    [InlineData(Beginner.They, false)]
    [InlineData(Beginner.Both, false)]
    [InlineData(Beginner.We, true)]
    [InlineData(Beginner.They, true)]
    [InlineData(Beginner.Both, true)]
    public void Every_size_passes_both_ways_whoever_begins(Beginner beginner, bool interleaves)
    {
        Connect(beginner, PathQuality.Slow, interleaves);
        Peer.Association.Features!.Value.Interleaving.ShouldBe(interleaves);
        Exchange();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Nothing_is_lost_on_a_path_that_drops_delays_reorders_and_doubles(int seed, bool interleaves)
    {
        Connect(Beginner.Both, PathQuality.Bad(seed), interleaves);
        Exchange();
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void What_is_given_up_is_skipped_at_both_sides(int seed, bool interleaves)
    {
        const int Count = 200;
        Connect(Beginner.We, PathQuality.Bad(seed), interleaves);
        foreach (var isUnordered in new[] { false, true })
        {
            var stream = (ushort)(isUnordered ? 2 : 1);
            for (var i = 0; i < Count; i++)
            {
                Peer.Send(stream, 1500, new SendOptions(isUnordered, MaxRetransmissions: 0));
                TheySend(stream, 1500, isUnordered, ByRepetitions, 0);
            }

            Peer.Send(stream, 7, new SendOptions(isUnordered));
            TheySend(stream, 7, isUnordered);
            Peer.RunUntil(() => Peer.Messages(stream).Contains(MessagePattern.Right(7)));
            Peer.RunUntil(() => Theirs(stream).Contains(MessagePattern.Right(7)));
            foreach (var messages in new[] { Peer.Messages(stream), Theirs(stream) })
            {
                output.WriteLine($"{messages.Length - 1} of {Count} arrived");
                messages.Length.ShouldBeInRange(2, Count);
                messages.ShouldAllBe(each =>
                    each == MessagePattern.Right(1500) || each == MessagePattern.Right(7)
                );
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Streams_begin_anew_at_the_wish_of_either_side(bool interleaves)
    {
        Connect(Beginner.They, PathQuality.Bad(7), interleaves);
        for (var round = 1; round <= 3; round++)
        {
            var count = round;
            Peer.Send(4, 20_000);
            Peer.Reset(4);
            Peer.RunUntil(() => Peer.Events.OfType<SctpEvent.StreamsReset>().Count() == count);
            Peer.Events.OfType<SctpEvent.StreamsReset>()
                .ShouldAllBe(each => each.IsDone && each.Streams.Single() == new StreamId(4));
            Peer.RunUntil(() => Events("reset incoming 4").Count() == count, () => Program.Output);
            Peer.RunUntil(() => Theirs(4).Length == count);

            TheySend(5, 20_000);
            Program.Type("reset 5");
            Peer.RunUntil(
                () => Peer.Events.OfType<SctpEvent.PeerResetStreams>().Count() == count,
                () => Program.Output
            );
            Peer.RunUntil(() => Events("reset outgoing 5").Count() == count, () => Program.Output);
            Peer.Messages(5).Length.ShouldBe(count);
        }

        Exchange();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whoever_shuts_the_association_down_all_that_was_sent_arrives_before(bool weEnd)
    {
        Connect(Beginner.We, PathQuality.Bad(8), interleaves: false);
        for (var i = 0; i < 20; i++)
        {
            Peer.Send(1, 30_000);
            TheySend(1, 30_000);
        }

        Peer.RunUntil(() => Peer.Messages(1).Length > 0 && Theirs(1).Length > 0);
        if (weEnd)
        {
            Peer.Shutdown();
        }
        else
        {
            Program.Type("shutdown");
        }

        Peer.RunUntil(() => Peer.Closed is not null, () => Program.Output);
        Peer.RunUntil(() => Events("ended").Any(), () => Program.Output);
        Peer.Closed.ShouldBe(SctpCloseReason.Shutdown);
        string[] all = [.. Enumerable.Repeat(MessagePattern.Right(30_000), 20)];
        Theirs(1).ShouldBe(all);
        Peer.Messages(1).ShouldBe(all);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_abort_of_either_side_ends_it_at_both(bool weEnd)
    {
        Connect(Beginner.They, PathQuality.Slow, interleaves: false);
        if (weEnd)
        {
            Peer.Abort();
        }
        else
        {
            Program.Type("abort");
        }

        Peer.RunUntil(() => Peer.Closed is not null);
        Peer.Closed.ShouldBe(weEnd ? SctpCloseReason.Aborted : SctpCloseReason.AbortedByPeer);
        Peer.RunUntil(() => Events("lost").Any(), () => Program.Output);
    }

    private void Connect(Beginner beginner, PathQuality path, bool interleaves)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PEERCHAT_INTEROP") == "1",
            "Needs gcc and libusrsctp-dev; .ci/run installs them and sets PEERCHAT_INTEROP=1."
        );
        _peer = new AssociationPeer(path, interleaves);
        _program = fixture.Start(_peer.Port, interleaves);
        Program.WaitUntil(text => PortLine().IsMatch(text), "the port");
        var port = PortLine().Match(Program.Output).Groups["port"].Value;
        Peer.SendTo(int.Parse(port, CultureInfo.InvariantCulture));
        Program.Type("listen");
        Program.WaitFor("listening");
        if (beginner != Beginner.We)
        {
            Program.Type("connect");
        }

        if (beginner != Beginner.They)
        {
            Peer.Connect();
        }

        Peer.RunUntil(() => Peer.Association.IsEstablished && Events("up").Any(), () => Program.Output);
        Events("up").Single().Split(' ').Skip(1).Contains($"{SupportsInterleaving}").ShouldBe(interleaves);
    }

    private void Exchange()
    {
        (ushort Stream, bool IsUnordered)[] streams = [(10, false), (11, true), (12, false)];
        foreach (var size in Sizes)
        {
            foreach (var (stream, isUnordered) in streams)
            {
                Peer.Send(stream, size, new SendOptions(isUnordered));
                TheySend(stream, size, isUnordered);
            }
        }

        string[] all = [.. Sizes.Select(MessagePattern.Right)];
        foreach (var (stream, isUnordered) in streams)
        {
            Peer.RunUntil(() => Peer.Messages(stream).Length == all.Length, () => $"{Peer.Events[^1]}");
            Peer.RunUntil(() => Theirs(stream).Length == all.Length, () => Program.Output);
            Peer.Messages(stream).ShouldBe(all, isUnordered);
            Theirs(stream).ShouldBe(all, isUnordered);
            Events($"message {stream} ")
                .ShouldAllBe(line =>
                    line.EndsWith(isUnordered ? "unordered" : " ordered", StringComparison.Ordinal)
                    && line.Split(' ')[2] == $"{PayloadProtocolIdentifier.Binary.Value}"
                );
        }
    }

    private void TheySend(
        ushort stream,
        int size,
        bool isUnordered = false,
        int policy = Reliable,
        int value = 0
    ) =>
        Program.Type(
            $"send {stream} {PayloadProtocolIdentifier.Binary.Value} {size} {(isUnordered ? 1 : 0)} {policy} {value}"
        );

    // The messages that came there on a stream, as MessagePattern names them.
    private string[] Theirs(ushort stream) =>
        [
            .. Events($"message {stream} ")
                .Select(line => line.Split(' '))
                .Select(word => $"{word[3]} {word[4]}"),
        ];

    private IEnumerable<string> Events(string prefix) =>
        Program.Output.Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal));

    [GeneratedRegex("^port (?<port>[0-9]+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex PortLine();
}
