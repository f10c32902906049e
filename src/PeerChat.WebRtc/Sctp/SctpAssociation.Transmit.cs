using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp;

/// <content>What goes out: which chunks share a packet, and in which order.</content>
internal sealed partial class SctpAssociation
{
    /// <summary>Chunks that wait to be taken; a caller that never takes packets must not fill the memory.</summary>
    public const int MaxQueuedControl = 64;

    /// <summary>The largest chunk of the peer that we send back whole, in HEARTBEAT ACK or ERROR.</summary>
    public const int MaxReportedBytes =
        SctpOptions.MaxPacketSize - CommonHeader.Size - ChunkHeader.Size - ParameterReader.HeaderSize;

    private byte[] _packet = new byte[SctpOptions.MaxPacketSize];
    private readonly Queue<byte[]> _control = [];
    private readonly Queue<(VerificationTag Tag, byte[] Chunk)> _standalone = [];
    private bool _cookieEchoDue;

    /// <summary>The next packet for DTLS, at most <see cref="PacketSize"/> bytes unless it is a probe.</summary>
    /// <remarks>The memory is used again by the next call of this method.</remarks>
    public bool TryTakeTransmit(Instant now, out ReadOnlyMemory<byte> packet)
    {
        packet = default;
        IsProbe =
            _state.Peer is { } probed && _standalone.Count == 0 && TryWriteProbe(now, probed, out packet);
        if (IsProbe)
        {
            return true;
        }

        if (_packet.Length < _path.Current)
        {
            _packet = new byte[_path.Current];
        }

        var writer = new SpanWriter(_packet.AsSpan(CommonHeader.Size, _path.Current - CommonHeader.Size));
        VerificationTag tag;
        var hasChecksum = true;
        if (_standalone.TryDequeue(out var standalone))
        {
            tag = standalone.Tag;
            WriteChunk(ref writer, standalone.Chunk);
        }
        else if (_state is not AssociationState.Ended && _state.Peer is { } peer)
        {
            tag = peer.Tag;
            // RFC 9653 section 5.2: INIT and COOKIE ECHO always have one, and so have our answers outside an association
            hasChecksum = !peer.Features.ZeroChecksum || _cookieEchoDue;
            WriteChunks(ref writer, peer, now);
            HandleSendQueueChanged(now);
            if (writer.Position == 0)
            {
                WriteChunks(ref writer, peer, now);
            }
        }
        else
        {
            return false;
        }

        if (writer.Position == 0)
        {
            return false;
        }

        var length = CommonHeader.Size + writer.Position;
        new CommonHeader(_options.LocalPort, _options.RemotePort, tag).Write(
            _packet.AsSpan(0, length),
            hasChecksum
        );
        packet = _packet.AsMemory(0, length);
        return true;
    }

    private void WriteChunks(ref SpanWriter writer, Peer peer, Instant now)
    {
        var mayHaveData = _state.SendsData;
        if (_cookieEchoDue && _state is AssociationState.CookieEchoed echoed)
        {
            // RFC 9260 section 5.1 C: DATA may follow in this packet, and in no other before COOKIE ACK
            _cookieEchoDue = false;
            mayHaveData = true;
            WriteChunk(ref writer, echoed.CookieEcho);
        }

        while (_control.TryPeek(out var chunk) && writer.Remaining >= Padding.RoundUp(chunk.Length))
        {
            WriteChunk(ref writer, _control.Dequeue());
        }

        WriteSack(ref writer, peer, mayHaveData && _outbound.CanTransmit(now));
        if (_shutdownDue && writer.Remaining >= ShutdownChunk.Size)
        {
            _shutdownDue = false;
            new ShutdownChunk(peer.Inbound.CumulativeTsnAck).Write(ref writer);
        }

        if (_shutdownAckDue && writer.Remaining >= ChunkHeader.Size)
        {
            _shutdownAckDue = false;
            WriteChunk(ref writer, BareChunk.Create(ChunkType.ShutdownAck));
        }

        if (mayHaveData)
        {
            _outbound.WriteForwardTsn(ref writer, now);
            var before = writer.Position;
            if (_outbound.WriteData(ref writer, now))
            {
                _path.HandleSent(writer.Position - before);
            }
        }
    }

    /// <summary>What expired while it waited was forgotten just now, and that may have been the last of a stream.</summary>
    private void HandleSendQueueChanged(Instant now)
    {
        TakeLowAmounts();
        StartReset(now);
        if (_state is AssociationState.ShutdownPending or AssociationState.ShutdownReceived)
        {
            AdvanceShutdown(now);
        }
    }

    private static void WriteSack(ref SpanWriter writer, Peer peer, bool dataFollows)
    {
        var isDue =
            peer.Inbound.IsSackDue || (peer.Inbound.IsSackPending && (dataFollows || writer.Position > 0));
        var largest = SackChunk.SizeOf(
            Receiving.DataTracker.MaxGapAckBlocks,
            Receiving.DataTracker.MaxDuplicates
        );
        if (isDue && writer.Remaining >= largest)
        {
            peer.Inbound.WriteSack(ref writer);
        }
    }

    private static void WriteChunk(ref SpanWriter writer, ReadOnlySpan<byte> chunk)
    {
        writer.WriteBytes(chunk);
        writer.Advance(Padding.RoundUp(chunk.Length) - chunk.Length).Clear();
    }

    private void EnqueueControl(byte[] chunk)
    {
        if (_control.Count < MaxQueuedControl)
        {
            _control.Enqueue(chunk);
        }
    }

    private void EnqueueStandalone(VerificationTag tag, byte[] chunk)
    {
        if (_standalone.Count < MaxQueuedControl)
        {
            _standalone.Enqueue((tag, chunk));
        }
    }
}
