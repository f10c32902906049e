using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class SctpShutdownTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Ends_on_both_sides_after_all_data_arrived(int seed)
    {
        var pair = new AssociationPair(seed, loss: 0.1).Connect();
        for (var i = 0; i < 20; i++)
        {
            pair.SendLeft(new byte[3000]);
            pair.Right.Send(
                new StreamId(1),
                PayloadProtocolIdentifier.Binary,
                new byte[3000],
                false,
                pair.Now
            );
        }

        pair.Left.Shutdown(pair.Now);
        if (seed % 2 == 0)
        {
            pair.Right.Shutdown(pair.Now);
        }

        Should.Throw<InvalidOperationException>(() => pair.SendLeft([1]));
        pair.RunUntil(() =>
                pair.LeftEvents[^1] is SctpEvent.Closed && pair.RightEvents[^1] is SctpEvent.Closed
            )
            .ShouldBeTrue($"seed {seed}");
        pair.LeftEvents.Count.ShouldBe(22, $"seed {seed}");
        pair.RightEvents.Count.ShouldBe(22, $"seed {seed}");
        pair.LeftEvents[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.Shutdown), $"seed {seed}");
        pair.RightEvents[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.Shutdown), $"seed {seed}");
        pair.RunUntil(static () => false).ShouldBeFalse();
        pair.Left.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void Gives_a_silent_peer_50_seconds()
    {
        var pair = new AssociationPair().Connect();
        pair.Filter = static (fromLeft, _) => !fromLeft;
        pair.Left.Shutdown(pair.Now);

        pair.RunUntil(() => pair.LeftEvents[^1] is SctpEvent.Closed).ShouldBeTrue();

        pair.LeftEvents[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.ShutdownTimeout));
        pair.Elapsed.ShouldBeLessThan(SctpAssociation.ShutdownGuard + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Abort_ends_both_sides_at_once_and_nothing_follows()
    {
        var pair = new AssociationPair().Connect();
        pair.SendLeft(new byte[100_000]);
        pair.Left.Abort(pair.Now);
        pair.Left.Abort(pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(20));
        pair.SendLeft([1]);

        pair.LeftEvents.ShouldBe([new SctpEvent.Connected(), new SctpEvent.Closed(SctpCloseReason.Aborted)]);
        pair.RightEvents.ShouldBe([
            new SctpEvent.Connected(),
            new SctpEvent.Closed(SctpCloseReason.AbortedByPeer),
        ]);
        pair.Left.TryTakeTransmit(pair.Now, out _).ShouldBeFalse();
    }

    [Fact]
    public void Shutdown_before_the_association_is_up_ends_it()
    {
        var pair = new AssociationPair();
        pair.Left.Connect(pair.Now);
        pair.Left.Shutdown(pair.Now);
        pair.Drain();

        pair.LeftEvents.ShouldBe([new SctpEvent.Closed(SctpCloseReason.Aborted)]);
    }

    [Fact]
    public void Says_shutdown_complete_again_when_it_was_lost()
    {
        var pair = new AssociationPair().Connect();
        var lost = 0;
        pair.Filter = (_, packet) =>
            !AssociationPair.ChunksOf(packet).Contains(ChunkType.ShutdownComplete) || lost++ > 0;
        pair.Left.Shutdown(pair.Now);

        pair.RunUntil(() => pair.RightEvents[^1] is SctpEvent.Closed).ShouldBeTrue();

        pair.RightEvents[^1].ShouldBe(new SctpEvent.Closed(SctpCloseReason.Shutdown));
        lost.ShouldBe(2);
    }
}
