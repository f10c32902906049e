using PeerChat.Primitives;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>One port on a gateway by PCP, or by NAT-PMP where the gateway knows that alone (RFC 6887, appendix A; RFC 6886).</summary>
internal sealed class PcpMapping
{
    private readonly Queue<byte[]> _messages = new();
    private readonly TransportAddress _local;
    private readonly byte[] _nonce;
    private readonly GatewayEpoch _epoch = new();
    private TransportAddress? _address; // NAT-PMP tells address and port apart
    private ushort _port;
    private Instant _sendAt;
    private Instant _expiresAt;
    private TimeSpan _wait;
    private int _attempts;
    private bool _isAsking;

    /// <summary>Begins to ask.</summary>
    public PcpMapping(TransportAddress local, IEntropy entropy, Instant now)
    {
        (_local, _nonce) = (local, entropy.Bytes(PcpMap.NonceSize));
        Restart(now);
    }

    /// <summary>By which of the two the gateway is asked.</summary>
    public PortMappingProtocol Protocol { get; private set; } = PortMappingProtocol.Pcp;

    /// <summary>The address on the outside; null without.</summary>
    public TransportAddress? External { get; private set; }

    /// <summary>Whether there is no answer, or a no.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Why, where the gateway answered; empty where it did not.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline => HasFailed ? null : _sendAt;

    /// <summary>Asks anew: for the first time, or because the gateway lost its table.</summary>
    public void Restart(Instant now)
    {
        (HasFailed, Problem) = (false, "");
        Ask(now);
    }

    /// <summary>Takes a message of the gateway's port in.</summary>
    public void HandleMessage(ReadOnlySpan<byte> message, Instant now)
    {
        if (HasFailed)
        {
            return;
        }

        if (Protocol == PortMappingProtocol.Pcp)
        {
            if (PcpMap.TryParse(message, _nonce, out var map) && map.InternalPort == _local.Port)
            {
                _epoch.IsNewStart(map.Epoch, now);
                HandlePcp(map, now);
            }
            else if (IsVersionRefused(message))
            {
                Protocol = PortMappingProtocol.NatPmp;
                Ask(now);
            }
        }
        else if (NatPmpAnswer.TryParse(message, out var answer))
        {
            _epoch.IsNewStart(answer.Epoch, now);
            HandleNatPmp(answer, now);
        }
    }

    /// <summary>The gateway tells its epoch to all; true where it has begun anew, so that the mapping has to be asked for again.</summary>
    public bool IsNewStart(uint epoch, Instant now) => _epoch.IsNewStart(epoch, now);

    /// <summary>Repeats, renews or gives up.</summary>
    public void HandleDeadline(Instant now)
    {
        if (HasFailed || now < _sendAt)
        {
            return;
        }

        if (!_isAsking)
        {
            Ask(now);
        }
        else if (++_attempts < PortMappingLimits.MaxAttempts)
        {
            Send(now);
        }
        else if (External is not null && now < _expiresAt)
        {
            _isAsking = false; // it holds as long as it was granted
            _sendAt = Instant.Min(now + PortMappingLimits.ShortestRenewal, _expiresAt);
        }
        else
        {
            Fail("");
        }
    }

    /// <summary>Gives the port back.</summary>
    public void Release()
    {
        if (External is not null)
        {
            _messages.Enqueue(
                Protocol == PortMappingProtocol.Pcp
                    ? PcpMap.WriteRequest(_nonce, _local, null, TimeSpan.Zero)
                    : NatPmpAnswer.WriteMapRequest(_local.Port, 0, TimeSpan.Zero)
            );
        }

        Fail("");
    }

    /// <summary>The next message for the gateway.</summary>
    public bool TryTakeMessage([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? message) =>
        _messages.TryDequeue(out message);

    // A gateway of NAT-PMP alone answers in its own version (RFC 6887 section 9).
    private static bool IsVersionRefused(ReadOnlySpan<byte> message) =>
        message.Length >= 4
        && (
            (message[0] == 0 && message[1] >= 0x80 && message[2..4].SequenceEqual(new byte[] { 0, 1 }))
            || (message[0] is not 2 and < 2 && message[1] >= 0x80 && message[3] == PcpMap.UnsupportedVersion)
        );

    private void HandlePcp(in PcpMap map, Instant now)
    {
        if (map.Result != 0)
        {
            Fail(
                map.Result == PcpMap.NotAuthorized
                    ? "does not allow ports to be mapped"
                    : $"refuses to map a port (PCP error {map.Result})"
            );
        }
        else
        {
            Hold(map.External, map.Lifetime, now);
        }
    }

    private void HandleNatPmp(in NatPmpAnswer answer, Instant now)
    {
        if (answer.Result != 0)
        {
            Fail(
                answer.Result == NatPmpAnswer.NotAuthorized
                    ? "does not allow ports to be mapped"
                    : $"refuses to map a port (NAT-PMP error {answer.Result})"
            );
        }
        else if (!answer.IsMap)
        {
            _address = answer.External;
        }
        else if (answer.InternalPort == _local.Port)
        {
            _port = answer.ExternalPort;
            _expiresAt = now + answer.Lifetime;
        }

        if (_isAsking && _address is { } address && _port != 0 && _expiresAt > now)
        {
            Hold(address.WithPort(_port), _expiresAt - now, now);
        }
    }

    private void Hold(TransportAddress external, TimeSpan lifetime, Instant now)
    {
        if (!PortMapper.IsUsable(external) || lifetime <= TimeSpan.Zero)
        {
            Fail("gives an address that leads nowhere");
            return;
        }

        // What it grants beyond a day is renewed daily all the same.
        lifetime = lifetime < TimeSpan.FromDays(1) ? lifetime : TimeSpan.FromDays(1);
        (External, _isAsking, _expiresAt) = (external, false, now + lifetime);
        var half = lifetime / 2;
        _sendAt = now + (half > PortMappingLimits.ShortestRenewal ? half : PortMappingLimits.ShortestRenewal);
    }

    private void Ask(Instant now)
    {
        (_isAsking, _attempts, _wait) = (true, 0, PortMappingLimits.FirstWait);
        (_address, _port) = (null, 0);
        Send(now);
    }

    private void Send(Instant now)
    {
        if (Protocol == PortMappingProtocol.Pcp)
        {
            _messages.Enqueue(PcpMap.WriteRequest(_nonce, _local, External, PortMappingLimits.Lifetime));
        }
        else
        {
            _messages.Enqueue(NatPmpAnswer.WriteAddressRequest());
            _messages.Enqueue(
                NatPmpAnswer.WriteMapRequest(
                    _local.Port,
                    External?.Port ?? _local.Port,
                    PortMappingLimits.Lifetime
                )
            );
        }

        _sendAt = now + _wait;
        _wait *= 2;
    }

    private void Fail(string problem)
    {
        (HasFailed, External, Problem, _isAsking) = (true, null, problem, false);
        _epoch.Reset();
    }
}
