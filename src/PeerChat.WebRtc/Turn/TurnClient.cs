using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc.Turn;

/// <summary>One allocation on one TURN server, over UDP or a stream (RFC 8656).</summary>
/// <remarks>
/// <para>After each call: drain <see cref="TryTakeTransmit"/>, look at <see cref="State"/>, wait for a message or <see cref="NextDeadline"/>.</para>
/// <para>
/// A peer gets its channel with the first datagram, which also lets it in: one request instead of two. Until the answer is here the first
/// few datagrams wait. A number of a channel is used for one peer only as long as the allocation lives, so the five minutes' gap of section 12
/// never comes up; should all 4096 be gone, data goes in indications.
/// </para>
/// <para>Messages that are not signed count only where the RFC has them so: challenges, refusals, and data of peers that were let in.</para>
/// </remarks>
internal sealed class TurnClient
{
    private const int ChannelHeader = 4;
    private const int MaxRequest = 3 * 1024; // user name, realm, nonce at their longest, and the rest
    private const int MaxRelayOverhead = 64; // STUN header, peer address and data header of an indication
    private const uint UdpProtocol = 17u << 24; // RFC 8656 section 18.7
    private const uint IPv6Family = 2u << 24;

    private readonly LongTermCredentials _credentials;
    private readonly IEntropy _entropy;
    private readonly bool _isStream;
    private readonly List<TurnRequest> _requests = [];
    private readonly Dictionary<TransportAddress, TurnPeer> _peers = [];
    private readonly Dictionary<TransportAddress, ushort> _numbers = [];
    private readonly Dictionary<ushort, TurnPeer> _byChannel = [];
    private readonly Queue<byte[]> _transmits = new();
    private readonly byte[] _scratch = new byte[TurnLimits.MaxPayload + MaxRelayOverhead];
    private bool _onlyIPv6;
    private bool _hasReleasedStale;
    private Instant _expiresAt;
    private Instant? _refreshAt;
    private int _missedRefreshes;

    /// <summary>Begins to ask for an allocation.</summary>
    public TurnClient(string username, string password, bool isStream, IEntropy entropy, Instant now)
    {
        _credentials = new LongTermCredentials(username, password);
        _entropy = entropy;
        _isStream = isStream;
        Ask(new TurnRequest(StunMessageType.AllocateRequest, !isStream, now), now);
    }

    /// <summary>Where the allocation stands.</summary>
    public TurnState State { get; private set; }

    /// <summary>Why it is closed.</summary>
    public TurnFailure Failure { get; private set; }

    /// <summary>The number of the server's refusal; 0 without one.</summary>
    public int ErrorCode { get; private set; }

    /// <summary>The server to ask instead, where that was the reason.</summary>
    public TransportAddress? Alternate { get; private set; }

    /// <summary>The IPv4 address on the relay.</summary>
    public TransportAddress? RelayedIPv4 { get; private set; }

    /// <summary>The IPv6 address on the relay.</summary>
    public TransportAddress? RelayedIPv6 { get; private set; }

    /// <summary>The address that the server sees this side at.</summary>
    public TransportAddress? Mapped { get; private set; }

    /// <summary>Messages that made no sense, were not asked for or not signed.</summary>
    public long Dropped { get; private set; }

    /// <summary>Datagrams that could not be relayed: the peer is refused, or too many waited.</summary>
    public long Undelivered { get; private set; }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            if (State == TurnState.Closed)
            {
                return null;
            }

            var deadline = State == TurnState.Allocated ? Instant.Earliest(_expiresAt, _refreshAt) : null;
            foreach (var request in _requests)
            {
                deadline = Instant.Earliest(deadline, request.NextDeadline);
            }

            foreach (var peer in _peers.Values)
            {
                deadline = Instant.Earliest(deadline, peer.RenewAt);
            }

            return deadline;
        }
    }

    /// <summary>The address on the relay from which a peer of that family is reached, if there is one.</summary>
    public TransportAddress? RelayedFor(TransportAddress peer) => peer.IsIPv6 ? RelayedIPv6 : RelayedIPv4;

    /// <summary>Takes a STUN message or channel data of the server in.</summary>
    /// <returns>Whether it holds data of a peer: then <paramref name="peer"/> and <paramref name="data"/> say which.</returns>
    public bool HandleMessage(
        Instant now,
        ReadOnlySpan<byte> message,
        out TransportAddress peer,
        out Range data
    )
    {
        (peer, data) = (default, default);
        if (State == TurnState.Closed || message.Length < ChannelHeader)
        {
            Dropped++;
            return false;
        }

        if (message[0] is >= 64 and <= 79) // RFC 8656 section 12.4
        {
            return TakeChannelData(now, message, out peer, out data);
        }

        if (!StunServerMessage.TryParse(message, out var parsed))
        {
            Dropped++;
            return false;
        }

        if (parsed.Header.Type == StunMessageType.DataIndication)
        {
            return TakeIndication(now, parsed, message.Length, out peer, out data);
        }

        if (!parsed.IsResponse || !TryAnswer(now, parsed))
        {
            Dropped++;
        }

        return false;
    }

    /// <summary>Repeats, renews and gives up, whatever is due.</summary>
    public void HandleDeadline(Instant now)
    {
        foreach (var request in _requests.ToList())
        {
            if (request.ExpiresAt <= now)
            {
                _requests.Remove(request);
                NoAnswer(request, now);
            }
            else if (request.RepeatAt <= now)
            {
                request.Repeat(now);
                _transmits.Enqueue(request.Bytes);
            }
        }

        if (State != TurnState.Allocated)
        {
            return;
        }

        if (_expiresAt <= now)
        {
            Close(TurnFailure.NoAnswer);
            return;
        }

        if (_refreshAt <= now)
        {
            _refreshAt = null;
            Ask(new TurnRequest(StunMessageType.RefreshRequest, !_isStream, now), now);
        }

        foreach (var peer in _peers.Values.Where(peer => peer.RenewAt <= now).ToList())
        {
            Renew(peer, now);
        }
    }

    /// <summary>Relays a datagram to a peer. What cannot be relayed is lost, as datagrams may be.</summary>
    public void Send(TransportAddress remote, ReadOnlySpan<byte> payload, Instant now)
    {
        if (
            State != TurnState.Allocated
            || payload.Length > TurnLimits.MaxPayload
            || RelayedFor(remote) is null
            || FindOrAdd(remote, now) is not { } peer
            || peer.DeniedUntil > now
        )
        {
            Undelivered++;
            return;
        }

        peer.UsedAt = now;
        if (peer.IsBound)
        {
            SendChannelData(peer, payload);
            return;
        }

        if (!IsAsked(peer) && peer.RenewAt is null)
        {
            AskFor(peer, now);
        }

        if (IsLetIn(remote))
        {
            SendIndication(remote, payload);
        }
        else if (peer.Held.Count < TurnLimits.MaxHeldPerPeer)
        {
            peer.Held.Enqueue(payload.ToArray());
        }
        else
        {
            Undelivered++;
        }
    }

    /// <summary>Lets whoever sends from this IP address in, for as long as the allocation lasts.</summary>
    public void Permit(TransportAddress remote, Instant now)
    {
        var host = remote.WithPort(0);
        if (
            State == TurnState.Allocated
            && RelayedFor(host) is not null
            && !_peers.ContainsKey(host)
            && FindOrAdd(host, now) is { } peer
        )
        {
            peer.IsKept = true;
            AskFor(peer, now);
        }
    }

    /// <summary>Gives the allocation back; the message is the last one to send.</summary>
    public void Release(Instant now)
    {
        if (State != TurnState.Closed && _credentials.IsChallenged)
        {
            _transmits.Enqueue(
                Write(
                    new TurnRequest(StunMessageType.RefreshRequest, false, now)
                    {
                        IsRelease = true,
                        Id = StunTransactionId.Create(_entropy),
                    }
                )
            );
        }

        Close(TurnFailure.None);
    }

    /// <summary>The next message to the server; over a stream, the next bytes.</summary>
    public bool TryTakeTransmit(out byte[] message) => _transmits.TryDequeue(out message!);

    private bool TryAnswer(Instant now, in StunServerMessage response)
    {
        var id = response.Header.TransactionId;
        var request = _requests.Find(each => each.Id == id);
        if (request is null || response.HasUnknown || !FitsType(response, request))
        {
            return false;
        }

        if (response.IsError)
        {
            // Whoever can forge a refusal has seen the transaction id, and could as well drop the packets; a wrong signature is refused still.
            if (response.ErrorCode == 0 || (response.IsSigned && !_credentials.Verify(response)))
            {
                return false;
            }

            _requests.Remove(request);
            Refused(request, response, now);
            return true;
        }

        if (!request.IsSigned || !_credentials.Verify(response))
        {
            return false;
        }

        _requests.Remove(request);
        Granted(request, response, now);
        return true;
    }

    private static bool FitsType(in StunServerMessage response, TurnRequest request) =>
        ((int)response.Header.Type & ~0x0110) == (int)request.Type;

    private void Granted(TurnRequest request, in StunServerMessage response, Instant now)
    {
        switch (request.Type)
        {
            case StunMessageType.AllocateRequest:
                Allocated(response, now);
                break;
            case StunMessageType.RefreshRequest when request.IsRelease:
                // The stale allocation of a process that was killed is gone: now for one's own.
                Ask(new TurnRequest(StunMessageType.AllocateRequest, !_isStream, now), now);
                break;
            case StunMessageType.RefreshRequest:
                TakeLifetime(response, now);
                break;
            default:
                PeerGranted(request.Peer!, request.Type == StunMessageType.ChannelBindRequest, now);
                break;
        }
    }

    private void Allocated(in StunServerMessage response, Instant now)
    {
        (RelayedIPv4, RelayedIPv6) = (response.RelayedIPv4, response.RelayedIPv6);
        Mapped = response.MappedAddress;
        if (!IsUsable(RelayedIPv4) || !IsUsable(RelayedIPv6) || (RelayedIPv4 ?? RelayedIPv6) is null)
        {
            Close(TurnFailure.Nonsense);
            return;
        }

        State = TurnState.Allocated;
        TakeLifetime(response, now);
    }

    private static bool IsUsable(TransportAddress? relayed) =>
        relayed is not { } address || Ice.IceAddressRules.IsUnicast(address);

    private void TakeLifetime(in StunServerMessage response, Instant now)
    {
        if (response.Lifetime is not { } seconds || seconds == 0)
        {
            Close(TurnFailure.Nonsense);
            return;
        }

        var lifetime = TimeSpan.FromSeconds(Math.Min(seconds, TurnLimits.MaxLifetime.TotalSeconds));
        _expiresAt = now + lifetime;
        var refresh = lifetime * 5 / 6;
        _refreshAt = now + (refresh < TurnLimits.KeepAlive ? refresh : TurnLimits.KeepAlive);
        _missedRefreshes = 0;
    }

    private void PeerGranted(TurnPeer peer, bool bound, Instant now)
    {
        peer.IsPermitted = true;
        peer.IsBound = bound;
        peer.RenewAt = now + TurnLimits.PermissionRenewal;
        foreach (var other in _peers.Values.Where(other => SameHost(other.Address, peer.Address)))
        {
            while (other.Held.TryDequeue(out var payload))
            {
                if (other.IsBound)
                {
                    SendChannelData(other, payload);
                }
                else
                {
                    SendIndication(other.Address, payload);
                }
            }
        }
    }

    private void Refused(TurnRequest request, in StunServerMessage response, Instant now)
    {
        var code = (StunErrorCode)response.ErrorCode;
        var isChallenge =
            code is StunErrorCode.StaleNonce || (code == StunErrorCode.Unauthenticated && !request.IsSigned);
        if (isChallenge && request.Challenges < TurnLimits.MaxChallenges)
        {
            if (_credentials.TryTake(response))
            {
                request.Challenges++;
                Ask(request, now);
            }
            else
            {
                Fail(request, TurnFailure.Nonsense, response, now);
            }

            return;
        }

        switch (request.Type, code)
        {
            case (StunMessageType.AllocateRequest, StunErrorCode.AddressFamilyNotSupported) when !_onlyIPv6:
                _onlyIPv6 = true;
                Ask(new TurnRequest(StunMessageType.AllocateRequest, !_isStream, now), now);
                break;
            case (StunMessageType.AllocateRequest, StunErrorCode.AllocationMismatch) when !_hasReleasedStale:
                // A process that was killed had an allocation from this very port. RFC 8656 section 7.4 would have another port tried; ours
                // carries the connections, so the old allocation goes instead.
                _hasReleasedStale = true;
                Ask(
                    new TurnRequest(StunMessageType.RefreshRequest, !_isStream, now) { IsRelease = true },
                    now
                );
                break;
            case (StunMessageType.AllocateRequest, StunErrorCode.TryAlternate):
                Alternate = response.AlternateServer;
                Fail(request, TurnFailure.Refused, response, now);
                break;
            case (_, StunErrorCode.AllocationQuotaReached or StunErrorCode.InsufficientCapacity):
                Fail(request, TurnFailure.Full, response, now);
                break;
            case (_, StunErrorCode.Unauthenticated or StunErrorCode.WrongCredentials):
                Fail(request, TurnFailure.Credentials, response, now);
                break;
            default:
                Fail(request, TurnFailure.Refused, response, now);
                break;
        }
    }

    private void Fail(TurnRequest request, TurnFailure failure, in StunServerMessage response, Instant now)
    {
        if (request.Peer is { } peer)
        {
            Deny(peer, now);
            return;
        }

        ErrorCode = response.ErrorCode;
        Close(failure);
    }

    private void NoAnswer(TurnRequest request, Instant now)
    {
        if (request.Peer is { } peer)
        {
            Undelivered += peer.Held.Count;
            Forget(peer); // the next datagram asks again
        }
        else if (request.Type == StunMessageType.AllocateRequest || State == TurnState.Allocating)
        {
            Close(TurnFailure.NoAnswer);
        }
        else if (++_missedRefreshes == TurnLimits.MaxMissedRefreshes)
        {
            Close(TurnFailure.NoAnswer);
        }
        else
        {
            _refreshAt = now;
        }
    }

    private void Deny(TurnPeer peer, Instant now)
    {
        Undelivered += peer.Held.Count;
        peer.Held.Clear();
        (peer.IsBound, peer.IsPermitted) = (false, false);
        peer.DeniedUntil = now + TurnLimits.DenialPause;
        peer.RenewAt = peer.DeniedUntil;
    }

    private void Renew(TurnPeer peer, Instant now)
    {
        var isIdle = !peer.IsKept && now - peer.UsedAt >= TurnLimits.PeerIdle;
        var wasDenied = peer.DeniedUntil is not null && !peer.IsKept;
        if (isIdle || wasDenied)
        {
            Forget(peer);
            return;
        }

        peer.RenewAt = null;
        if (!IsAsked(peer))
        {
            AskFor(peer, now);
        }
    }

    private void Forget(TurnPeer peer)
    {
        _peers.Remove(peer.Address);
        _byChannel.Remove(peer.Channel);
    }

    private bool IsAsked(TurnPeer peer) => _requests.Exists(request => request.Peer == peer);

    private bool IsLetIn(TransportAddress remote)
    {
        foreach (var peer in _peers.Values)
        {
            if (peer.IsPermitted && SameHost(peer.Address, remote))
            {
                return true;
            }
        }

        return false;
    }

    private static bool SameHost(TransportAddress left, TransportAddress right) =>
        left.WithPort(0) == right.WithPort(0);

    private TurnPeer? FindOrAdd(TransportAddress address, Instant now)
    {
        if (_peers.TryGetValue(address, out var known))
        {
            return known;
        }

        if (_peers.Count >= TurnLimits.MaxPeers || !Ice.IceAddressRules.IsUnicast(address.WithPort(1)))
        {
            return null;
        }

        var peer = new TurnPeer(address)
        {
            UsedAt = now,
            Channel = address.Port == 0 ? (ushort)0 : NumberFor(address),
        };
        _peers.Add(address, peer);
        if (peer.Channel != 0)
        {
            _byChannel[peer.Channel] = peer;
        }

        return peer;
    }

    private ushort NumberFor(TransportAddress address)
    {
        if (!_numbers.TryGetValue(address, out var number))
        {
            if (_numbers.Count > TurnLimits.LastChannel - TurnLimits.FirstChannel)
            {
                return 0;
            }

            number = (ushort)(TurnLimits.FirstChannel + _numbers.Count);
            _numbers.Add(address, number);
        }

        return number;
    }

    private void AskFor(TurnPeer peer, Instant now) =>
        Ask(
            new TurnRequest(
                peer.Channel == 0
                    ? StunMessageType.CreatePermissionRequest
                    : StunMessageType.ChannelBindRequest,
                !_isStream,
                now
            )
            {
                Peer = peer,
            },
            now
        );

    private void Ask(TurnRequest request, Instant now)
    {
        request.Id = StunTransactionId.Create(_entropy);
        request.IsSigned = _credentials.IsChallenged;
        request.Bytes = Write(request);
        request.Begin(now);
        _requests.Add(request);
        _transmits.Enqueue(request.Bytes);
    }

    private byte[] Write(TurnRequest request)
    {
        Span<byte> buffer = stackalloc byte[MaxRequest];
        var writer = new StunMessageWriter(buffer, request.Type, request.Id);
        switch (request.Type)
        {
            case StunMessageType.AllocateRequest:
                writer.WriteNumber(StunAttributeType.RequestedTransport, UdpProtocol);
                writer.WriteNumber(
                    _onlyIPv6
                        ? StunAttributeType.RequestedAddressFamily
                        : StunAttributeType.AdditionalAddressFamily,
                    IPv6Family
                );
                break;
            case StunMessageType.RefreshRequest when request.IsRelease:
                writer.WriteNumber(StunAttributeType.Lifetime, 0);
                break;
            case StunMessageType.ChannelBindRequest:
                writer.WriteNumber(StunAttributeType.ChannelNumber, (uint)request.Peer!.Channel << 16);
                writer.WriteAddress(StunAttributeType.XorPeerAddress, request.Peer.Address);
                break;
            case StunMessageType.CreatePermissionRequest:
                writer.WriteAddress(StunAttributeType.XorPeerAddress, request.Peer!.Address);
                break;
            default:
                break;
        }

        if (!_credentials.IsChallenged)
        {
            return writer.FinishUnsigned().ToArray();
        }

        _credentials.Write(ref writer);
        return _credentials.Finish(ref writer).ToArray();
    }

    private void SendChannelData(TurnPeer peer, ReadOnlySpan<byte> payload)
    {
        var padded = _isStream ? (payload.Length + 3) & ~3 : payload.Length;
        var message = new byte[ChannelHeader + padded];
        BinaryPrimitives.WriteUInt16BigEndian(message, peer.Channel);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)payload.Length);
        payload.CopyTo(message.AsSpan(ChannelHeader));
        _transmits.Enqueue(message);
    }

    private void SendIndication(TransportAddress remote, ReadOnlySpan<byte> payload)
    {
        var writer = new StunMessageWriter(
            _scratch,
            StunMessageType.SendIndication,
            StunTransactionId.Create(_entropy)
        );
        writer.WriteAddress(StunAttributeType.XorPeerAddress, remote);
        writer.WriteRaw(StunAttributeType.Data, payload);
        _transmits.Enqueue(writer.FinishBare().ToArray());
    }

    private bool TakeChannelData(
        Instant now,
        ReadOnlySpan<byte> message,
        out TransportAddress peer,
        out Range data
    )
    {
        var number = BinaryPrimitives.ReadUInt16BigEndian(message);
        var length = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        (peer, data) = (default, ChannelHeader..(ChannelHeader + length));
        if (length > message.Length - ChannelHeader || _byChannel.GetValueOrDefault(number) is not { } known)
        {
            Dropped++;
            return false;
        }

        known.UsedAt = now;
        peer = known.Address;
        return true;
    }

    private bool TakeIndication(
        Instant now,
        in StunServerMessage message,
        int size,
        out TransportAddress peer,
        out Range data
    )
    {
        (peer, data) = (message.PeerAddress ?? default, message.Data);
        if (
            message.PeerAddress is not { } sender
            || message.HasUnknown
            || data.GetOffsetAndLength(size).Length == 0
            || !IsLetIn(sender)
        )
        {
            Dropped++;
            return false;
        }

        if (_peers.TryGetValue(sender, out var known))
        {
            known.UsedAt = now;
        }

        return true;
    }

    private void Close(TurnFailure failure)
    {
        if (State != TurnState.Closed)
        {
            State = TurnState.Closed;
            Failure = failure;
        }

        _requests.Clear();
        _peers.Clear();
        _byChannel.Clear();
    }
}
