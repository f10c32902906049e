using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp;

/// <content>The orderly end (RFC 9260 section 9.2): SHUTDOWN, SHUTDOWN ACK, SHUTDOWN COMPLETE.</content>
internal sealed partial class SctpAssociation
{
    /// <summary>How long a shutdown may take in all (RFC 9260 section 9.2: five times RTO.Max).</summary>
    public static readonly TimeSpan ShutdownGuard = TimeSpan.FromSeconds(50);

    private bool _shutdownDue;
    private bool _shutdownAckDue;

    /// <summary>Goes on once our data is acknowledged.</summary>
    private void AdvanceShutdown(Instant now)
    {
        switch (_state)
        {
            case AssociationState.ShutdownPending pending:
                StartShutdownGuard(now);
                if (_outbound.IsIdle)
                {
                    _state = new AssociationState.ShutdownSent(pending.Other, Tries: 1);
                    _shutdownDue = true;
                    StartShutdownTimer(now);
                }

                break;
            case AssociationState.ShutdownReceived received when _outbound.IsIdle:
                SendShutdownAck(now, received.Other);
                break;
            case AssociationState.ShutdownSent sent when sent.Other.Inbound.IsSackPending:
                // RFC 9260 section 9.2: each packet with DATA is answered at once by SHUTDOWN with a SACK
                sent.Other.Inbound.RequestSack();
                _shutdownDue = true;
                StartShutdownTimer(now);
                break;
            default:
                break;
        }
    }

    private void HandleShutdown(Instant now, ReadOnlySpan<byte> chunk)
    {
        if (!ShutdownChunk.TryParse(chunk, out var shutdown))
        {
            DroppedCount++;
            return;
        }

        if (
            _state.SendsData
            && !_outbound.HandleSack(SackChunk.OfShutdown(shutdown, _outbound.AdvertisedWindow), now)
        )
        {
            DroppedCount++;
            return;
        }

        switch (_state)
        {
            case AssociationState.Established or AssociationState.ShutdownPending:
                _state = new AssociationState.ShutdownReceived(_state.Peer!);
                StartShutdownGuard(now);
                break;
            case AssociationState.ShutdownSent sent: // Both ended at once
                SendShutdownAck(now, sent.Other);
                break;
            case AssociationState.ShutdownAckSent:
                _shutdownAckDue = true; // The first one was lost
                break;
            case AssociationState.ShutdownReceived:
                break; // Our data is not all acknowledged
            default:
                DroppedCount++;
                break;
        }
    }

    private void SendShutdownAck(Instant now, Peer peer)
    {
        _state = new AssociationState.ShutdownAckSent(peer, Tries: 1);
        _shutdownDue = false;
        _shutdownAckDue = true;
        StartShutdownGuard(now);
        StartShutdownTimer(now);
    }

    private void HandleShutdownAck(VerificationTag tag)
    {
        if (IsConnecting)
        {
            // RFC 9260 sections 8.4 rule 5 and 8.5.1 rule E: the peer waits for the end of an association that is gone
            EnqueueStandalone(
                tag,
                BareChunk.Create(ChunkType.ShutdownComplete, flags: ChunkHeader.TagReflected)
            );
            return;
        }

        if (_state is AssociationState.ShutdownSent or AssociationState.ShutdownAckSent)
        {
            EndWith(SctpCloseReason.Shutdown, _state.Peer!.Tag, BareChunk.Create(ChunkType.ShutdownComplete));
            return;
        }

        DroppedCount++;
    }

    private void HandleShutdownComplete()
    {
        if (_state is AssociationState.ShutdownAckSent)
        {
            EndSilently(SctpCloseReason.Shutdown);
            return;
        }

        DroppedCount++;
    }

    /// <summary>Our SHUTDOWN COMPLETE was lost: say it again (RFC 9260 section 8.4 rule 5).</summary>
    private void AnswerAfterEnd(ChunkHeader header)
    {
        if (
            header.Type == ChunkType.ShutdownAck
            && _state is AssociationState.Ended { Reason: SctpCloseReason.Shutdown, Peer: { } peer }
        )
        {
            EnqueueStandalone(peer.Tag, BareChunk.Create(ChunkType.ShutdownComplete));
            return;
        }

        DroppedCount++;
    }

    private void HandleShutdownTimeout(Instant now)
    {
        _outbound.Timeout.HandleTimeout();
        switch (_state)
        {
            case AssociationState.ShutdownSent sent when sent.Tries <= MaxRetransmissions:
                _state = sent with { Tries = sent.Tries + 1 };
                _shutdownDue = true;
                StartShutdownTimer(now);
                break;
            case AssociationState.ShutdownAckSent sent when sent.Tries <= MaxRetransmissions:
                _state = sent with { Tries = sent.Tries + 1 };
                _shutdownAckDue = true;
                StartShutdownTimer(now);
                break;
            default:
                End(SctpCloseReason.ShutdownTimeout, ErrorCause.UserInitiatedAbort);
                break;
        }
    }

    private void StartShutdownTimer(Instant now) =>
        _timers.Set(AssociationTimer.Shutdown, now + _outbound.Timeout.Current);

    private void StartShutdownGuard(Instant now)
    {
        _timers.Clear(AssociationTimer.Heartbeat);
        _timers.Clear(AssociationTimer.HeartbeatAnswer);
        _timers.Clear(AssociationTimer.Reset);
        if (_timers[AssociationTimer.ShutdownGuard] is null)
        {
            _timers.Set(AssociationTimer.ShutdownGuard, now + ShutdownGuard);
        }
    }
}
