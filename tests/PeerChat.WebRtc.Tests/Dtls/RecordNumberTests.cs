using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using PeerChat.WebRtc.Dtls;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

/// <summary>What happens when the 48-bit numbers of records come to their end, or a key has encrypted as much as it may.</summary>
public sealed class RecordNumberTests
{
    [Fact]
    public void The_last_numbers_are_used_once_each_and_then_the_connection_ends_with_a_farewell()
    {
        using var pair = DtlsPair.Connected();
        SetNextNumber(pair.Client, RecordHeader.MaxSequenceNumber - 3);
        for (var i = 0; i < 6; i++)
        {
            pair.Client.Connection.Send([(byte)i]);
        }

        var numbers = pair.Client.Drain().ConvertAll(NumberOf);
        numbers.ShouldBe([
            RecordHeader.MaxSequenceNumber - 3,
            RecordHeader.MaxSequenceNumber - 2,
            RecordHeader.MaxSequenceNumber - 1,
            RecordHeader.MaxSequenceNumber, // close_notify
        ]);
        pair.Client.CloseReason.ShouldBe(DtlsCloseReason.RecordLimit);
    }

    [Fact]
    public void The_other_end_reads_up_to_the_last_number_in_any_order_and_each_once()
    {
        using var pair = DtlsPair.Connected();
        SetNextNumber(pair.Client, RecordHeader.MaxSequenceNumber - 3);
        for (var i = 0; i < 3; i++)
        {
            pair.Client.Connection.Send([(byte)i]);
        }

        var records = pair.Client.Drain();
        foreach (var place in new[] { 2, 0, 1, 2, 1, 0 })
        {
            pair.Server.Connection.HandleDatagram(pair.Now, records[place]);
        }

        pair.Server.Drain();
        pair.Server.Received.Select(data => (int)data[0]).ShouldBe([2, 0, 1]);
        pair.Server.Connection.Counters.Replayed.ShouldBe(3);

        pair.Client.Connection.Send([9]);
        pair.Server.Connection.HandleDatagram(pair.Now, pair.Client.Drain().ShouldHaveSingleItem());
        pair.Server.Drain();
        pair.Server.CloseReason.ShouldBe(DtlsCloseReason.PeerClose);
    }

    [Fact]
    public void With_no_number_left_nothing_is_sent_whatever_comes_in()
    {
        using var pair = DtlsPair.Connected();
        SetNextNumber(pair.Server, RecordHeader.MaxSequenceNumber + 1);
        pair.Server.Connection.Send([1]);
        pair.Server.Drain().ShouldBeEmpty();
        pair.Server.CloseReason.ShouldBe(DtlsCloseReason.RecordLimit);

        using var other = DtlsPair.Connected();
        SetNextNumber(other.Server, RecordHeader.MaxSequenceNumber + 1);
        other.Client.Connection.Close();
        other.Server.Connection.HandleDatagram(other.Now, other.Client.Drain().ShouldHaveSingleItem());
        other.Server.Drain().ShouldBeEmpty();
        other.Server.CloseReason.ShouldBe(DtlsCloseReason.PeerClose);
    }

    [Fact]
    public void A_key_that_has_encrypted_as_many_blocks_as_it_may_ends_the_connection()
    {
        using var pair = DtlsPair.Connected();
        ref var blocks = ref BlocksOf(RecordsOf(pair.Client.Connection));
        blocks.ShouldBeInRange(1ul, 20ul); // Finished
        blocks = RecordLayer.MaxBlocks - 1;
        pair.Client.Connection.Send(new byte[1000]);
        blocks.ShouldBe(RecordLayer.MaxBlocks - 1 + 64);
        pair.Client.CloseReason.ShouldBeNull();
        pair.Client.Connection.Send(new byte[1000]);

        pair.Client.Drain()
            .ConvertAll(datagram => (ContentType)datagram[0])
            .ShouldBe([ContentType.ApplicationData, ContentType.Alert]);
        pair.Client.CloseReason.ShouldBe(DtlsCloseReason.RecordLimit);
    }

    [Fact]
    public void The_window_of_repetitions_ends_at_the_last_number()
    {
        var window = new ReplayWindow();
        const ulong Last = RecordHeader.MaxSequenceNumber;
        window.Mark(Last - 5);
        window.Mark(Last);
        window.Admits(Last).ShouldBeFalse();
        window.Admits(Last - 5).ShouldBeFalse();
        window.Admits(Last - 1).ShouldBeTrue();
        window.Admits(Last - ReplayWindow.Size + 1).ShouldBeTrue();
        window.Admits(0).ShouldBeFalse();
    }

    private static ulong NumberOf(byte[] datagram) =>
        BinaryPrimitives.ReadUInt64BigEndian(datagram.AsSpan(3)) & RecordHeader.MaxSequenceNumber;

    private static void SetNextNumber(DtlsPair.Side side, ulong number) =>
        NumbersOf(RecordsOf(side.Connection))[1] = number;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_records")]
    private static extern ref RecordLayer RecordsOf(DtlsConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nextSequenceNumber")]
    private static extern ref ulong[] NumbersOf(RecordLayer records);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_blocks")]
    private static extern ref ulong BlocksOf(RecordLayer records);
}
