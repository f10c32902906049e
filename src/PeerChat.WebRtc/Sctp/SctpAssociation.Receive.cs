using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp;

/// <content>What comes in: packets, their tags, their chunks.</content>
internal sealed partial class SctpAssociation
{
    private bool _answeredHeartbeat;
    private bool _reportedError;
    private bool _acknowledged; // A second SACK in a packet could say nothing new, and each may walk through all that is under way
    private bool _forwarded; // A second FORWARD TSN in a packet says nothing that one could not, and each walks through all fragments

    /// <summary>Takes a packet in, as DTLS gave it.</summary>
    public void HandlePacket(Instant now, ReadOnlySpan<byte> packet)
    {
        if (
            !CommonHeader.TryParse(packet, out var header, _options.AcceptsZeroChecksum)
            || header.SourcePort != _options.RemotePort
            || header.DestinationPort != _options.LocalPort
        )
        {
            DroppedCount++;
            return;
        }

        _answeredHeartbeat = false;
        _reportedError = false;
        _acknowledged = false;
        _forwarded = false;
        _resetAnswers = 0;
        var reader = new ChunkReader(packet[CommonHeader.Size..]);
        for (var i = 0; i < MaxChunksPerPacket && reader.TryRead(out var chunkHeader, out var chunk); i++)
        {
            if (!IsTagValid(header.VerificationTag, chunkHeader, i, packet.Length, chunk.Length))
            {
                DroppedCount++;
                break;
            }

            if (!HandleChunk(now, header.VerificationTag, chunkHeader, chunk))
            {
                break;
            }
        }

        if (reader.Malformed)
        {
            DroppedCount++;
        }

        HandlePacketEnd(now);
    }

    /// <summary>The rules of RFC 9260 section 8.5.1.</summary>
    private bool IsTagValid(
        VerificationTag tag,
        ChunkHeader header,
        int index,
        int packetLength,
        int chunkLength
    ) =>
        header.Type switch
        {
            // INIT has no tag to show
            ChunkType.Init => tag == VerificationTag.Zero && IsAlone(index, packetLength, chunkLength),
            ChunkType.InitAck => tag == _localTag && IsAlone(index, packetLength, chunkLength),
            ChunkType.ShutdownComplete when !IsAlone(index, packetLength, chunkLength) => false,
            // Of an association that was before this one, and is answered with its own tag
            ChunkType.ShutdownAck when IsConnecting => true,
            ChunkType.Abort or ChunkType.ShutdownComplete => (header.Flags & ChunkHeader.TagReflected) == 0
                ? tag == _localTag
                : tag == _state.Peer?.Tag,
            ChunkType.CookieEcho => index == 0,
            _ => tag == _localTag,
        };

    /// <summary>INIT, INIT ACK and SHUTDOWN COMPLETE are never bundled with others (RFC 9260 section 6.10).</summary>
    private static bool IsAlone(int index, int packetLength, int chunkLength) =>
        index == 0 && packetLength <= CommonHeader.Size + Padding.RoundUp(chunkLength);

    /// <summary>Acts on one chunk.</summary>
    /// <returns>Whether to go on with the next chunk.</returns>
    private bool HandleChunk(Instant now, VerificationTag tag, ChunkHeader header, ReadOnlySpan<byte> chunk)
    {
        if (_state is AssociationState.Ended)
        {
            AnswerAfterEnd(header);
            return false;
        }

        switch (header.Type)
        {
            case ChunkType.Data or ChunkType.InterleavedData:
                return HandleData(now, chunk);
            case ChunkType.ForwardTsn or ChunkType.InterleavedForwardTsn when IsAgreed(header.Type):
                return HandleForwardTsn(now, chunk);
            case ChunkType.Init:
                HandleInit(now, chunk);
                return false;
            case ChunkType.InitAck:
                HandleInitAck(now, chunk);
                return true;
            case ChunkType.Sack:
                HandleSack(now, chunk);
                return true;
            case ChunkType.Heartbeat:
                AnswerHeartbeat(chunk);
                return true;
            case ChunkType.HeartbeatAck:
                HandleHeartbeatAck(now, chunk);
                return true;
            case ChunkType.Abort:
                EndSilently(SctpCloseReason.AbortedByPeer);
                return false;
            case ChunkType.Shutdown:
                HandleShutdown(now, chunk);
                return true;
            case ChunkType.ShutdownAck:
                HandleShutdownAck(tag);
                return false;
            case ChunkType.ShutdownComplete:
                HandleShutdownComplete();
                return false;
            case ChunkType.Error:
                HandleError(now, chunk);
                return true;
            case ChunkType.Reconfiguration when IsAgreed(header.Type):
                HandleReconfiguration(now, chunk);
                return true;
            case ChunkType.CookieEcho:
                return HandleCookieEcho(now, tag, chunk[ChunkHeader.Size..]);
            case ChunkType.CookieAck:
                HandleCookieAck(now);
                return true;
            default:
                if (header.ReportWhenUnknown)
                {
                    ReportError(ErrorCause.UnrecognizedChunkType, chunk);
                }

                return header.SkipWhenUnknown;
        }
    }

    /// <summary>
    /// Whether both sides announced a chunk type, and it is the form that the association uses. One that is not is met as if
    /// it were unknown, except data: RFC 8260 section 2.2.1 ends the association.
    /// </summary>
    private bool IsAgreed(ChunkType type)
    {
        var features = _state.Peer?.Features ?? default;
        return type switch
        {
            ChunkType.ForwardTsn => features is { ForwardTsn: true, Interleaving: false },
            ChunkType.InterleavedForwardTsn => features is { ForwardTsn: true, Interleaving: true },
            ChunkType.Reconfiguration => features.Reconfiguration,
            _ => true,
        };
    }

    private bool HandleData(Instant now, ReadOnlySpan<byte> bytes)
    {
        if (!DataChunk.TryParse(bytes, out var chunk))
        {
            DroppedCount++;
            return true;
        }

        ConfirmByTraffic(now);
        if (!_state.TakesData || _state.Peer is not { } peer)
        {
            DroppedCount++;
            return true;
        }

        if (chunk.IsInterleaved != peer.Features.Interleaving)
        {
            End(SctpCloseReason.ProtocolViolation, ErrorCause.ProtocolViolation);
            return false;
        }

        Span<byte> value = stackalloc byte[sizeof(uint)];
        if (chunk.Payload.IsEmpty)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value, chunk.Tsn.Value);
            End(SctpCloseReason.ProtocolViolation, ErrorCause.NoUserData, value);
            return false;
        }

        if (chunk.Stream.Value >= MaxStreams)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value, chunk.Stream.Value);
            BinaryPrimitives.WriteUInt16BigEndian(value[sizeof(ushort)..], 0);
            ReportError(ErrorCause.InvalidStreamIdentifier, value);
            peer.Inbound.HandleRefusedData(chunk.Tsn);
            return true;
        }

        if (peer.Inbound.HandleData(chunk) is not { } failure)
        {
            return true;
        }

        TakeMessages(peer);
        End(
            failure,
            failure == SctpCloseReason.OutOfResource ? ErrorCause.OutOfResource : ErrorCause.ProtocolViolation
        );
        return false;
    }

    private bool HandleForwardTsn(Instant now, ReadOnlySpan<byte> bytes)
    {
        if (_forwarded || !ForwardTsnChunk.TryParse(bytes, out var chunk))
        {
            DroppedCount++;
            return true;
        }

        ConfirmByTraffic(now);
        if (!_state.TakesData || _state.Peer is not { } peer)
        {
            DroppedCount++;
            return true;
        }

        _forwarded = true;
        if (peer.Inbound.HandleForwardTsn(chunk, out var isPlausible) is not { } failure)
        {
            DroppedCount += isPlausible ? 0 : 1;
            return true;
        }

        TakeMessages(peer);
        End(
            failure,
            failure == SctpCloseReason.OutOfResource ? ErrorCause.OutOfResource : ErrorCause.ProtocolViolation
        );
        return false;
    }

    private void HandleSack(Instant now, ReadOnlySpan<byte> chunk)
    {
        if (_acknowledged || !SackChunk.TryParse(chunk, out var sack))
        {
            DroppedCount++;
            return;
        }

        _acknowledged = true;
        ConfirmByTraffic(now);
        if (!_state.SendsData || !_outbound.HandleSack(sack, now))
        {
            DroppedCount++;
        }
    }

    private void HandleError(Instant now, ReadOnlySpan<byte> chunk)
    {
        if (
            _state is AssociationState.CookieEchoed echoed
            && ErrorChunk.TryParseFirst(chunk, out var cause)
            && cause == ErrorCause.StaleCookie
        )
        {
            // RFC 9260 section 5.2.6: begin again, with what is left of the tries
            _outbound.Repeat();
            SendInit(now, echoed.Tries + 1);
        }
    }

    private void HandlePacketEnd(Instant now)
    {
        if (_state.Peer is not { } peer || _state is AssociationState.Ended)
        {
            return;
        }

        if (_outbound.TakeSwallowed())
        {
            _path.HandleSwallowed(now);
        }

        peer.Inbound.HandlePacketEnd(now);
        TakeMessages(peer);
        PerformWaitingReset(peer);
        TakeLowAmounts();
        StartReset(now);
        if (IsEstablished)
        {
            _timers.Set(AssociationTimer.Heartbeat, now + HeartbeatInterval);
        }

        AdvanceShutdown(now);
    }

    private void TakeMessages(Peer peer)
    {
        while (peer.Inbound.TryTakeMessage(out var message))
        {
            _events.Enqueue(new SctpEvent.MessageReceived(message.Stream, message.Ppid, message.Payload));
        }
    }

    private void TakeLowAmounts()
    {
        while (_outbound.TryTakeLow(out var stream))
        {
            _events.Enqueue(new SctpEvent.BufferedAmountLow(stream));
        }
    }

    /// <summary>One ERROR per packet: a packet full of nonsense must not cost more than it did its sender.</summary>
    private void ReportError(ErrorCause cause, ReadOnlySpan<byte> value)
    {
        if (_reportedError || value.Length > MaxReportedBytes)
        {
            return;
        }

        _reportedError = true;
        EnqueueControl(ErrorChunk.Create(ChunkType.Error, cause, value));
    }
}
