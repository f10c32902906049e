using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Receiving;
using PeerChat.WebRtc.Tests.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>What a peer behind DTLS can make an association keep, send or do: each limit at it and past it.</summary>
public sealed class StateExhaustionTests
{
    private const int Whole = DataChunk.BeginFlag | DataChunk.EndFlag;

    [Fact]
    public void A_packet_is_read_up_to_its_128th_chunk()
    {
        byte[] skip = [0xBF, 0, 0, 4];
        var heartbeat = BareChunk.Create(ChunkType.Heartbeat);
        var wire = Wire.Established();
        wire.Give([.. Enumerable.Repeat(skip, SctpAssociation.MaxChunksPerPacket - 1), heartbeat]);
        wire.TakeTypes().ShouldBe([ChunkType.HeartbeatAck]);
        wire.Give([.. Enumerable.Repeat(skip, SctpAssociation.MaxChunksPerPacket), heartbeat]);
        wire.Take().ShouldBeEmpty();
    }

    [Fact]
    public void A_HEARTBEAT_is_sent_back_up_to_what_a_packet_holds_and_once_per_packet()
    {
        var largest = SctpAssociation.MaxReportedBytes - ChunkHeader.Size;
        var wire = Wire.Established();
        wire.Give(BareChunk.Create(ChunkType.Heartbeat, new byte[largest]));
        wire.Take().ShouldHaveSingleItem().Length.ShouldBeLessThanOrEqualTo(SctpOptions.MaxPacketSize);
        wire.Give(BareChunk.Create(ChunkType.Heartbeat, new byte[largest + 1]));
        wire.Take().ShouldBeEmpty();
        wire.Give([.. Enumerable.Repeat(BareChunk.Create(ChunkType.Heartbeat), 100)]);
        wire.TakeTypes().ShouldBe([ChunkType.HeartbeatAck]);
    }

    [Fact]
    public void An_unknown_chunk_is_sent_back_up_to_what_a_packet_holds_and_once_per_packet()
    {
        var wire = Wire.Established();
        wire.Give(BareChunk.Create((ChunkType)0xFF, new byte[SctpAssociation.MaxReportedBytes - 4]));
        var error = wire.Take().ShouldHaveSingleItem();
        error.Types.ShouldBe([ChunkType.Error]);
        error.Length.ShouldBeLessThanOrEqualTo(SctpOptions.MaxPacketSize);
        wire.Give(BareChunk.Create((ChunkType)0xFF, new byte[SctpAssociation.MaxReportedBytes - 3]));
        wire.Take().ShouldBeEmpty();
        wire.Give([.. Enumerable.Repeat(BareChunk.Create((ChunkType)0xFF), 100)]);
        wire.TakeTypes().ShouldBe([ChunkType.Error]);
    }

    [Fact]
    public void ERROR_chunks_are_never_answered()
    {
        var wire = Wire.Established();
        for (var i = 0; i < 1000; i++)
        {
            wire.Give(ErrorChunk.Create(ChunkType.Error, (ErrorCause)(i % 20), new byte[i]));
        }

        wire.Take().ShouldBeEmpty();
    }

    [Fact]
    public void Of_several_SACKs_in_a_packet_the_first_counts()
    {
        var wire = Wire.Established();
        wire.Send([1]);
        wire.Send([2]);
        wire.Take();
        wire.Give(HandmadePeer.Sack(wire.FirstTsn), HandmadePeer.Sack(wire.FirstTsn.Next));
        wire.Association.TotalBufferedAmount.ShouldBe(1);
        wire.Association.DroppedCount.ShouldBe(1);
        wire.Give(HandmadePeer.Sack(wire.FirstTsn.Next));
        wire.Association.TotalBufferedAmount.ShouldBe(0);
    }

    [Fact]
    public void A_SACK_is_read_with_as_many_blocks_as_a_packet_holds()
    {
        var wire = Wire.Established();
        for (var i = 0; i < 9; i++)
        {
            wire.Send([1]);
        }

        wire.Take();
        wire.Give(
            HandmadePeer.Sack(
                wire.FirstTsn,
                [.. Enumerable.Range(1, 4).Select(i => new GapAckBlock((ushort)(2 * i), (ushort)(2 * i)))]
            )
        );
        wire.Association.DroppedCount.ShouldBe(0);
        // 280 blocks, none of which was ever sent
        wire.Give(
            HandmadePeer.Sack(
                wire.FirstTsn,
                [.. Enumerable.Range(1, 280).Select(i => new GapAckBlock((ushort)(2 * i), (ushort)(2 * i)))]
            )
        );
        wire.Association.DroppedCount.ShouldBe(1);
    }

    [Fact]
    public void A_SACK_of_ours_has_at_most_20_blocks_and_20_duplicates()
    {
        var wire = Wire.Established();
        List<byte[]> chunks = [];
        for (var i = 1; i <= 60; i++)
        {
            var chunk = Wire.Data(2 * i, stream: 1, number: (uint)i);
            chunks.AddRange([chunk, chunk]);
            if (i % 20 == 0)
            {
                wire.Give([.. chunks]);
                chunks.Clear();
            }
        }

        var packet = wire.Take().Last();
        SackChunk.TryParse(packet.Of(ChunkType.Sack), out var sack).ShouldBeTrue();
        sack.GapAckBlockCount.ShouldBe(DataTracker.MaxGapAckBlocks);
        sack.DuplicateCount.ShouldBe(DataTracker.MaxDuplicates);
        sack.GapAckBlock(0).ShouldBe(new GapAckBlock(3, 3)); // the ones that the sender needs first
    }

    [Fact]
    public void The_last_stream_is_65534()
    {
        var wire = Wire.Established();
        wire.Send([1], stream: 65_534);
        wire.Take().ShouldNotBeEmpty();
        Should.Throw<InvalidOperationException>(() => wire.Send([1], stream: 65_535));
        wire.Give(Wire.Data(0, stream: 65_534));
        wire.TakeEvents().Count.ShouldBe(1);
        wire.Give(Wire.Data(1, stream: 65_535));
        wire.TakeEvents().ShouldBeEmpty();
        wire.TakeTypes().ShouldContain(ChunkType.Error);
    }

    [Theory]
    [InlineData(SctpAssociation.MaxPeerCookie, true)]
    [InlineData(SctpAssociation.MaxPeerCookie + 1, false)]
    [InlineData(0, false)]
    public void A_cookie_of_the_peer_has_at_most_1024_bytes(int size, bool connects)
    {
        var wire = Wire.CookieWait();
        wire.Give(Wire.InitAck(InitParameters.ForInitAck(new byte[size], default, [])));
        wire.Take().ShouldHaveSingleItem().Has(ChunkType.CookieEcho).ShouldBe(connects);
        (wire.TakeCloseReason() is null).ShouldBe(connects);
    }

    [Theory]
    [InlineData(60_000, true)]
    [InlineData(60_001, false)]
    public void A_cookie_of_ours_is_good_for_a_minute(int milliseconds, bool counts)
    {
        var wire = Wire.Closed();
        var cookie = wire.GiveInit().Cookie;
        wire.Now += TimeSpan.FromMilliseconds(milliseconds);
        wire.Give(BareChunk.Create(ChunkType.CookieEcho, cookie));
        wire.Association.IsEstablished.ShouldBe(counts);
        wire.TakeTypes().ShouldBe([counts ? ChunkType.CookieAck : ChunkType.Error]);
    }

    [Theory]
    [InlineData(InitParameters.MaxParameters, true)]
    [InlineData(InitParameters.MaxParameters + 1, false)]
    public void At_most_32_parameters_are_read(int count, bool isSeen)
    {
        byte[] filler = [0x80, 0x77, 0, 4];
        byte[] parameters = [.. Enumerable.Repeat(filler, count - 1).SelectMany(p => p), 0xC0, 0, 0, 4];
        InitParameters.Read(parameters).Features.ForwardTsn.ShouldBe(isSeen);
    }

    [Fact]
    public void Reports_of_unknown_parameters_fill_at_most_512_bytes()
    {
        static byte[] Unknown(int size)
        {
            byte[] parameter = [0xC0, 0x77, (byte)(size >> 8), (byte)size, .. new byte[size - 4]];
            return parameter;
        }

        InitParameters.Read(Unknown(InitParameters.MaxReportBytes - 4)).Unrecognized.Count.ShouldBe(1);
        InitParameters.Read(Unknown(InitParameters.MaxReportBytes)).Unrecognized.ShouldBeEmpty();
        var wire = Wire.Closed();
        wire.GiveAs(
            VerificationTag.Zero,
            Wire.Init(parameters: [.. Enumerable.Repeat(Unknown(60), 15).SelectMany(p => p)])
        );
        wire.Take().ShouldHaveSingleItem().Length.ShouldBeLessThan(SctpOptions.MaxPacketSize);
    }

    [Theory]
    [InlineData(nameof(Wire.Closed))]
    [InlineData(nameof(Wire.CookieWait))]
    [InlineData(nameof(Wire.Established))]
    public void A_flood_of_INITs_keeps_one_cookie_and_at_most_64_answers(string state)
    {
        var wire = Wire.In(state);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 1; i <= 20_000; i++)
        {
            wire.GiveAs(VerificationTag.Zero, Wire.Init(tag: i));
        }

        var perInit = (GC.GetAllocatedBytesForCurrentThread() - before) / 20_000;
        perInit.ShouldBeLessThan(8 * 1024); // with the test's own packets; none of it is kept
        var answers = wire.Take();
        answers.Count.ShouldBe(SctpAssociation.MaxQueuedControl);
        answers.ShouldAllBe(answer => answer.Has(ChunkType.InitAck));

        // Of the cookies given out only the latest is known; the flood left nothing else behind
        wire.GiveAs(VerificationTag.Zero, Wire.Init());
        var last = wire.Take().ShouldHaveSingleItem();
        InitChunk.TryParse(answers[0].Chunks[0], out var first, out var parameters).ShouldBeTrue();
        wire.GiveAs(
            first.InitiateTag,
            BareChunk.Create(ChunkType.CookieEcho, InitParameters.Read(parameters).Cookie)
        );
        wire.Take().ShouldBeEmpty();
        if (state == nameof(Wire.Closed))
        {
            InitChunk.TryParse(last.Chunks[0], out var init, out parameters).ShouldBeTrue();
            wire.GiveAs(
                init.InitiateTag,
                BareChunk.Create(ChunkType.CookieEcho, InitParameters.Read(parameters).Cookie)
            );
            wire.TakeTypes().ShouldBe([ChunkType.CookieAck]);
        }
    }

    [Fact]
    public void A_flood_of_COOKIE_ECHOs_makes_one_association()
    {
        var wire = Wire.Closed();
        var echo = BareChunk.Create(ChunkType.CookieEcho, wire.GiveInit().Cookie);
        for (var i = 0; i < 1000; i++)
        {
            wire.Give(echo);
        }

        wire.TakeEvents().ShouldBe([new SctpEvent.Connected()]);
        wire.TakeTypes().Count.ShouldBe(SctpAssociation.MaxQueuedControl);
    }

    [Fact]
    public void In_the_last_tenth_of_the_window_only_the_next_TSN_is_taken()
    {
        const int Size = 1000;
        var wire = Wire.Established(
            new SctpOptions { ReceiveWindow = 100_000, MaxReceiveMessageSize = 50_000 }
        );
        var place = 1;
        bool IsTaken(int offset)
        {
            wire.Give(Wire.Data(offset, stream: 1, number: (uint)offset, size: Size));
            SackChunk.TryParse(wire.Take().Last().Of(ChunkType.Sack), out var sack).ShouldBeTrue();
            return sack.GapAckBlockCount > 0 && sack.GapAckBlock(sack.GapAckBlockCount - 1).End == offset + 1;
        }

        while (IsTaken(place))
        {
            place++;
        }

        (place * (Size + FragmentStore.Overhead)).ShouldBeInRange(90_000, 92_500);
        wire.Association.IsEstablished.ShouldBeTrue();
        wire.Give(Wire.Data(0, stream: 1, number: 0)); // fills the gap: all of it can be delivered
        wire.TakeEvents().Count.ShouldBe(place);
        IsTaken(place).ShouldBeFalse(); // it is the next one now, not one ahead
        wire.TakeEvents().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(1562, true)] // a window of 100,000 bytes, 64 for each TSN
    [InlineData(1563, false)]
    public void A_TSN_is_taken_as_far_ahead_as_the_window_has_room_for_small_chunks(int ahead, bool isTaken)
    {
        var wire = Wire.Established(new SctpOptions { ReceiveWindow = 100_000 });
        wire.Give(Wire.Data(ahead - 1, stream: 1));
        SackChunk.TryParse(wire.Take().Last().Of(ChunkType.Sack), out var sack).ShouldBeTrue();
        sack.GapAckBlockCount.ShouldBe(isTaken ? 1 : 0);
    }

    [Theory]
    [InlineData(1562, true)]
    [InlineData(1563, false)]
    public void A_FORWARD_TSN_jumps_as_far_as_a_TSN_may_be_ahead(int ahead, bool isTaken)
    {
        var wire = Wire.Established(new SctpOptions { ReceiveWindow = 100_000 });
        wire.Give(HandmadePeer.Forward(Wire.PeerTsn.Add(ahead - 1).Value));
        wire.Association.DroppedCount.ShouldBe(isTaken ? 0 : 1);
        wire.Wait(TimeSpan.FromSeconds(1)).Any(sent => sent.Packet.Has(ChunkType.Sack)).ShouldBe(isTaken);
    }

    [Theory]
    [InlineData(5000, false)]
    [InlineData(5001, true)]
    public void A_message_is_as_long_as_announced_and_no_longer(int size, bool ends)
    {
        var wire = Wire.Established(new SctpOptions { MaxReceiveMessageSize = 5000 });
        for (int at = 0, chunk = 0; at < size; at += 1000, chunk++)
        {
            var length = Math.Min(1000, size - at);
            var flags = (at == 0 ? DataChunk.BeginFlag : 0) | (at + length == size ? DataChunk.EndFlag : 0);
            wire.Give(Wire.Data(chunk, flags: flags, size: length));
        }

        var e = wire.TakeEvents().ShouldHaveSingleItem();
        e.ShouldBeOfType(ends ? typeof(SctpEvent.Closed) : typeof(SctpEvent.MessageReceived));
    }

    [Fact]
    public void A_message_whose_beginning_never_comes_is_no_longer_than_announced_either()
    {
        var wire = Wire.Established(new SctpOptions { MaxReceiveMessageSize = 5000 });
        for (var i = 1; i <= 6; i++)
        {
            wire.Give(Wire.Data(i, flags: 0, size: 1000));
        }

        wire.TakeCloseReason().ShouldBe(SctpCloseReason.MessageTooLarge);
    }

    [Theory]
    [InlineData("beginnings", false)]
    [InlineData("beginnings", true)]
    [InlineData("middles", false)]
    [InlineData("middles", true)]
    [InlineData("waiting", false)]
    [InlineData("waiting", true)]
    public void What_a_peer_can_make_us_keep_is_bounded_whatever_it_sends(string kind, bool interleaves)
    {
        const int Window = 1024 * 1024;
        var options = new SctpOptions { ReceiveWindow = Window, InterleavesMessages = interleaves };
        var features = HandmadePeer.AllButInterleaving with { Interleaving = interleaves };
        var peer = new HandmadePeer(options, features);
        List<byte[]> chunks =
        [
            .. Enumerable
                .Range(0, 60_000)
                .Select(i =>
                    kind switch
                    {
                        // Messages that begin and never end; middles of messages that never begin; messages that wait for the first of a stream
                        "beginnings" => Chunk(2 * i, i, DataChunk.BeginFlag, 0),
                        "middles" => Chunk(2 * i, i, 0, 5),
                        _ => Chunk(i, 1 + i, Whole, 0),
                    }
                ),
        ];
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var chunk in chunks)
        {
            peer.Give(chunk);
            peer.Take();
            if (!peer.Association.IsEstablished)
            {
                break;
            }
        }

        // All that was allocated meanwhile, the test's packets too, is an upper bound of what is kept
        var perWindow = (GC.GetAllocatedBytesForCurrentThread() - before - (chunks.Count * 4096L)) / Window;
        perWindow.ShouldBeLessThan(16);
        peer.TakeMessages().ShouldBeEmpty();

        byte[] Chunk(int tsn, int number, int flags, uint fragment) =>
            HandmadePeer.Data(
                (uint)tsn,
                stream: (ushort)(number % 500),
                (uint)(number / 500 * 2) + 1,
                flags,
                [1],
                interleaves ? fragment : null
            );
    }

    [Fact]
    public void RE_CONFIG_with_more_than_1024_streams_is_dropped()
    {
        foreach (var count in new[] { OutgoingResetRequest.MaxStreams, OutgoingResetRequest.MaxStreams + 1 })
        {
            var wire = Wire.Established();
            var request = new OutgoingResetRequest(
                Wire.PeerTsn.Value,
                0,
                Wire.PeerTsn.Previous,
                [.. Enumerable.Range(0, count).Select(i => new StreamId((ushort)i))]
            );
            wire.Give(ReconfigurationChunk.Create(request.ToBytes()));
            wire.TakeEvents().Count.ShouldBe(count > OutgoingResetRequest.MaxStreams ? 0 : 1);
        }
    }
}
