using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls;

/// <summary>One DTLS 1.2 connection as a state machine, client or server (RFC 6347).</summary>
/// <remarks>
/// Both ends show a certificate; the peer's must have the announced fingerprint. No renegotiation, no resumption.
/// After each call: drain <see cref="TryTakeTransmit"/>, <see cref="TryTakeReceived"/> and <see cref="TryTakeEvent"/>,
/// then wait for input or <see cref="NextDeadline"/>.
/// </remarks>
internal sealed class DtlsConnection : IDisposable
{
    /// <summary>Protected records that are kept because they overtook the handshake.</summary>
    /// <remarks>A Finished and the first data of the peer; more would only help a flood (guess).</remarks>
    public const int MaxHeldRecords = 4;

    /// <summary>Plaintexts that wait to be taken: one batch of small datagrams (guess).</summary>
    public const int MaxReceived = 4096;

    /// <summary>Forged records after which the keys are given up (RFC 9147 section 4.5.3).</summary>
    public const long MaxForgedRecords = 1L << 36;

    private const int FingerprintSize = 32;

    /// <summary>How long a handshake may take in all (guess: ten times a very bad path).</summary>
    private static readonly TimeSpan MaxHandshakeTime = TimeSpan.FromSeconds(30);

    /// <summary>At most so often does a repeated message of the peer bring our answer again (guess).</summary>
    private static readonly TimeSpan MinAnswerInterval = TimeSpan.FromMilliseconds(50);

    private readonly bool _isClient;
    private readonly DtlsCertificate _certificate;
    private readonly Handshake _handshake;
    private readonly RecordLayer _records = new();
    private readonly HandshakeReassembler _reassembler = new();
    private readonly BufferQueue _transmit = new();
    private readonly BufferQueue _received = new();
    private readonly Queue<DtlsEvent> _events = new();
    private readonly TimerTable<DtlsTimer> _timers = new();
    private readonly List<(RecordHeader Header, byte[] Body)> _held = [];

    private DtlsState _state;
    private RetransmissionTimer _retransmission = new(roundTripTime: null);
    private Flight? _lastFlight; // what a repetition of the peer's previous flight brings again
    private int _previousFlightStart; // message numbers of that flight: from here …
    private int _previousFlightEnd; // … to before this one
    private Instant _lastAnswer;
    private bool _peerChangedCipherSpec;
    private AlertDescription? _unprovenAlert; // fatal, but anybody could have sent it

    /// <summary>Prepares a connection.</summary>
    /// <param name="isClient">Whether this side sends the first hello (setup:active).</param>
    /// <param name="certificate">Our certificate; stays the caller's.</param>
    /// <param name="remoteFingerprintSha256">The SHA-256 of the peer's certificate, from its description.</param>
    /// <param name="entropy">Gives the random of our hello.</param>
    /// <param name="namesServer">Whether a client's hello says which certificate it is for (<see cref="HandshakeName"/>).</param>
    /// <exception cref="ArgumentException">The fingerprint does not have 32 bytes.</exception>
    public DtlsConnection(
        bool isClient,
        DtlsCertificate certificate,
        ReadOnlyMemory<byte> remoteFingerprintSha256,
        IEntropy entropy,
        bool namesServer = false
    )
    {
        if (remoteFingerprintSha256.Length != FingerprintSize)
        {
            throw new ArgumentException("A SHA-256 has 32 bytes.", nameof(remoteFingerprintSha256));
        }

        _isClient = isClient;
        _certificate = certificate;
        _handshake = isClient
            ? new ClientHandshake(certificate, remoteFingerprintSha256, entropy)
            {
                SessionId = namesServer ? remoteFingerprintSha256.ToArray() : [],
            }
            : new ServerHandshake(certificate, remoteFingerprintSha256, entropy);
    }

    /// <summary>Where the connection stands.</summary>
    public DtlsState State => _state;

    /// <summary>What was dropped so far.</summary>
    public DtlsCounters Counters { get; } = new();

    /// <summary>When <see cref="HandleDeadline"/> is due; null when no timer runs.</summary>
    public Instant? NextDeadline => _timers.NextDeadline;

    /// <summary>The fingerprint of our certificate.</summary>
    public byte[] LocalCertificateSha256 => _certificate.Sha256;

    /// <summary>The fingerprint of the certificate that the peer showed; proven only when connected.</summary>
    public byte[]? RemoteCertificateSha256 => _handshake.RemoteCertificateSha256;

    /// <summary>Bytes by which a datagram is longer than its plaintext.</summary>
    public static int DatagramOverhead => RecordLayer.OverheadOf(epoch: 1);

    /// <summary>Sends the hello as client, or begins to listen as server.</summary>
    /// <param name="now">The present.</param>
    /// <param name="roundTripTime">What ICE measured on the path, if it did.</param>
    /// <exception cref="InvalidOperationException">Started before.</exception>
    public void Start(Instant now, TimeSpan? roundTripTime)
    {
        if (_state != DtlsState.New)
        {
            throw new InvalidOperationException("The connection was started before.");
        }

        _state = DtlsState.Handshaking;
        _retransmission = new RetransmissionTimer(roundTripTime);
        _timers.Set(DtlsTimer.Handshake, now + MaxHandshakeTime);
        if (_handshake is ClientHandshake client)
        {
            client.Start();
            SendNewFlight(now);
        }
    }

    /// <summary>Takes a datagram of the peer in; one that arrives before the start or after the end is dropped.</summary>
    public void HandleDatagram(Instant now, ReadOnlySpan<byte> datagram)
    {
        while (!datagram.IsEmpty)
        {
            if (_state is DtlsState.New or DtlsState.Closed)
            {
                Counters.OutOfPlace++;
                return;
            }

            if (!RecordHeader.TryParse(datagram, out var header))
            {
                Counters.Malformed++;
                return;
            }

            var body = datagram.Slice(RecordHeader.Size, header.Length);
            datagram = datagram[(RecordHeader.Size + header.Length)..];
            switch (header.Epoch)
            {
                case 0:
                    HandlePlaintext(now, header, body);
                    break;
                case 1:
                    HandleProtected(now, header, body);
                    break;
                default:
                    Counters.OutOfPlace++;
                    break;
            }
        }
    }

    /// <summary>Repeats what was not answered, or gives up. Early calls do nothing.</summary>
    public void HandleDeadline(Instant now)
    {
        while (_timers.TryTakeDue(now, out var timer))
        {
            if (timer == DtlsTimer.Handshake)
            {
                Close(DtlsCloseReason.Timeout, $"no handshake in {MaxHandshakeTime.TotalSeconds} s");
            }
            else if (_unprovenAlert is { } alert)
            {
                Close(DtlsCloseReason.PeerAlert, $"alert {(int)alert} during the handshake");
            }
            else
            {
                _retransmission.BackOff();
                Retransmit(now);
            }
        }
    }

    /// <summary>Sends one record of application data in a datagram of its own. After the end it does nothing.</summary>
    /// <exception cref="InvalidOperationException">Not connected yet.</exception>
    /// <exception cref="ArgumentException">Empty, or longer than a record can be.</exception>
    public void Send(ReadOnlySpan<byte> plaintext)
    {
        if (_state is DtlsState.New or DtlsState.Handshaking)
        {
            throw new InvalidOperationException("Application data must wait for the handshake.");
        }

        if (plaintext.Length is 0 or > RecordHeader.MaxPlaintext)
        {
            throw new ArgumentException("A record carries 1 to 16384 bytes.", nameof(plaintext));
        }

        if (_state != DtlsState.Connected)
        {
            return;
        }

        if (_records.IsSpent)
        {
            // DTLS 1.2 cannot change keys without a renegotiation, which we refuse; the owner connects anew
            SendAlert(new Alert(IsFatal: false, AlertDescription.CloseNotify));
            Close(DtlsCloseReason.RecordLimit, "the keys have protected as much as they may");
            return;
        }

        SendRecord(ContentType.ApplicationData, plaintext);
    }

    /// <summary>Tells the peer that this side leaves, and ends the connection.</summary>
    public void Close()
    {
        if (_state == DtlsState.Closed)
        {
            return;
        }

        if (_lastFlight is not null || _state == DtlsState.Connected)
        {
            SendAlert(new Alert(IsFatal: false, AlertDescription.CloseNotify));
        }

        Close(DtlsCloseReason.LocalClose, "closed here");
    }

    /// <summary>Keying material for other protocols, bound to this connection (RFC 5705, without context).</summary>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    public byte[] ExportKeyingMaterial(string label, int length)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (_state != DtlsState.Connected)
        {
            throw new InvalidOperationException("Keying material exists only while connected.");
        }

        return _handshake.Keys!.Export(label, length);
    }

    /// <summary>The line of a key log for captures in tests; null before both key shares are known.</summary>
    public string? KeyLogLine() => _handshake.Keys?.KeyLogLine();

    /// <summary>The next datagram to send; valid until the next call of this method.</summary>
    public bool TryTakeTransmit(out ReadOnlyMemory<byte> datagram) => _transmit.TryTake(out datagram);

    /// <summary>The content of the next application record; valid until the next call of this method.</summary>
    public bool TryTakeReceived(out ReadOnlyMemory<byte> plaintext) => _received.TryTake(out plaintext);

    /// <summary>The next event.</summary>
    public bool TryTakeEvent(out DtlsEvent e) => _events.TryDequeue(out e!);

    /// <summary>Forgets all keys.</summary>
    public void Dispose()
    {
        _state = DtlsState.Closed;
        _timers.ClearAll();
        _handshake.Dispose();
        _records.Dispose();
    }

    private bool PeerIsClient => !_isClient;

    // Keys of epoch 1 are used for reading only when all before Finished is verified and the peer has switched.
    private bool ReadsProtected =>
        _state == DtlsState.Connected
        || (_handshake.State == HandshakeState.AwaitsFinished && _peerChangedCipherSpec);

    private void HandlePlaintext(Instant now, in RecordHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Version is not (DtlsVersion.Dtls12 or DtlsVersion.Dtls10) || body.IsEmpty)
        {
            Counters.Malformed++;
            return;
        }

        switch (header.Type)
        {
            case ContentType.Handshake:
                HandleFragments(now, epoch: 0, body);
                break;

            case ContentType.ChangeCipherSpec when body is [1] && _state == DtlsState.Handshaking:
                // Only remembered: it may have overtaken messages, and without keys it must have no effect.
                _peerChangedCipherSpec = true;
                HandleHeld(now);
                break;

            case ContentType.Alert when _state == DtlsState.Handshaking:
                HandlePlaintextAlert(body);
                break;

            default:
                Counters.OutOfPlace++; // application data without protection ends here too
                break;
        }
    }

    private void HandlePlaintextAlert(ReadOnlySpan<byte> body)
    {
        Counters.IgnoredAlerts++;
        if (
            Alert.TryParse(body, out var alert)
            && (alert.IsFatal || alert.Description == AlertDescription.CloseNotify)
        )
        {
            // Anybody can forge it. It counts when the retransmission timer fires before the handshake moved on.
            _unprovenAlert = alert.Description;
        }
    }

    private void HandleProtected(Instant now, in RecordHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Type is not (ContentType.Handshake or ContentType.Alert or ContentType.ApplicationData))
        {
            Counters.OutOfPlace++;
            return;
        }

        var mustWait =
            !ReadsProtected || (header.Type == ContentType.ApplicationData && _state != DtlsState.Connected);
        if (mustWait)
        {
            Hold(header, body);
            return;
        }

        if (_received.Count >= MaxReceived)
        {
            Counters.Overflowed++;
            return;
        }

        var buffer = _received.Rent(body.Length);
        var verdict = _records.Open(header, body, buffer, out var length);
        if (verdict == RecordVerdict.Authentic && header.Type == ContentType.ApplicationData && length > 0)
        {
            _lastFlight = null; // the peer is connected too: nothing will have to be repeated
            _received.Enqueue(buffer, length);
            return;
        }

        if (verdict == RecordVerdict.Authentic)
        {
            HandleAuthentic(now, header.Type, buffer.AsSpan(0, length));
        }
        else
        {
            HandleRefused(verdict);
        }

        _received.Return(buffer);
    }

    private void HandleAuthentic(Instant now, ContentType type, ReadOnlySpan<byte> plaintext)
    {
        switch (type)
        {
            case ContentType.Handshake when !plaintext.IsEmpty:
                HandleFragments(now, epoch: 1, plaintext);
                break;

            case ContentType.Alert:
                HandleAuthenticAlert(plaintext);
                break;

            default:
                Counters.OutOfPlace++; // an empty record
                break;
        }
    }

    private void HandleAuthenticAlert(ReadOnlySpan<byte> plaintext)
    {
        if (!Alert.TryParse(plaintext, out var alert))
        {
            Counters.Malformed++;
        }
        else if (alert.Description == AlertDescription.CloseNotify)
        {
            SendAlert(alert with { IsFatal = false });
            Close(DtlsCloseReason.PeerClose, "closed by the peer");
        }
        else if (alert.IsFatal)
        {
            Close(DtlsCloseReason.PeerAlert, $"alert {(int)alert.Description}");
        }
        else
        {
            Counters.IgnoredAlerts++;
        }
    }

    private void HandleRefused(RecordVerdict verdict)
    {
        switch (verdict)
        {
            case RecordVerdict.Replayed:
                Counters.Replayed++;
                break;
            case RecordVerdict.Forged:
                Counters.Forged++;
                if (Counters.Forged >= MaxForgedRecords)
                {
                    Close(DtlsCloseReason.RecordLimit, "too many forged records");
                }

                break;
            default:
                Counters.Malformed++;
                break;
        }
    }

    private void Hold(in RecordHeader header, ReadOnlySpan<byte> body)
    {
        if (_held.Count < MaxHeldRecords)
        {
            _held.Add((header, body.ToArray()));
        }
        else
        {
            Counters.Overflowed++;
        }
    }

    // Handshake records first: what the application gets must wait for Finished.
    private void HandleHeld(Instant now)
    {
        if (_held.Count == 0 || !ReadsProtected)
        {
            return;
        }

        var held = _held.OrderBy(record => record.Header.Type).ToArray();
        _held.Clear();
        foreach (var (header, body) in held)
        {
            if (_state != DtlsState.Closed)
            {
                HandleProtected(now, header, body);
            }
        }
    }

    private void HandleFragments(Instant now, ushort epoch, ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            if (!HandshakeHeader.TryParse(body, out var header))
            {
                Counters.Malformed++;
                break;
            }

            var fragment = body.Slice(HandshakeHeader.Size, header.FragmentLength);
            body = body[(HandshakeHeader.Size + header.FragmentLength)..];
            HandleFragment(now, epoch, header, fragment);
        }

        while (_state == DtlsState.Handshaking && _reassembler.TryTakeNext(out var type, out var message))
        {
            HandleMessage(now, type, message);
        }
    }

    private void HandleFragment(
        Instant now,
        ushort epoch,
        in HandshakeHeader header,
        ReadOnlySpan<byte> fragment
    )
    {
        if (epoch == 1 && header.Type is HandshakeType.HelloRequest or HandshakeType.ClientHello)
        {
            RefuseRenegotiation(now);
        }
        else if (!HandshakeTable.IsPossible(PeerIsClient, header.Type, epoch))
        {
            Counters.OutOfPlace++;
        }
        else if (IsAnotherCookie(header, fragment))
        {
            byte[] message = [.. new byte[HandshakeHeader.Size], .. fragment];
            header.Write(message);
            HandleMessage(now, header.Type, message);
        }
        else if (
            header.MessageSequence >= _previousFlightStart
            && header.MessageSequence < _previousFlightEnd
        )
        {
            AnswerRepetition(now);
        }
        else if (_state == DtlsState.Connected)
        {
            Counters.OutOfPlace++;
        }
        else if (!_reassembler.TryAdd(header, fragment))
        {
            Counters.RefusedFragments++;
        }
    }

    // A server that keeps no state gives every HelloVerifyRequest the number 0, also when its secret has changed.
    private bool IsAnotherCookie(in HandshakeHeader header, ReadOnlySpan<byte> fragment) =>
        header.Type == HandshakeType.HelloVerifyRequest
        && header.IsWhole
        && header.MessageSequence < _reassembler.NextSequence
        && _handshake.State == HandshakeState.AwaitsServerHello
        && HelloVerifyRequest.TryParse(fragment, out var request)
        && _handshake is ClientHandshake client
        && !client.Cookie.AsSpan().SequenceEqual(request.Cookie);

    private void HandleMessage(Instant now, HandshakeType type, byte[] message)
    {
        var hadKeys = _handshake.Keys is not null;
        _handshake.HandleMessage(type, message);
        _unprovenAlert = null;
        if (_handshake.Failure is { } failure)
        {
            SendAlert(new Alert(IsFatal: true, failure.Alert));
            Close(failure.Reason, failure.Detail);
            return;
        }

        if (!hadKeys && _handshake.Keys is { } keys)
        {
            var (client, server) = keys.DeriveProtections();
            _records.InstallKeys(write: _isClient ? client : server, read: _isClient ? server : client);
        }

        if (_handshake.LastFlight != _lastFlight)
        {
            SendNewFlight(now);
        }

        if (_handshake.State == HandshakeState.Done)
        {
            _state = DtlsState.Connected;
            _timers.ClearAll();
            _lastFlight = _isClient ? null : _lastFlight; // the server's flight was the last
            _events.Enqueue(new DtlsEvent.Connected());
        }

        HandleHeld(now);
    }

    private void SendNewFlight(Instant now)
    {
        _lastFlight = _handshake.LastFlight;
        _previousFlightStart = _previousFlightEnd;
        _previousFlightEnd = _reassembler.NextSequence;
        _lastAnswer = now;
        _retransmission.Reset();
        SendLastFlight(now);
    }

    private void Retransmit(Instant now)
    {
        Counters.Retransmissions++;
        SendLastFlight(now);
    }

    private void SendLastFlight(Instant now)
    {
        _lastFlight!.Write(_records, _transmit);
        _records.WriteEpoch = _lastFlight.LastEpoch;
        if (_state == DtlsState.Handshaking)
        {
            _timers.Set(DtlsTimer.Retransmission, now + _retransmission.Interval);
        }
    }

    private void AnswerRepetition(Instant now)
    {
        if (_lastFlight is not null && MayAnswer(now))
        {
            Retransmit(now);
        }
    }

    private void RefuseRenegotiation(Instant now)
    {
        Counters.OutOfPlace++;
        if (_state == DtlsState.Connected && MayAnswer(now))
        {
            SendAlert(new Alert(IsFatal: false, AlertDescription.NoRenegotiation));
        }
    }

    private bool MayAnswer(Instant now)
    {
        if (now - _lastAnswer < MinAnswerInterval)
        {
            return false;
        }

        _lastAnswer = now;
        return true;
    }

    private void SendAlert(Alert alert)
    {
        Span<byte> bytes = stackalloc byte[Alert.Size];
        alert.Write(bytes);
        SendRecord(ContentType.Alert, bytes);
    }

    private void SendRecord(ContentType type, ReadOnlySpan<byte> plaintext)
    {
        var epoch = _records.WriteEpoch;
        var size = RecordLayer.OverheadOf(epoch) + plaintext.Length;
        var buffer = _transmit.Rent(size);
        var length = _records.Write(type, epoch, plaintext, buffer);
        if (length > 0)
        {
            _transmit.Enqueue(buffer, length);
        }
        else
        {
            _transmit.Return(buffer);
        }
    }

    private void Close(DtlsCloseReason reason, string detail)
    {
        _state = DtlsState.Closed;
        _timers.ClearAll();
        _held.Clear();
        _events.Enqueue(new DtlsEvent.Closed(reason, detail));
    }
}
