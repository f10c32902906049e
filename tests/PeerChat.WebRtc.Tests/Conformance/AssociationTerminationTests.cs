using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>How an association ends (RFC 9260 section 9), step by step.</summary>
public sealed class AssociationTerminationTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(nameof(Wire.Established))]
    [InlineData(nameof(Wire.ShutdownPending))]
    [InlineData(nameof(Wire.ShutdownSent))]
    [InlineData(nameof(Wire.ShutdownReceived))]
    [InlineData(nameof(Wire.ShutdownAckSent))]
    [InlineData(nameof(Wire.CookieWait))]
    [InlineData(nameof(Wire.CookieEchoed))]
    public void An_ABORT_ends_it_in_every_state_without_an_answer(string state)
    {
        var wire = Wire.In(state);
        wire.Give(ErrorChunk.Create(ChunkType.Abort, ErrorCause.UserInitiatedAbort, "bye"u8));

        wire.TakeCloseReason().ShouldBe(SctpCloseReason.AbortedByPeer);
        wire.Wait(Minute).ShouldBeEmpty();
        wire.Association.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void SHUTDOWN_waits_until_all_data_is_acknowledged()
    {
        var wire = Wire.ShutdownPending();
        wire.Wait(TimeSpan.FromSeconds(3)).ShouldAllBe(sent => !sent.Packet.Has(ChunkType.Shutdown));

        wire.Give(Sctp.HandmadePeer.Sack(wire.FirstTsn));
        var shutdown = wire.Take().ShouldHaveSingleItem();
        shutdown.Types.ShouldBe([ChunkType.Shutdown]);
        ShutdownChunk.TryParse(shutdown.Chunks[0], out var chunk).ShouldBeTrue();
        chunk.CumulativeTsnAck.ShouldBe(Wire.PeerTsn.Previous);
    }

    [Theory]
    [InlineData(nameof(Wire.ShutdownSent), ChunkType.Shutdown)]
    [InlineData(nameof(Wire.ShutdownAckSent), ChunkType.ShutdownAck)]
    internal void What_is_not_answered_is_repeated_and_in_the_end_given_up(string state, ChunkType type)
    {
        var wire = Wire.In(state);
        var sent = wire.Wait(Minute * 5);

        sent[..^1].ShouldAllBe(each => each.Packet.Has(type));
        sent.Count.ShouldBeInRange(4, SctpAssociation.MaxRetransmissions + 2);
        sent[^1].Packet.Types.ShouldBe([ChunkType.Abort]);
        wire.TakeCloseReason().ShouldBe(SctpCloseReason.ShutdownTimeout);
        wire.Wait(Minute).ShouldBeEmpty();
    }

    [Fact]
    public void SHUTDOWN_ACK_is_answered_by_SHUTDOWN_COMPLETE_and_all_is_over()
    {
        var wire = Wire.ShutdownSent();
        wire.Give(BareChunk.Create(ChunkType.ShutdownAck));

        var complete = wire.Take().ShouldHaveSingleItem();
        complete.Types.ShouldBe([ChunkType.ShutdownComplete]);
        (complete.Chunks[0][1] & ChunkHeader.TagReflected).ShouldBe(0);
        complete.Tag.ShouldBe(Wire.PeerTag);
        wire.TakeCloseReason().ShouldBe(SctpCloseReason.Shutdown);
    }

    [Fact]
    public void SHUTDOWN_COMPLETE_ends_it_after_SHUTDOWN_ACK()
    {
        var wire = Wire.ShutdownAckSent();
        wire.Give(BareChunk.Create(ChunkType.ShutdownComplete));

        wire.TakeCloseReason().ShouldBe(SctpCloseReason.Shutdown);
        wire.Wait(Minute).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(nameof(Wire.ShutdownPending), true)]
    [InlineData(nameof(Wire.ShutdownSent), true)]
    [InlineData(nameof(Wire.ShutdownReceived), false)] // the caller may not know yet that the peer leaves
    [InlineData(nameof(Wire.ShutdownAckSent), false)]
    public void No_new_message_is_taken_once_the_end_has_begun(string state, bool throws)
    {
        var wire = Wire.In(state);
        if (throws)
        {
            Should.Throw<InvalidOperationException>(() => wire.Send([77]));
        }
        else
        {
            wire.Send([77]);
        }

        wire.Association.Shutdown(wire.Now); // a second time, or crossing: changes nothing either
        wire.Wait(TimeSpan.FromSeconds(5))
            .SelectMany(sent => sent.Packet.Chunks)
            .Where(chunk => chunk[0] == (byte)ChunkType.Data)
            .Select(chunk => chunk[^1])
            .ShouldNotContain((byte)77);
    }

    [Fact]
    public void Data_that_comes_after_our_SHUTDOWN_is_taken_and_answered_by_another_SHUTDOWN_with_SACK()
    {
        var wire = Wire.ShutdownSent();
        wire.Give(Wire.Data(0));

        var answer = wire.Take().ShouldHaveSingleItem();
        answer.Types.ShouldBe([ChunkType.Sack, ChunkType.Shutdown]);
        ShutdownChunk.TryParse(answer.Of(ChunkType.Shutdown), out var shutdown).ShouldBeTrue();
        shutdown.CumulativeTsnAck.ShouldBe(Wire.PeerTsn);
        wire.TakeEvents().ShouldHaveSingleItem().ShouldBeOfType<SctpEvent.MessageReceived>();
    }

    [Fact]
    public void Data_that_comes_after_the_peers_SHUTDOWN_is_discarded()
    {
        foreach (var state in new[] { nameof(Wire.ShutdownReceived), nameof(Wire.ShutdownAckSent) })
        {
            var wire = Wire.In(state);
            wire.Give(Wire.Data(0));
            wire.Take().ShouldBeEmpty();
            wire.TakeEvents().ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_SHUTDOWN_that_comes_while_data_is_under_way_is_answered_once_that_is_acknowledged()
    {
        var wire = Wire.ShutdownReceived();
        wire.Give(Sctp.HandmadePeer.Sack(wire.FirstTsn));
        wire.TakeTypes().ShouldBe([ChunkType.ShutdownAck]);
    }

    [Fact]
    public void Data_that_the_peer_lost_is_repeated_although_it_leaves()
    {
        var wire = Wire.ShutdownReceived();
        wire.Wait(TimeSpan.FromSeconds(5)).ShouldContain(sent => sent.Packet.Has(ChunkType.Data));
    }

    [Fact]
    public void A_SHUTDOWN_that_acknowledges_all_is_answered_at_once()
    {
        var wire = Wire.Established();
        wire.Send([1]);
        wire.Take();
        wire.Give(Wire.Shutdown(wire.FirstTsn));

        wire.TakeTypes().ShouldBe([ChunkType.ShutdownAck]);
        wire.Association.TotalBufferedAmount.ShouldBe(0);
    }

    [Fact]
    public void Two_SHUTDOWNs_that_cross_end_it()
    {
        var wire = Wire.ShutdownSent();
        wire.Give(Wire.Shutdown(wire.FirstTsn.Previous));
        wire.TakeTypes().ShouldBe([ChunkType.ShutdownAck]);
        wire.Give(BareChunk.Create(ChunkType.ShutdownAck)); // theirs crosses too
        wire.TakeTypes().ShouldBe([ChunkType.ShutdownComplete]);
        wire.TakeCloseReason().ShouldBe(SctpCloseReason.Shutdown);
    }

    [Fact]
    public void A_SHUTDOWN_that_comes_again_brings_SHUTDOWN_ACK_again()
    {
        var wire = Wire.ShutdownAckSent();
        wire.Give(Wire.Shutdown(wire.FirstTsn.Previous));
        wire.TakeTypes().ShouldBe([ChunkType.ShutdownAck]);
        wire.TakeEvents().ShouldBeEmpty();
    }

    [Fact]
    public void The_wait_for_the_answer_begins_anew_with_each_SHUTDOWN_that_data_brings()
    {
        var wire = Wire.ShutdownSent();
        var first = wire.Association.NextDeadline.ShouldNotBeNull();
        wire.Now += (first - wire.Now) / 2;
        wire.Give(Wire.Data(0));
        wire.Take();
        wire.Association.NextDeadline.ShouldNotBeNull().ShouldBeGreaterThan(first);
    }

    [Fact]
    public void SHUTDOWN_COMPLETE_is_said_again_when_the_peer_did_not_hear_it()
    {
        var wire = Wire.ShutdownSent();
        wire.Give(BareChunk.Create(ChunkType.ShutdownAck));
        wire.Take();
        wire.Give(BareChunk.Create(ChunkType.ShutdownAck));
        wire.TakeTypes().ShouldBe([ChunkType.ShutdownComplete]);
    }
}
