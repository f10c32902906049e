using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Resets;

/// <summary>Resets that the peer asks for: their numbers, the last answer, the one that waits (RFC 6525 sections 5.2.1 and 5.2.2).</summary>
/// <remarks>
/// A request that waits for missing data is asked again: by the RFC with the same number, by libwebrtc with the next one. Both
/// are right here.
/// </remarks>
/// <param name="initialTsn">The peer's first TSN, which is also the number of its first request.</param>
internal sealed class IncomingResets(Tsn initialTsn)
{
    private ResetResult _lastResult = ResetResult.BadSequenceNumber;

    /// <summary>The last request that was taken.</summary>
    public uint LastNumber { get; private set; } = initialTsn.Previous.Value;

    /// <summary>The request that waits for missing data; null when none does.</summary>
    public OutgoingResetRequest? Waiting { get; private set; }

    /// <summary>Takes a request in.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cumulativeTsnAck">The last TSN before the first that is missing.</param>
    /// <param name="isDue">Whether the streams must be reset now.</param>
    /// <returns>The answer.</returns>
    public ResetResult Handle(OutgoingResetRequest request, Tsn cumulativeTsnAck, out bool isDue)
    {
        isDue = false;
        if (!TryTakeNumber(request.Number, out var answer))
        {
            return answer;
        }

        isDue = !request.LastTsn.IsAfter(cumulativeTsnAck);
        Waiting = isDue ? null : request;
        _lastResult = isDue ? ResetResult.Performed : ResetResult.InProgress;
        return _lastResult;
    }

    /// <summary>Takes a request in that we do not fulfil.</summary>
    public ResetResult Deny(uint number)
    {
        if (TryTakeNumber(number, out var answer))
        {
            Waiting = null;
            _lastResult = answer = ResetResult.Denied;
        }

        return answer;
    }

    /// <summary>Takes the request that waited, once its data is there.</summary>
    public bool TryTakeReady(Tsn cumulativeTsnAck, out OutgoingResetRequest request)
    {
        request = Waiting!;
        if (Waiting is null || Waiting.LastTsn.IsAfter(cumulativeTsnAck))
        {
            return false;
        }

        Waiting = null;
        _lastResult = ResetResult.Performed;
        return true;
    }

    /// <summary>Whether a request is new, or the one that waits asked again; otherwise its answer.</summary>
    private bool TryTakeNumber(uint number, out ResetResult answer)
    {
        answer = _lastResult;
        if (number == LastNumber)
        {
            return _lastResult == ResetResult.InProgress;
        }

        if (number != new SerialNumber32(LastNumber).Next.Value)
        {
            answer = ResetResult.BadSequenceNumber;
            return false;
        }

        LastNumber = number;
        return true;
    }
}
