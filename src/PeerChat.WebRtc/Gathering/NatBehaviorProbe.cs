using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc.Gathering;

/// <summary>Finds out how a NAT maps and filters, with a STUN server that has two addresses (RFC 5780 sections 4.3 and 4.4).</summary>
/// <remarks>
/// Filtering comes first: once this socket has written to the server's second address, that one may write back. What other connections of the
/// socket opened before is not known to it, so a NAT that was told of the second address by somebody else looks more open than it is.
/// </remarks>
internal sealed class NatBehaviorProbe
{
    private const uint ChangeAddress = 4;
    private const uint ChangePort = 2;
    private const int MaxAttempts = 3;

    /// <summary>Waits after each attempt: a test is over after 1.2 s without an answer.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(400);

    private readonly TransportAddress _server;
    private readonly TransportAddress _other;
    private readonly TransportAddress _mapped;
    private readonly IEntropy _entropy;
    private Test _test = Test.FilterOfAll;
    private TransportAddress? _mappedAtAddress;
    private StunTransactionId _id;
    private int _attempts;
    private bool _isSendDue;
    private Instant _deadline;

    /// <summary>Begins.</summary>
    /// <param name="local">The socket.</param>
    /// <param name="server">The server's first address.</param>
    /// <param name="other">Its second address, with the second port.</param>
    /// <param name="mapped">How the first address sees the socket.</param>
    /// <param name="entropy">Gives transaction ids.</param>
    /// <param name="now">The present.</param>
    public NatBehaviorProbe(
        TransportAddress local,
        TransportAddress server,
        TransportAddress other,
        TransportAddress mapped,
        IEntropy entropy,
        Instant now
    )
    {
        (Local, _server, _other, _mapped, _entropy) = (local, server, other, mapped, entropy);
        Result = new NatBehavior(mapped != local, NatDependence.Unknown, NatDependence.Unknown);
        Begin(Test.FilterOfAll, now);
    }

    private enum Test
    {
        FilterOfAll,
        FilterOfAddress,
        MappingOfAddress,
        MappingOfPort,
        Done,
    }

    /// <summary>The socket.</summary>
    public TransportAddress Local { get; }

    /// <summary>What is known so far.</summary>
    public NatBehavior Result { get; private set; }

    /// <summary>Whether nothing more will be known.</summary>
    public bool IsDone => _test == Test.Done;

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline => IsDone ? null : _deadline;

    /// <summary>Takes what may be an answer in, from whatever address; true where it is one.</summary>
    public bool HandleMessage(ReadOnlySpan<byte> message, Instant now)
    {
        if (
            IsDone
            || !StunServerMessage.TryParse(message, out var response)
            || response.Header.TransactionId != _id
            || !response.IsResponse
        )
        {
            return false;
        }

        if (response.IsError || response.MappedAddress is not { } mapped)
        {
            Begin(Test.Done, now); // the server has a second address and does not let it be used
            return true;
        }

        switch (_test)
        {
            case Test.FilterOfAll:
                Result = Result with { Filtering = NatDependence.EndpointIndependent };
                Begin(Test.MappingOfAddress, now);
                break;
            case Test.FilterOfAddress:
                Result = Result with { Filtering = NatDependence.AddressDependent };
                Begin(Test.MappingOfAddress, now);
                break;
            case Test.MappingOfAddress when mapped == _mapped:
                Result = Result with { Mapping = NatDependence.EndpointIndependent };
                Begin(Test.Done, now);
                break;
            case Test.MappingOfAddress:
                _mappedAtAddress = mapped;
                Begin(Test.MappingOfPort, now);
                break;
            default:
                Result = Result with
                {
                    Mapping =
                        mapped == _mappedAtAddress
                            ? NatDependence.AddressDependent
                            : NatDependence.AddressAndPortDependent,
                };
                Begin(Test.Done, now);
                break;
        }

        return true;
    }

    /// <summary>Repeats, or takes silence for an answer.</summary>
    public void HandleDeadline(Instant now)
    {
        if (IsDone || now < _deadline)
        {
            return;
        }

        if (_attempts < MaxAttempts)
        {
            Send(now);
            return;
        }

        switch (_test)
        {
            case Test.FilterOfAll:
                Begin(Test.FilterOfAddress, now);
                break;
            case Test.FilterOfAddress:
                Result = Result with { Filtering = NatDependence.AddressAndPortDependent };
                Begin(Test.MappingOfAddress, now);
                break;
            default:
                Begin(Test.Done, now); // the second address does not answer: nothing is known of the mapping
                break;
        }
    }

    /// <summary>The next request to send.</summary>
    public bool TryTakeTransmit(out Datagram datagram)
    {
        datagram = default;
        if (!_isSendDue)
        {
            return false;
        }

        _isSendDue = false;
        var writer = new StunMessageWriter(new byte[64], StunMessageType.BindingRequest, _id);
        if (_test is Test.FilterOfAll or Test.FilterOfAddress)
        {
            writer.WriteNumber(
                StunAttributeType.ChangeRequest,
                _test == Test.FilterOfAll ? ChangeAddress | ChangePort : ChangePort
            );
        }

        var to = _test switch
        {
            Test.MappingOfAddress => _other.WithPort(_server.Port),
            Test.MappingOfPort => _other,
            _ => _server,
        };
        datagram = new Datagram(Local, to, writer.FinishUnsigned().ToArray());
        return true;
    }

    private void Begin(Test test, Instant now)
    {
        (_test, _attempts, _isSendDue) = (test, 0, false);
        if (!IsDone)
        {
            _id = StunTransactionId.Create(_entropy);
            Send(now);
        }
    }

    private void Send(Instant now)
    {
        _attempts++;
        (_isSendDue, _deadline) = (true, now + Wait);
    }
}
