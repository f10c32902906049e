using System.Buffers;
using System.Runtime.InteropServices;
using PeerChat.Primitives;
using PeerChat.WebRtc.DataChannels;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Ice;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Sending;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc;

/// <summary>One WebRTC data-channel connection to one peer: ICE, DTLS, SCTP and channels as a single state machine.</summary>
/// <remarks>
/// <para>
/// It has no socket and no clock. After each call: send what <see cref="TryTakeTransmit"/> gives, handle what
/// <see cref="TryTakeEvent"/> gives, then wait for a datagram or until <see cref="NextDeadline"/>. Not thread-safe.
/// </para>
/// <para>
/// <code>
/// New ──SetRemoteDescription──▶ Checking ──first valid pair──▶ Securing ──both Finished──▶ Connected ──▶ Closed
/// </code>
/// Every state may go to Closed. SCTP starts with Connected; channels opened before it is up wait inside.
/// </para>
/// </remarks>
public sealed partial class PeerConnection : IDisposable
{
    /// <summary>The largest message taken in, and sent to a peer that takes any, in bytes: what browsers announce.</summary>
    public const int LocalMaxMessageSize = 262_144;

    private const string ExporterLabel = "EXPERIMENTAL peerchat hello 1"; // "EXPERIMENTAL": RFC 5705 section 4
    private const int ExporterLength = 32;
    private const int DoubtRoundTrips = 3;

    private readonly bool _isOfferer;
    private readonly IEntropy _entropy;
    private readonly DtlsCertificate _certificate;
    private readonly IceSession _ice;
    private readonly EarlyDatagrams _early = new();
    private readonly Queue<PeerConnectionEvent> _events = new();
    private readonly Queue<Datagram> _lastDatagrams = new();
    private SessionDescription? _remote;
    private string? _lastRemoteUfrag;
    private string? _lastRemotePassword;
    private DtlsConnection? _dtls;
    private SctpAssociation? _sctp;
    private readonly SctpOptions _sctpOptions;
    private readonly byte[] _sctpInit; // as the description shows it
    private DataChannelTable? _channels;
    private readonly HashSet<ushort> _closedUnseen = []; // channels whose end the owner has not been told yet
    private bool _isProbe; // the record taken last
    private IceCandidatePair? _lastPair;
    private bool _wasSilent;
    private Instant? _doubted; // what data waited for when the path was last checked for it
    private Instant? _doubtSentAt; // when that check left; null once it was answered
    private long _dropped;
    private Instant _now; // of the last call: taking a packet starts timers

    /// <summary>Makes a connection that can be reached at the given addresses of open sockets.</summary>
    /// <param name="isOfferer">Whether this side describes itself first; it then nominates the path.</param>
    /// <param name="localAddresses">Concrete addresses, at most 16, in the order of preference; IPv6 goes first anyway.</param>
    /// <param name="entropy">Gives credentials and transaction ids.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="ArgumentException">An address is unspecified, multicast, without a port, or there twice.</exception>
    public PeerConnection(
        bool isOfferer,
        IReadOnlyList<TransportAddress> localAddresses,
        IEntropy entropy,
        Instant now
    )
    {
        ArgumentNullException.ThrowIfNull(localAddresses);
        ArgumentNullException.ThrowIfNull(entropy);
        _now = now;
        _isOfferer = isOfferer;
        _entropy = entropy;
        _ice = new IceSession(isOfferer, localAddresses, entropy);
        _sctpOptions = new SctpOptions
        {
            InitiateTag = VerificationTag.Draw(entropy).Value,
            InitialTsn = entropy.NextUInt32(),
            MaxReceiveMessageSize = LocalMaxMessageSize,
            InterleavesMessages = true,
            AcceptsZeroChecksum = true, // DTLS protects every packet
        };
        _sctpInit = SctpAssociation.DescribeInit(_sctpOptions);
        _certificate = DtlsCertificate.Create(entropy);
    }

    /// <summary>
    /// How long checks are tried, counted from <see cref="SetRemoteDescription"/>, before which it is to be set; 15 s where nobody says.
    /// Longer where somebody carries the answer by hand: the other side begins only when it has arrived.
    /// </summary>
    public TimeSpan Patience
    {
        get => _ice.Active.Patience;
        set => _ice.Active.Patience = value;
    }

    /// <summary>
    /// The largest datagram in bytes that may be tried on the path once there is bulk (RFC 8899); 1200, the base, switches that off. Larger ones
    /// are for peers that are known to take them: libwebrtc drops records beyond 2048 bytes.
    /// </summary>
    public int MaxDatagramSize { get; init; } = SctpOptions.BaseDatagram;

    /// <summary>
    /// Whether the hello says which certificate it is for, so that a peer with several connections on one path gives it to the
    /// right one (<see cref="HandshakeName"/>). Only where the peer is of our own kind.
    /// </summary>
    public bool NamesServer { get; init; }

    /// <summary>The largest datagram that any path is tried with.</summary>
    public const int LargestDatagram = SctpOptions.MaxDatagram;

    /// <summary>How far the connection has come.</summary>
    public PeerConnectionState State { get; private set; }

    /// <summary>What the peer must know of this side.</summary>
    /// <exception cref="InvalidOperationException">An answerer has no description before it has the offer.</exception>
    public SessionDescription LocalDescription
    {
        get
        {
            if (!_isOfferer && _remote is null)
            {
                throw new InvalidOperationException("The answer needs the offer first.");
            }

            return Describe(
                _ice.Active,
                _isOfferer ? DtlsSetup.ActPass
                    : IsDtlsClient ? DtlsSetup.Active
                    : DtlsSetup.Passive
            );
        }
    }

    /// <summary>What identifies the secured connection; there from <see cref="PeerConnectionEvent.Connected"/> on.</summary>
    public ChannelBinding? Binding { get; private set; }

    /// <summary>The peer's address that data goes to; null without a path.</summary>
    public TransportAddress? SelectedRemote => _ice.Selected?.RemoteAddress;

    /// <summary>The own address that data leaves from; null without a path.</summary>
    public TransportAddress? SelectedLocal => _ice.Selected?.LocalAddress;

    /// <summary>The smoothed round-trip time of the path in use, as ICE measures it; null without a path.</summary>
    public TimeSpan? RoundTripTime => _ice.Selected?.RoundTripTime;

    /// <summary>The longest message that may be sent: the smaller of the two sides' limits. 0 before the peer's description.</summary>
    public int MaxMessageSize =>
        _remote switch
        {
            null => 0,
            { MaxMessageSize: 0 } => LocalMaxMessageSize,
            _ => Math.Min(_remote.MaxMessageSize, LocalMaxMessageSize),
        };

    /// <summary>Datagrams that came from the wrong address, were not authentic or made no sense.</summary>
    public long DroppedDatagrams => _dropped + _ice.Dropped + DroppedByDtls;

    /// <summary>What was sent and lost; null before SCTP begins.</summary>
    internal SendingStatistics? Sending => _sctp?.Sending;

    /// <summary>The line of a key log for captures; internal, so that only tests can ask.</summary>
    internal string? KeyLogLine => _dtls?.KeyLogLine();

    /// <summary>The SCTP extensions that both sides announced; null before the peer said.</summary>
    internal PeerFeatures? Features => _sctp?.Features;

    /// <summary>When <see cref="HandleDeadline"/> is due; null when nothing is awaited.</summary>
    public Instant? NextDeadline =>
        State == PeerConnectionState.Closed
            ? null
            : Instant.Earliest(
                Instant.Earliest(_ice.NextDeadline, DoubtDeadline),
                Instant.Earliest(_dtls?.NextDeadline, _sctp?.NextDeadline)
            );

    private bool IsDtlsClient =>
        _remote!.Setup == DtlsSetup.Passive || (!_isOfferer && _remote.Setup == DtlsSetup.ActPass);

    private long DroppedByDtls =>
        _dtls is { Counters: { } c }
            ? c.Malformed
                + c.Replayed
                + c.Forged
                + c.OutOfPlace
                + c.RefusedFragments
                + c.IgnoredAlerts
                + c.Overflowed
            : 0;

    /// <summary>
    /// Reads whom a first ICE check is meant for, so that the owner of a socket shared by several connections finds
    /// the right one. Later datagrams belong to the connection that this address was bound to.
    /// </summary>
    public static bool TryReadStunUfrag(ReadOnlySpan<byte> datagram, out string localUfrag)
    {
        var found =
            StunMessage.TryParse(datagram, out var message)
            && message.Header.Type == StunMessageType.BindingRequest
            && message.HasIntegrity;
        ReadOnlySpan<byte> receiver = default;
        found = found && IceMessages.TrySplitUsername(message.Username, out receiver, out _);
        localUfrag = found ? System.Text.Encoding.UTF8.GetString(receiver) : "";
        return found && IceCredentials.IsUfrag(localUfrag);
    }

    /// <summary>
    /// Whether the peer has proven on this path that it holds the session's password. Several connections may share a socket;
    /// a DTLS record can only belong to one of those for which this holds.
    /// </summary>
    public bool IsProvenPath(TransportAddress local, TransportAddress remote) =>
        _ice.IsValid(local, remote) || _ice.WasChecked(local, remote);

    /// <summary>The fingerprint that the peer announced; null before.</summary>
    public byte[]? RemoteFingerprintSha256 => _remote?.FingerprintSha256;

    /// <summary>Takes the peer's offer or answer in, and begins to look for a path.</summary>
    /// <exception cref="InvalidOperationException">It was set before.</exception>
    public void SetRemoteDescription(SessionDescription remote, Instant now)
    {
        ArgumentNullException.ThrowIfNull(remote);
        _now = now;
        if (_remote is not null)
        {
            throw new InvalidOperationException("The peer's description is already set.");
        }

        if (State == PeerConnectionState.Closed)
        {
            return;
        }

        // Some stacks (libdatachannel) repeat in the answer what they do not know of the offer; our own INIT says nothing of them
        if (_isOfferer && remote.SctpInit is { } echo && echo.AsSpan().SequenceEqual(_sctpInit))
        {
            remote = remote with { SctpInit = null };
        }

        // An INIT that is none is passed over in an offer: the answer then names none either, and both sides ask as usual
        var hasInit = remote.SctpInit is { } init && SctpAssociation.IsAcceptableInit(init);
        _remote = hasInit ? remote : remote with { SctpInit = null };
        if (_isOfferer && remote.Setup == DtlsSetup.ActPass)
        {
            End(CloseReason.ProtocolViolation, "the answer leaves the DTLS roles open");
            return;
        }

        if (_isOfferer && remote.SctpInit is not null && !hasInit)
        {
            End(CloseReason.ProtocolViolation, "the answer's SCTP INIT makes no sense");
            return;
        }

        State = PeerConnectionState.Checking;
        TellHostNames(remote);
        _ice.Active.SetRemote(new IceCredentials(remote.Ufrag, remote.Password), remote.Candidates, now);
        Advance(now);
    }

    /// <summary>Takes one more candidate of the peer in; one that is no use is ignored.</summary>
    /// <exception cref="InvalidOperationException">The peer's description is not there yet.</exception>
    public void AddRemoteCandidate(IceCandidate candidate, Instant now)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        _now = now;
        if (State == PeerConnectionState.Closed)
        {
            return;
        }

        _ice.Described.AddRemoteCandidate(candidate, now);
        Advance(now);
    }

    /// <summary>Takes a datagram in; it may be decrypted in place.</summary>
    /// <param name="now">The present.</param>
    /// <param name="local">The own address it came to, as given to the constructor.</param>
    /// <param name="remote">The address it came from.</param>
    /// <param name="datagram">Its bytes: of one datagram, not of a coalesced batch.</param>
    public void HandleDatagram(
        Instant now,
        TransportAddress local,
        TransportAddress remote,
        Span<byte> datagram
    )
    {
        _now = now;
        if (State == PeerConnectionState.Closed || datagram.IsEmpty)
        {
            _dropped++;
            return;
        }

        // RFC 7983 section 7
        switch (datagram[0])
        {
            case <= 3:
                _ice.HandleDatagram(now, local, remote, datagram);
                break;
            case >= 20 and <= 63:
                HandleDtls(now, local, remote, datagram);
                break;
            default:
                _dropped++;
                return;
        }

        Advance(now);
    }

    /// <summary>Does what is due. Early calls do nothing.</summary>
    public void HandleDeadline(Instant now)
    {
        _now = now;
        if (State == PeerConnectionState.Closed)
        {
            return;
        }

        _ice.HandleDeadline(now);
        if (_dtls?.NextDeadline <= now)
        {
            _dtls.HandleDeadline(now);
        }

        if (_sctp?.NextDeadline <= now)
        {
            var timeouts = _sctp.TimeoutsInARow;
            _sctp.HandleDeadline(now);
            if (_sctp.TimeoutsInARow > timeouts)
            {
                Doubt(now);
            }
        }

        if (DoubtDeadline <= now)
        {
            Doubt(now);
        }

        Advance(now);
    }

    /// <summary>The next datagram to send; its payload is valid until the next call of any method.</summary>
    public bool TryTakeTransmit(out Datagram datagram)
    {
        if (_lastDatagrams.TryDequeue(out datagram) || _ice.TryTakeTransmit(out datagram))
        {
            return true;
        }

        while (State != PeerConnectionState.Closed && TryTakeRecord(out var record))
        {
            if (_ice.Selected is { } pair)
            {
                datagram = new Datagram(pair.LocalAddress, pair.RemoteAddress, record) { IsProbe = _isProbe };
                return true;
            }
        }

        return false;
    }

    /// <summary>The next event.</summary>
    public bool TryTakeEvent(out PeerConnectionEvent e)
    {
        var taken = _events.TryDequeue(out e!);
        if (e is PeerConnectionEvent.ChannelClosed(var channel))
        {
            _closedUnseen.Remove(channel);
        }

        return taken;
    }

    /// <summary>
    /// Gives the memory of a message back that nobody reads any more, so that the next ones allocate none. Who does not call this
    /// keeps the message for as long as it likes.
    /// </summary>
    public static void Recycle(PeerConnectionEvent.MessageReceived message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (
            !message.IsRecycled
            && MemoryMarshal.TryGetArray(message.Message, out var bytes)
            && bytes.Count > 0
        )
        {
            message.IsRecycled = true;
            ArrayPool<byte>.Shared.Return(bytes.Array!);
        }
    }

    /// <summary>Opens a reliable, ordered channel; messages may be sent on it at once.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="ArgumentException">The label is longer than 1024 bytes of UTF-8.</exception>
    /// <exception cref="InvalidOperationException">Not connected, or no number is left.</exception>
    public ushort OpenChannel(string label, Instant now) => OpenChannel(label, new DataChannelOptions(), now);

    /// <summary>Opens a channel; messages may be sent on it at once.</summary>
    /// <returns>Its number: the one of the options, or the lowest that is free.</returns>
    /// <exception cref="ArgumentException">
    /// A name is longer than 1024 bytes of UTF-8, the number is 65535, both limits of loss are set, or one is negative or too large.
    /// </exception>
    /// <exception cref="InvalidOperationException">Not connected, the number is in use, or none is left.</exception>
    public ushort OpenChannel(string label, DataChannelOptions options, Instant now)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(options);
        _now = now;
        var channel = Channels.Open(label, options, now);
        Advance(now);
        return channel;
    }

    /// <summary>
    /// Closes one channel and leaves the others: what was sent on it still arrives, what comes on it is dropped, and
    /// <see cref="PeerConnectionEvent.ChannelClosed"/> follows at both sides. On one that is closed by now it does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">Not connected yet, or no such channel.</exception>
    public void CloseChannel(ushort channel, Instant now)
    {
        _now = now;
        if (State != PeerConnectionState.Closed && !_closedUnseen.Contains(channel))
        {
            Channels.Close(channel, now);
            Advance(now);
        }
    }

    /// <summary>Whether the peer has shown that it knows the channel.</summary>
    internal bool IsConfirmed(ushort channel) => _channels?.IsConfirmed(channel) == true;

    /// <summary>How a channel treats loss and order, also one that the peer opened.</summary>
    /// <exception cref="InvalidOperationException">Not connected, or no such channel.</exception>
    public DataChannelOptions ChannelOptions(ushort channel) => Channels.OptionsOf(channel);

    /// <summary>
    /// Has <see cref="PeerConnectionEvent.BufferedAmountLow"/> come each time when <see cref="BufferedAmount"/> of a channel falls
    /// to so many bytes from above; null: never, as at first. On one that is closed by now it does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">Not connected yet, or no such channel.</exception>
    public void SetBufferedAmountLowThreshold(ushort channel, long? bytes)
    {
        if (State != PeerConnectionState.Closed && !_closedUnseen.Contains(channel))
        {
            Channels.SetLowThreshold(channel, bytes);
        }
    }

    /// <summary>Sends a message. On a channel or connection that is being closed or is closed by now it does nothing.</summary>
    /// <exception cref="ArgumentException">The message is longer than <see cref="MaxMessageSize"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// Not connected yet, no such channel, or 16 MiB wait for acknowledgement: the caller did not mind
    /// <see cref="BufferedAmount"/>.
    /// </exception>
    public void Send(ushort channel, bool isText, ReadOnlySpan<byte> message, Instant now)
    {
        _now = now;
        if (State == PeerConnectionState.Closed || _closedUnseen.Contains(channel))
        {
            return;
        }

        var channels = Channels;
        if (message.Length > MaxMessageSize)
        {
            throw new ArgumentException($"The peer takes at most {MaxMessageSize} bytes.", nameof(message));
        }

        channels.Send(channel, isText, message, now);
        Advance(now);
    }

    /// <summary>Bytes that the path carries in a round trip, as far as they are known: more than that under way only waits.</summary>
    public int SendWindow => _sctp?.CongestionWindowBytes ?? 0;

    /// <summary>Bytes of messages on a channel that the peer has not acknowledged yet; to be kept low by the sender.</summary>
    public long BufferedAmount(ushort channel) =>
        State == PeerConnectionState.Closed ? 0 : _channels?.BufferedAmount(channel) ?? 0;

    /// <summary>Ends the connection: tells the peer once, without waiting for an answer.</summary>
    public void Close(Instant now)
    {
        if (State == PeerConnectionState.Closed)
        {
            return;
        }

        _now = now;
        TakeLastRecords(); // what was sent and may go out now, still goes out
        _sctp?.Abort(now);
        End(CloseReason.Local, "closed here");
    }

    /// <summary>Forgets all keys. Without <see cref="Close"/> before, the peer is told nothing.</summary>
    public void Dispose()
    {
        State = PeerConnectionState.Closed;
        _dtls?.Dispose();
        _certificate.Dispose();
    }

    // A relay puts its own header around a datagram, and nobody knows what lies behind it
    private int PathLimit => IsRelayed ? SctpOptions.BaseDatagram : MaxDatagramSize;

    private DataChannelTable Channels =>
        State == PeerConnectionState.Connected && _channels is not null
            ? _channels
            : throw new InvalidOperationException("The connection is not connected.");

    private void HandleDtls(Instant now, TransportAddress local, TransportAddress remote, Span<byte> datagram)
    {
        if (_dtls is not null && _ice.IsValid(local, remote))
        {
            _dtls.HandleDatagram(now, datagram);
            _ice.NoteData(local, remote, now);
        }
        else if (!_ice.WasChecked(local, remote) || !_early.TryAdd(local, remote, datagram))
        {
            _dropped++;
        }
    }

    // What one layer has reached lets the next one go on.
    private void Advance(Instant now)
    {
        switch (_ice.State)
        {
            case IceAgentState.Failed:
                End(CloseReason.IceFailed, "no path to the peer was found");
                return;
            case IceAgentState.ConsentLost:
                End(CloseReason.ConsentLost, "the peer does not answer any more");
                return;
            case IceAgentState.Connected when _dtls is null:
                StartDtls(now);
                break;
        }

        if (_dtls is null)
        {
            return;
        }

        NotePath(now);
        while (_early.TryTakeValid(_ice, out var datagram))
        {
            _dtls.HandleDatagram(now, datagram);
        }

        var closed = DrainDtls(now);
        DrainChannels(now);
        if (closed is not null)
        {
            End(ReasonOf(closed.Reason), closed.Detail);
        }
    }

    private void NotePath(Instant now)
    {
        if (_ice.Selected is not { } pair)
        {
            return;
        }

        var isBack = _wasSilent && SilentSince is null;
        if (
            _lastPair is null
            || _lastPair.LocalAddress != pair.LocalAddress
            || _lastPair.RemoteAddress != pair.RemoteAddress
        )
        {
            _sctp?.HandlePathChanged(PathLimit, now);
            isBack |= _lastPair is { } former && (!former.IsValid || former.IsStale(now)); // what was under way by it is lost
        }
        else if (_doubtSentAt is { } sentAt && pair.LastAnswerAt > sentAt)
        {
            isBack |= _sctp?.WaitingSince <= sentAt; // the path is there, and yet nothing was acknowledged since
            _doubtSentAt = null;
        }

        if (isBack)
        {
            _sctp?.HandlePathBack(RoundTripTime, now);
        }

        (_lastPair, _wasSilent) = (pair, SilentSince is not null);
    }

    /// <summary>
    /// When data has waited for a word of the peer longer than that takes by far, whatever the retransmission timer has learnt from earlier
    /// outages; once for each time.
    /// </summary>
    private Instant? DoubtDeadline =>
        _sctp?.WaitingSince is { } since && since != _doubted
            ? since
                + (
                    RoundTripTime * DoubtRoundTrips is { } patience && patience > RetransmissionTimeout.Min
                        ? patience
                        : RetransmissionTimeout.Min
                )
            : null;

    // What is not acknowledged may have had no path
    private void Doubt(Instant now)
    {
        (_doubted, _doubtSentAt) = (_sctp?.WaitingSince, now);
        _ice.Probe(now);
    }

    private void StartDtls(Instant now)
    {
        State = PeerConnectionState.Securing;
        _dtls = new DtlsConnection(
            IsDtlsClient,
            _certificate,
            _remote!.FingerprintSha256,
            _entropy,
            NamesServer
        );
        _dtls.Start(now, RoundTripTime);
    }

    // The end, if it came, is handled after what came before it.
    private DtlsEvent.Closed? DrainDtls(Instant now)
    {
        DtlsEvent.Closed? closed = null;
        while (_dtls!.TryTakeEvent(out var e))
        {
            if (e is DtlsEvent.Connected)
            {
                StartSctp(now);
            }
            else
            {
                closed = e as DtlsEvent.Closed;
            }
        }

        while (_sctp is not null && _dtls.TryTakeReceived(out var packet))
        {
            _sctp.HandlePacket(now, packet.Span);
        }

        return closed;
    }

    private void StartSctp(Instant now)
    {
        var (own, peers) = (_dtls!.LocalCertificateSha256, _dtls.RemoteCertificateSha256!);
        Binding = new ChannelBinding(
            IsDtlsClient,
            ClientCertificateSha256: IsDtlsClient ? own : peers,
            ServerCertificateSha256: IsDtlsClient ? peers : own,
            _dtls.ExportKeyingMaterial(ExporterLabel, ExporterLength)
        );
        var options = _sctpOptions with
        {
            RoundTripTime = RoundTripTime,
            RemotePort = _remote!.SctpPort,
            MaxDatagramSize = PathLimit,
            MaxSendMessageSize = MaxMessageSize,
        };
        _sctp = new SctpAssociation(options, _entropy);
        _channels = new DataChannelTable(_sctp, IsDtlsClient);
        if (_remote.SctpInit is { } init)
        {
            _sctp.ConnectAsDescribed(init, now);
        }
        else
        {
            _sctp.Connect(now);
        }

        State = PeerConnectionState.Connected;
        _events.Enqueue(new PeerConnectionEvent.Connected());
    }

    private void DrainChannels(Instant now)
    {
        if (_channels is null)
        {
            return;
        }

        _channels.Pump(now);
        while (_channels.TryTakeEvent(out var e))
        {
            switch (e)
            {
                case DataChannelEvent.Opened(var channel, var label):
                    _events.Enqueue(new PeerConnectionEvent.ChannelOpened(channel, label));
                    break;
                case DataChannelEvent.Message(var channel, var isText, var payload):
                    _events.Enqueue(new PeerConnectionEvent.MessageReceived(channel, isText, payload));
                    break;
                case DataChannelEvent.BufferedAmountLow(var channel):
                    _events.Enqueue(new PeerConnectionEvent.BufferedAmountLow(channel));
                    break;
                case DataChannelEvent.ChannelClosed(var channel):
                    _closedUnseen.Add(channel);
                    _events.Enqueue(new PeerConnectionEvent.ChannelClosed(channel));
                    break;
                case DataChannelEvent.Closed(var reason):
                    End(ReasonOf(reason), $"the SCTP association ended: {reason}");
                    return;
                default:
                    break; // the association is up: nothing waits for that
            }
        }
    }

    // One datagram with DTLS records: of the handshake, or with one SCTP packet.
    private bool TryTakeRecord(out ReadOnlyMemory<byte> record)
    {
        record = default;
        _isProbe = false;
        if (_dtls is null)
        {
            return false;
        }

        if (_dtls.TryTakeTransmit(out record))
        {
            return true;
        }

        if (
            _dtls.State != DtlsState.Connected
            || _sctp is null
            || !_sctp.TryTakeTransmit(_now, out var packet)
        )
        {
            return false;
        }

        _isProbe = _sctp.IsProbe;
        _dtls.Send(packet.Span);
        return _dtls.TryTakeTransmit(out record);
    }

    private void TakeLastRecords()
    {
        while (TryTakeRecord(out var record))
        {
            if (_ice.Selected is { } pair)
            {
                _lastDatagrams.Enqueue(new Datagram(pair.LocalAddress, pair.RemoteAddress, record.ToArray()));
            }
        }
    }

    private void End(CloseReason reason, string detail)
    {
        if (State == PeerConnectionState.Closed)
        {
            return;
        }

        TakeLastRecords(); // an SCTP ABORT, an alert, an answer to close_notify
        _dtls?.Close();
        TakeLastRecords();
        State = PeerConnectionState.Closed;
        _events.Enqueue(new PeerConnectionEvent.Closed(reason, detail));
        _dtls?.Dispose();
        _certificate.Dispose();
    }

    private static CloseReason ReasonOf(DtlsCloseReason reason) =>
        reason switch
        {
            DtlsCloseReason.LocalClose => CloseReason.Local,
            DtlsCloseReason.PeerClose => CloseReason.Remote,
            DtlsCloseReason.FingerprintMismatch => CloseReason.FingerprintMismatch,
            _ => CloseReason.DtlsFailed,
        };

    private static CloseReason ReasonOf(SctpCloseReason reason) =>
        reason switch
        {
            SctpCloseReason.Aborted => CloseReason.Local,
            SctpCloseReason.Shutdown or SctpCloseReason.AbortedByPeer => CloseReason.Remote,
            SctpCloseReason.InvalidInit
            or SctpCloseReason.ProtocolViolation
            or SctpCloseReason.MessageTooLarge => CloseReason.ProtocolViolation,
            _ => CloseReason.SctpFailed,
        };
}
