using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Resets;

namespace PeerChat.WebRtc.Sctp;

/// <content>Streams that begin anew (RFC 6525), which is how one data channel closes (RFC 8831 section 6.7).</content>
internal sealed partial class SctpAssociation
{
    private const int MaxResetAnswersPerPacket = 2; // as many as one chunk may have requests
    private readonly OutgoingResets _outgoingResets;
    private int _resetAnswers;

    /// <summary>Whether both sides can reset streams; known once the association is up.</summary>
    public bool CanResetStreams => _state.Peer?.Features.Reconfiguration == true;

    /// <summary>
    /// Has the next message on a stream be its first again, once all before it is acknowledged and the peer took note; then
    /// <see cref="SctpEvent.StreamsReset"/> comes. Until then nothing can be sent on it. Does nothing when the association has ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">The association is not up, or the peer cannot do it.</exception>
    public void ResetStream(StreamId stream, Instant now)
    {
        if (_state is AssociationState.Ended)
        {
            return;
        }

        if (!CanResetStreams)
        {
            throw new InvalidOperationException("The peer cannot reset streams, or is not known yet.");
        }

        _outgoingResets.Add(stream);
        StartReset(now);
    }

    /// <summary>
    /// Tells that the peer must have taken note of a reset, for it uses the stream again; from now on we may too. No
    /// <see cref="SctpEvent.StreamsReset"/> names the stream any more.
    /// </summary>
    /// <returns>False when the peer was not asked for that.</returns>
    public bool TryConfirmReset(StreamId stream)
    {
        var isConfirmed = _outgoingResets.TryConfirm(stream);
        if (isConfirmed)
        {
            _outbound.ResetStream(stream);
        }

        return isConfirmed;
    }

    private void StartReset(Instant now)
    {
        if (
            _outgoingResets.CanStart // Asked for every packet: then nothing more is done, and nothing allocated
            && _state is AssociationState.Established { Other: var peer }
            && _outgoingResets.TryStart(
                stream => _outbound.BufferedAmount(stream) == 0,
                _outbound.LastAssignedTsn,
                peer.IncomingResets.LastNumber
            )
        )
        {
            SendResetRequest(now);
        }
    }

    private void SendResetRequest(Instant now)
    {
        EnqueueControl(ReconfigurationChunk.Create(_outgoingResets.UnderWay!.ToBytes()));
        _timers.Set(AssociationTimer.Reset, now + _outbound.Timeout.Current);
    }

    private void HandleResetTimeout(Instant now)
    {
        if (!IsEstablished || _outgoingResets.UnderWay is null)
        {
            return;
        }

        if (_outgoingResets.Tries > MaxRetransmissions)
        {
            End(SctpCloseReason.RetransmissionLimit, ErrorCause.UserInitiatedAbort);
            return;
        }

        _outbound.Timeout.HandleTimeout();
        _outgoingResets.HandleRepeated();
        SendResetRequest(now);
    }

    private void HandleReconfiguration(Instant now, ReadOnlySpan<byte> bytes)
    {
        if (!ReconfigurationChunk.TryParse(bytes, out var chunk))
        {
            DroppedCount++;
            return;
        }

        ConfirmByTraffic(now);
        if (!IsEstablished || _state.Peer is not { } peer)
        {
            DroppedCount++;
            return;
        }

        HandleResetParameter(now, peer, chunk.First);
        if (!chunk.Second.IsEmpty)
        {
            HandleResetParameter(now, peer, chunk.Second);
        }
    }

    private void HandleResetParameter(Instant now, Peer peer, ReadOnlySpan<byte> parameter)
    {
        switch (BinaryPrimitives.ReadUInt16BigEndian(parameter))
        {
            case ParameterType.ReconfigurationResponse
                when ReconfigurationResponse.TryParse(parameter, out var response):
                HandleResetResponse(now, response);
                break;
            case ParameterType.OutgoingReset
                when _resetAnswers < MaxResetAnswersPerPacket
                    && OutgoingResetRequest.TryParse(parameter, out var request):
                var result = peer.IncomingResets.Handle(
                    request,
                    peer.Inbound.CumulativeTsnAck,
                    out var isDue
                );
                if (isDue)
                {
                    PerformReset(peer, request.Streams);
                }

                AnswerReset(new ReconfigurationResponse(request.Number, result));
                break;
            case ParameterType.IncomingReset
            or ParameterType.AssociationReset
            or ParameterType.AddOutgoingStreams
            or ParameterType.AddIncomingStreams
                when _resetAnswers < MaxResetAnswersPerPacket
                    && parameter.Length >= ParameterReader.HeaderSize + sizeof(uint):
                // Data channels have no use for these (RFC 8831 section 6.1)
                var number = BinaryPrimitives.ReadUInt32BigEndian(parameter[ParameterReader.HeaderSize..]);
                AnswerReset(new ReconfigurationResponse(number, peer.IncomingResets.Deny(number)));
                break;
            default:
                DroppedCount++;
                break;
        }
    }

    private void AnswerReset(ReconfigurationResponse response)
    {
        _resetAnswers++;
        EnqueueControl(ReconfigurationChunk.Create(response.ToBytes()));
    }

    private void PerformReset(Peer peer, IReadOnlyList<StreamId> streams)
    {
        TakeMessages(peer); // what came before the reset is told before it
        peer.Inbound.ResetStreams(streams);
        _events.Enqueue(new SctpEvent.PeerResetStreams(streams));
    }

    /// <summary>A reset that waited for data is done as soon as that is there, before the peer asks again.</summary>
    private void PerformWaitingReset(Peer peer)
    {
        if (IsEstablished && peer.IncomingResets.TryTakeReady(peer.Inbound.CumulativeTsnAck, out var request))
        {
            PerformReset(peer, request.Streams);
            AnswerReset(new ReconfigurationResponse(request.Number, ResetResult.Performed));
        }
    }

    private void HandleResetResponse(Instant now, ReconfigurationResponse response)
    {
        if (_outgoingResets.HandleResponse(response) is not { } request)
        {
            return;
        }

        _timers.Clear(AssociationTimer.Reset);
        _outbound.Timeout.HandleProgress();
        var isDone = response.Result is ResetResult.Performed or ResetResult.NothingToDo;
        if (isDone)
        {
            foreach (var stream in request.Streams)
            {
                _outbound.ResetStream(stream);
            }
        }

        _events.Enqueue(new SctpEvent.StreamsReset(request.Streams, isDone));
        StartReset(now);
    }
}
