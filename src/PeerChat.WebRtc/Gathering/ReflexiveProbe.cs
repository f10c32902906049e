using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;
using PeerChat.WebRtc.Turn;

namespace PeerChat.WebRtc.Gathering;

/// <summary>Asks one server how it sees one socket, again and again so that a NAT keeps the way open (RFC 8489 section 2, RFC 8445 section 5.1.1.2).</summary>
internal sealed class ReflexiveProbe
{
    private readonly IEntropy _entropy;
    private readonly byte[] _request = new byte[StunHeader.Size + 8];
    private StunTransactionId _id;
    private TimeSpan _wait;
    private Instant _startedAt;
    private bool _isAsking;
    private bool _isSendDue;

    /// <summary>Begins to ask.</summary>
    public ReflexiveProbe(TransportAddress local, TransportAddress server, IEntropy entropy, Instant now)
    {
        (Local, Server, _entropy) = (local, server, entropy);
        Ask(now);
    }

    /// <summary>The socket.</summary>
    public TransportAddress Local { get; }

    /// <summary>The server.</summary>
    public TransportAddress Server { get; }

    /// <summary>How the server sees the socket.</summary>
    public TransportAddress? Mapped { get; private set; }

    /// <summary>The server's second address, where it has one (RFC 5780).</summary>
    public TransportAddress? Other { get; private set; }

    /// <summary>Whether it has been answered, or given up at least once.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant NextDeadline { get; private set; }

    /// <summary>Takes a message of the server in; true when it answers the question.</summary>
    public bool HandleMessage(ReadOnlySpan<byte> message, Instant now)
    {
        if (
            !_isAsking
            || !StunServerMessage.TryParse(message, out var response)
            || response.Header.TransactionId != _id
            || response.Header.Type is not (StunMessageType.BindingSuccess or StunMessageType.BindingError)
        )
        {
            return false;
        }

        var isUsable =
            response is { IsError: false, HasUnknown: false, MappedAddress: { } mapped }
            && Ice.IceAddressRules.IsUnicast(mapped)
            && mapped.IsIPv6 == Local.IsIPv6;
        Other =
            isUsable
            && response.OtherAddress is { } other
            && IceGatherer.CanReach(Local, other)
            && other.WithPort(0) != Server.WithPort(0)
            && other.Port != Server.Port
                ? other
                : null;
        Settle(isUsable ? response.MappedAddress : null, now);
        return true;
    }

    /// <summary>Repeats, gives up for now, or asks anew.</summary>
    public void HandleDeadline(Instant now)
    {
        if (now < NextDeadline)
        {
            return;
        }

        if (!_isAsking)
        {
            Ask(now);
        }
        else if (now - _startedAt >= TurnLimits.RequestTimeout)
        {
            Settle(null, now);
        }
        else
        {
            _isSendDue = true;
            _wait *= 2;
            NextDeadline = Instant.Min(now + _wait, _startedAt + TurnLimits.RequestTimeout);
        }
    }

    /// <summary>The next request to send.</summary>
    public bool TryTakeTransmit(out Datagram datagram)
    {
        datagram = new Datagram(Local, Server, _request);
        var isDue = _isSendDue;
        _isSendDue = false;
        return isDue;
    }

    private void Ask(Instant now)
    {
        _id = StunTransactionId.Create(_entropy);
        new StunMessageWriter(_request, StunMessageType.BindingRequest, _id).FinishUnsigned();
        (_isAsking, _isSendDue) = (true, true);
        (_startedAt, _wait) = (now, TurnLimits.FirstRetransmission);
        NextDeadline = now + _wait;
    }

    private void Settle(TransportAddress? mapped, Instant now)
    {
        (Mapped, IsSettled, _isAsking, _isSendDue) = (mapped, true, false, false);
        NextDeadline = now + TurnLimits.KeepAlive;
    }
}
