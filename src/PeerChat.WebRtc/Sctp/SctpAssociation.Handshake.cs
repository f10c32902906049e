using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;
using PeerChat.WebRtc.Sctp.Receiving;
using PeerChat.WebRtc.Sctp.Resets;
using PeerChat.WebRtc.Sctp.Sending;

namespace PeerChat.WebRtc.Sctp;

/// <content>
/// The handshake (RFC 9260 section 5): INIT, INIT ACK, COOKIE ECHO, COOKIE ACK. Each side does the left half and answers the
/// other's; the first COOKIE ECHO or COOKIE ACK establishes the association, the rest changes nothing.
/// </content>
internal sealed partial class SctpAssociation
{
    /// <summary>How often INIT or COOKIE ECHO is sent (RFC 9260 section 16: Max.Init.Retransmits).</summary>
    public const int MaxHandshakeTries = 8;

    /// <summary>The least window that INIT may announce (RFC 9260 section 3.3.2).</summary>
    public const int MinAdvertisedWindow = 1500;

    /// <summary>The longest cookie that goes into a packet with room left; known ones have up to 500 bytes.</summary>
    public const int MaxPeerCookie = 1024;

    private static readonly TimeSpan MinHandshakeTimeout = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxHandshakeTimeout = TimeSpan.FromSeconds(1); // T1: RFC 9260 section 16, RTO.Initial
    private IssuedCookie? _cookie;
    private IssuedCookie? _restartCookie;
    private Instant _handshakeSentAt;

    private static InitChunk LocalInit(SctpOptions options, VerificationTag tag, Tsn initialTsn) =>
        new(tag, (uint)options.ReceiveWindow, MaxStreams, MaxStreams, initialTsn);

    private void SendInit(Instant now, int tries)
    {
        if (tries > MaxHandshakeTries)
        {
            End(SctpCloseReason.HandshakeTimeout, ErrorCause.UserInitiatedAbort);
            return;
        }

        _state = new AssociationState.CookieWait(tries);
        EnqueueStandalone(
            VerificationTag.Zero,
            CreateInit(ChunkType.Init, _localTag, PeerFeatures.Own(_options).ToParameters())
        );
        StartHandshakeTimer(now, tries);
    }

    private void StartHandshakeTimer(Instant now, int tries)
    {
        _handshakeSentAt = now;
        var wait = (_options.RoundTripTime * 3) ?? MaxHandshakeTimeout;
        var ticks =
            Math.Clamp(wait.Ticks, MinHandshakeTimeout.Ticks, MaxHandshakeTimeout.Ticks) << (tries - 1);
        ticks = Math.Min(ticks, RetransmissionTimeout.Max.Ticks);
        _timers.Set(AssociationTimer.Handshake, now + TimeSpan.FromTicks(ticks));
    }

    private void HandleHandshakeTimeout(Instant now)
    {
        switch (_state)
        {
            case AssociationState.CookieWait wait:
                SendInit(now, wait.Tries + 1);
                break;
            case AssociationState.CookieEchoed { Tries: >= MaxHandshakeTries }:
                End(SctpCloseReason.HandshakeTimeout, ErrorCause.UserInitiatedAbort);
                break;
            case AssociationState.CookieEchoed echoed:
                _outbound.Repeat();
                _cookieEchoDue = true;
                _state = echoed with { Tries = echoed.Tries + 1 };
                StartHandshakeTimer(now, echoed.Tries + 1);
                break;
            default:
                break;
        }
    }

    private void HandleInit(Instant now, ReadOnlySpan<byte> chunk)
    {
        // RFC 9260 section 3.3.2: an INIT with tag zero is dropped silently
        if (
            !InitChunk.TryParse(chunk, out var init, out var bytes)
            || init.InitiateTag == VerificationTag.Zero
        )
        {
            DroppedCount++;
            return;
        }

        if (_state is AssociationState.ShutdownAckSent)
        {
            _shutdownAckDue = true; // RFC 9260 section 9.2
            return;
        }

        var isUp = !IsConnecting;
        var read = InitParameters.Read(bytes);
        if (RefusalOf(init, read) is { } abort)
        {
            if (isUp)
            {
                DroppedCount++;
            }
            else
            {
                EndWith(SctpCloseReason.InvalidInit, init.InitiateTag, abort);
            }

            return;
        }

        // RFC 9260 section 5.2.1: while we connect too, the answer has the tag of our own INIT. Section 5.2.2: in an
        // association that is up it has a new one, and nothing changes before the cookie comes back.
        var cookie = isUp
            ? (_restartCookie = IssueCookie(now, VerificationTag.Draw(_entropy), init, read.Features))
            : (_cookie = RepeatOrIssueCookie(now, init, read.Features));
        // Zero checksum is of use only to who announced it too, and pion up to SCTP 1.8.6 drops whatever has a parameter
        // that it does not know: our INIT is lost on it, our answer to its own must not be.
        var own = PeerFeatures.Own(_options);
        own = own with { ZeroChecksum = own.ZeroChecksum && read.Features.ZeroChecksum };
        var parameters = InitParameters.ForInitAck(cookie.Value, own, read.Unrecognized);
        EnqueueStandalone(init.InitiateTag, CreateInit(ChunkType.InitAck, cookie.LocalTag, parameters));
    }

    /// <summary>A repeated INIT gets the same cookie, because the answer to the first may only be late.</summary>
    private IssuedCookie RepeatOrIssueCookie(Instant now, InitChunk init, PeerFeatures features) =>
        _cookie is { } cookie && cookie.PeerInit == init && cookie.PeerFeatures == features
            ? cookie with
            {
                IssuedAt = now,
            }
            : IssueCookie(now, _localTag, init, features);

    private IssuedCookie IssueCookie(
        Instant now,
        VerificationTag localTag,
        InitChunk init,
        PeerFeatures features
    ) => new(_entropy.Bytes(IssuedCookie.Size), localTag, init, features, now);

    private void HandleInitAck(Instant now, ReadOnlySpan<byte> chunk)
    {
        if (
            _state is not AssociationState.CookieWait wait
            || !InitChunk.TryParse(chunk, out var init, out var bytes)
        )
        {
            DroppedCount++; // RFC 9260 section 5.2.3
            return;
        }

        var parameters = InitParameters.Read(bytes);
        var refusal = RefusalOf(init, parameters);
        if (refusal is not null || parameters.Cookie is not { Length: > 0 and <= MaxPeerCookie } cookie)
        {
            // RFC 9260 section 3.3.10.2: how many parameters are missing, and which
            byte[] missing = [0, 0, 0, 1, 0, (byte)ParameterType.StateCookie];
            EndWith(
                SctpCloseReason.InvalidInit,
                init.InitiateTag,
                refusal ?? AbortOf(ErrorCause.MissingMandatoryParameter, missing)
            );
            return;
        }

        if (wait.Tries == 1)
        {
            _outbound.Timeout.HandleSample(now - _handshakeSentAt);
        }

        // What we announced in INIT and the peer did not know needs no list: it did not announce that itself
        _state = new AssociationState.CookieEchoed(
            CreatePeer(init, parameters.Features),
            BareChunk.Create(ChunkType.CookieEcho, cookie),
            Tries: 1
        );
        _cookieEchoDue = true;
        if (parameters.Unrecognized.Count > 0)
        {
            ReportError(ErrorCause.UnrecognizedParameters, [.. parameters.Unrecognized.SelectMany(p => p)]);
        }

        StartHandshakeTimer(now, tries: 1);
    }

    /// <summary>RFC 9260 section 5.2.4. The tie-tags are the state that stayed here with the cookie.</summary>
    /// <returns>Whether to go on with the chunks behind it.</returns>
    private bool HandleCookieEcho(Instant now, VerificationTag tag, ReadOnlySpan<byte> value)
    {
        if (_restartCookie is { } restart && restart.LocalTag == tag && restart.Matches(value))
        {
            // Action A. The RFC lets the association go on with empty queues. Messages would be lost without a word, so
            // ours ends; two programs that lost their state make a new DTLS connection anyway.
            EndWith(
                SctpCloseReason.PeerRestarted,
                restart.PeerInit.InitiateTag,
                AbortOf(ErrorCause.UserInitiatedAbort)
            );
            return false;
        }

        if (_cookie is not { } cookie || tag != _localTag || !cookie.Matches(value))
        {
            DroppedCount++; // Action C, and cookies that we never gave
            return false;
        }

        var isSamePeer = _state.Peer?.Tag == cookie.PeerInit.InitiateTag;
        if (!isSamePeer && now - cookie.IssuedAt > IssuedCookie.Life)
        {
            Span<byte> staleness = stackalloc byte[sizeof(uint)];
            var microseconds = (now - cookie.IssuedAt - IssuedCookie.Life).TotalMicroseconds;
            BinaryPrimitives.WriteUInt32BigEndian(staleness, (uint)Math.Min(microseconds, uint.MaxValue));
            EnqueueStandalone(
                cookie.PeerInit.InitiateTag,
                ErrorChunk.Create(ChunkType.Error, ErrorCause.StaleCookie, staleness)
            );
            return false;
        }

        switch (_state)
        {
            case AssociationState.CookieEchoed echoed when isSamePeer: // Action D
                EnqueueControl(BareChunk.Create(ChunkType.CookieAck));
                Establish(now, echoed.Other);
                return true;
            case AssociationState.Closed or AssociationState.CookieWait or AssociationState.CookieEchoed: // Action B
                EnqueueControl(BareChunk.Create(ChunkType.CookieAck));
                Establish(now, CreatePeer(cookie.PeerInit, cookie.PeerFeatures));
                return true;
            default: // Action D again: our COOKIE ACK was lost
                if (!isSamePeer)
                {
                    DroppedCount++;
                    return false;
                }

                EnqueueControl(BareChunk.Create(ChunkType.CookieAck));
                return true;
        }
    }

    private void HandleCookieAck(Instant now)
    {
        if (_state is AssociationState.CookieEchoed echoed)
        {
            if (echoed.Tries == 1)
            {
                _outbound.Timeout.HandleSample(now - _handshakeSentAt);
            }

            Establish(now, echoed.Other);
        }
    }

    /// <summary>
    /// DATA or SACK with our tag while COOKIE ECHO is unanswered: the COOKIE ACK was lost or is late, for nobody else than
    /// a peer that took the cookie sends them. RFC 9260 section 5.1.5 would have us wait, which costs a timeout.
    /// </summary>
    private void ConfirmByTraffic(Instant now)
    {
        if (_state is AssociationState.CookieEchoed echoed)
        {
            Establish(now, echoed.Other);
        }
    }

    private void Establish(Instant now, Peer peer)
    {
        _cookieEchoDue = false;
        _state = new AssociationState.Established(peer);
        _timers.Clear(AssociationTimer.Handshake);
        _timers.Set(AssociationTimer.Heartbeat, now + HeartbeatInterval);
        _outbound.Start(now);
        _events.Enqueue(new SctpEvent.Connected());
    }

    private Peer CreatePeer(InitChunk init, PeerFeatures announced)
    {
        var features = announced.And(PeerFeatures.Own(_options));
        OutboundStreamCount = Math.Min(MaxStreams, init.InboundStreams);
        _outbound.HandlePeer(init.AdvertisedReceiverWindow, OutboundStreamCount, features);
        return new Peer(
            init,
            features,
            new InboundAssociation(_options, init.InitialTsn, features.Interleaving),
            new IncomingResets(init.InitialTsn)
        );
    }

    private bool IsConnecting =>
        _state is AssociationState.Closed or AssociationState.CookieWait or AssociationState.CookieEchoed;

    private static byte[] AbortOf(ErrorCause cause, ReadOnlySpan<byte> value = default) =>
        ErrorChunk.Create(ChunkType.Abort, cause, value);

    /// <summary>The ABORT for INIT or INIT ACK with values that it must not have; null when all are well.</summary>
    private static byte[]? RefusalOf(InitChunk init, InitParameters parameters)
    {
        var isAcceptable =
            init.InitiateTag != VerificationTag.Zero
            && init
                is {
                    OutboundStreams: > 0,
                    InboundStreams: > 0,
                    AdvertisedReceiverWindow: >= MinAdvertisedWindow
                };
        return !isAcceptable ? AbortOf(ErrorCause.InvalidMandatoryParameter)
            : parameters.HasHostName ? AbortOf(ErrorCause.UnresolvableAddress)
            : null;
    }

    private byte[] CreateInit(ChunkType type, VerificationTag tag, ReadOnlySpan<byte> parameters) =>
        CreateInit(LocalInit(_options, tag, _initialTsn), type, parameters);

    private static byte[] CreateInit(InitChunk init, ChunkType type, ReadOnlySpan<byte> parameters)
    {
        var chunk = new byte[InitChunk.HeaderSize + parameters.Length];
        var writer = new SpanWriter(chunk);
        init.Write(ref writer, type, parameters);
        return chunk;
    }
}
