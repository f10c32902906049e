using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Sending;

namespace PeerChat.WebRtc.Sctp;

/// <content>Whether the peer is there (RFC 9260 section 8.3).</content>
internal sealed partial class SctpAssociation
{
    /// <summary>Silence after which we ask; the RFC says 30 s, ICE consent gives up after 30 s.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    private const int HeartbeatNonceSize = 8;
    private byte[] _heartbeatInfo = [];
    private Instant _heartbeatSentAt;
    private int _heartbeatsUnanswered;

    private void SendHeartbeat(Instant now)
    {
        if (_outbound.HasOutstanding)
        {
            // The retransmission timer asks already
            _timers.Set(AssociationTimer.Heartbeat, now + HeartbeatInterval);
            return;
        }

        var info = new byte[ParameterReader.HeaderSize + HeartbeatNonceSize];
        var writer = new SpanWriter(info);
        writer.WriteUInt16(ParameterType.HeartbeatInfo);
        writer.WriteUInt16((ushort)info.Length);
        _entropy.Fill(writer.Advance(HeartbeatNonceSize));
        _heartbeatInfo = info;
        _heartbeatSentAt = now;
        EnqueueControl(BareChunk.Create(ChunkType.Heartbeat, info));
        _timers.Set(
            AssociationTimer.HeartbeatAnswer,
            now + RetransmissionTimeout.Initial + _outbound.Timeout.Current
        );
    }

    private void AnswerHeartbeat(ReadOnlySpan<byte> chunk)
    {
        if (_answeredHeartbeat || _state.Peer is null || chunk.Length > MaxReportedBytes)
        {
            DroppedCount++;
            return;
        }

        _answeredHeartbeat = true;
        EnqueueControl(BareChunk.Create(ChunkType.HeartbeatAck, chunk[ChunkHeader.Size..]));
    }

    private void HandleHeartbeatAck(Instant now, ReadOnlySpan<byte> chunk)
    {
        if (TryHandleProbeAnswer(now, chunk))
        {
            return;
        }

        if (_heartbeatInfo.Length == 0 || !chunk[ChunkHeader.Size..].SequenceEqual(_heartbeatInfo))
        {
            DroppedCount++;
            return;
        }

        _outbound.Timeout.HandleSample(now - _heartbeatSentAt);
        _heartbeatInfo = [];
        _heartbeatsUnanswered = 0;
        _timers.Clear(AssociationTimer.HeartbeatAnswer);
    }

    private void HandleHeartbeatTimeout(Instant now)
    {
        _heartbeatsUnanswered++;
        _outbound.Timeout.HandleTimeout();
        if (_heartbeatsUnanswered > MaxRetransmissions)
        {
            End(SctpCloseReason.RetransmissionLimit, ErrorCause.UserInitiatedAbort);
            return;
        }

        SendHeartbeat(now);
    }
}
