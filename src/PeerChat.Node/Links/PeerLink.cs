using Google.Protobuf;
using PeerChat.Node.Links.Wire;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;
using PeerChat.Rooms;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;
using PeerChat.WebRtc;

namespace PeerChat.Node.Links;

/// <summary>One connection to another node: WebRTC underneath, the hello, then frames on two channels.</summary>
/// <remarks>
/// The DTLS client opens <c>control</c>; the hello's flights are its first frames. Each side's first frame after its hello
/// holds tells the other that it may open more, so <c>entries</c> can never arrive before the identity behind it is proven.
/// </remarks>
internal sealed class PeerLink(int id, PeerConnection connection, HelloPlan plan)
{
    /// <summary>Bulk may always have this on its way, however little the path has shown to carry.</summary>
    public const int MinBufferedBulkBytes = 256 * 1024;

    /// <summary>Bulk waits while more than this is on its way, whatever the path carries: 100 MB/s at 40 ms, and what a peer's memory bears.</summary>
    public const int MaxBufferedBulkBytes = 4 * 1024 * 1024;

    /// <summary>A peer that lets more than this wait is cut off; sync brings it into step when it comes back.</summary>
    public const int MaxBufferedBytes = 8 * 1024 * 1024;

    /// <summary>A user may take this long to answer a request before the link is closed; a guess at patience.</summary>
    public static readonly TimeSpan RequestLifetime = TimeSpan.FromMinutes(30);

    /// <summary>The other side may restart once in so long; a machine that roams does not change networks faster (guess).</summary>
    public static readonly TimeSpan RestartInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>So many frames are kept for a room that this side does not know to be common yet: more than overtake on one path.</summary>
    public const int MaxEarlyTraffic = 32;

    /// <summary>So many bytes of such frames are kept; 64 links can so not fill the memory.</summary>
    public const int MaxEarlyBytes = 1024 * 1024;

    /// <summary>So many frames of rooms that this side does not know cannot be a misunderstanding any more (guess).</summary>
    public const int MaxForeignFrames = 1024;

    /// <summary>So many channels of unknown labels are closed again before the link is: a newer version tries a few, an attacker goes on.</summary>
    public const int MaxRefusedChannels = 16;

    /// <summary>Channels for files that the other side may have open; each costs a queue of wants. It fetches no more at once itself.</summary>
    public const int MaxFileChannels = 64;

    /// <summary>Bytes of blocks on their way on all channels of a link: what a fast and long path holds. They wait behind all else.</summary>
    public const int MaxBufferedFileBytes = 4 * 1024 * 1024;

    private const ushort FilePriority = 128; // RFC 8831 section 6.4: very low

    private const string ControlLabel = "control";
    private const string EntriesLabel = "entries";
    private const string TypingLabel = "typing";
    private const string FileLabel = "file";
    private const string RelayLabel = "relay";
    private const int HandleBytes = sizeof(ulong);

    /// <summary>Datagrams that are passed on wait for the path up to this; what is beyond is lost, as on any path.</summary>
    private const int MaxBufferedRelayBytes = 128 * 1024;

    private readonly Queue<LinkEvent> _events = new();
    private HelloSession? _hello;
    private ushort? _control;
    private ushort? _entries;
    private ushort? _typingOut;
    private ushort? _typingIn;
    private bool _isTypingRefused;
    private ushort? _relayOut;
    private ushort? _relayIn;
    private bool _isRelayRefused;
    private int _refusedChannels;
    private readonly HashSet<ushort> _files = [];
    private readonly HashSet<ushort> _fileRequests = [];
    private bool _peerSpoke;
    private Instant _nextRestart;

    /// <summary>The link's number at this node.</summary>
    public int Id => id;

    /// <summary>The connection underneath.</summary>
    public PeerConnection Connection => connection;

    /// <summary>What the hello was planned with.</summary>
    public HelloPlan Plan => plan;

    /// <summary>Where the link stands.</summary>
    public LinkPhase Phase { get; private set; } = plan.IsDialler ? LinkPhase.Offering : LinkPhase.Connecting;

    /// <summary>The proven identity of the other side.</summary>
    public PublicIdentity? Peer { get; private set; }

    /// <summary>The name the other side signed for itself.</summary>
    public DisplayName? PeerName { get; private set; }

    /// <summary>The rooms that both sides have been found to know.</summary>
    public HashSet<RoomId> CommonRooms { get; } = [];

    /// <summary>How long a packet takes to the other side and back, as it was last told to the faces.</summary>
    public TimeSpan? Lag { get; set; }

    /// <summary>For how many seconds the other side has not answered, as it was last told to the faces; 0 while it does.</summary>
    public int SilentSeconds { get; set; }

    /// <summary>When the other machine last said that nobody listens at the address in use; null if never.</summary>
    public Instant? RefusedAt { get; set; }

    /// <summary>Room traffic that came before this side knew the room to be common.</summary>
    public List<RoomTraffic> EarlyTraffic { get; } = [];

    /// <summary>Frames of rooms that this side does not know.</summary>
    public int ForeignFrames { get; set; }

    /// <summary>The offer that the link was made by.</summary>
    public OfferId? OfferId { get; set; }

    /// <summary>
    /// Whether checks are left unanswered until the answer was pasted: the other side would otherwise begin a handshake that cannot go on, and
    /// give up on it.
    /// </summary>
    public bool IsDeafUntilAnswered { get; init; }

    /// <summary>When the other side had proven who it is.</summary>
    public Instant? AuthenticatedAt { get; set; }

    /// <summary>The number of the newest link that had begun by then.</summary>
    public int NewestWhenAuthenticated { get; set; }

    /// <summary>Whom it is made for, where the plan does not say: the member that an introduction leads to.</summary>
    public PeerId? Meant { get; set; }

    /// <summary>When a member in common is asked to relay, unless ICE has found a path by then.</summary>
    public Instant? AskMemberAt { get; set; }

    /// <summary>The links of the members that were asked to relay.</summary>
    public HashSet<int> MembersAsked { get; } = [];

    /// <summary>What it may say about relaying.</summary>
    public MessageBudget? RelayBudget { get; set; }

    /// <summary>What it may ask to be carried to others.</summary>
    public MessageBudget? CarryBudget { get; set; }

    /// <summary>What the other side last said of its rooms; looked at again whenever this side enters another one.</summary>
    public ReadOnlyMemory<byte> PeersRooms { get; set; }

    /// <summary>Whether the other side has asked for a direct chat over this link; it may once.</summary>
    public bool HasAsked { get; set; }

    /// <summary>The number of the last own offer to restart.</summary>
    public uint RestartNumber { get; set; }

    /// <summary>The channel binding of crypto.md section 2; only once connected.</summary>
    public Rooms.Hello.ChannelBinding Binding { get; private set; }

    /// <summary>Whether bulk may be handed over now.</summary>
    public bool IsBulkWritable =>
        _entries is { } entries && connection.BufferedAmount(entries) < BulkLimit(connection.SendWindow);

    /// <summary>How much bulk may be on its way: two windows, so that the path never waits for the next turn, within the two bounds.</summary>
    /// <param name="window">What the path carries in a round trip, in bytes.</param>
    public static int BulkLimit(int window) =>
        Math.Clamp(window, MinBufferedBulkBytes / 2, MaxBufferedBulkBytes / 2) * 2;

    /// <summary>Whether something sent has not been acknowledged by the other side's stack.</summary>
    public bool HasUnacknowledged =>
        (_control is { } control && connection.BufferedAmount(control) > 0)
        || (_entries is { } entries && connection.BufferedAmount(entries) > 0);

    /// <summary>Whether a channel may be opened to ask for a file.</summary>
    public bool MayOpenFile =>
        Phase == LinkPhase.Authenticated && _peerSpoke && connection.State == PeerConnectionState.Connected;

    /// <summary>Whether blocks may be handed over now.</summary>
    public bool IsFileWritable
    {
        get
        {
            long buffered = 0;
            foreach (var channel in _files)
            {
                buffered += connection.BufferedAmount(channel);
            }

            return Phase == LinkPhase.Authenticated && buffered < MaxBufferedFileBytes;
        }
    }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline =>
        Phase == LinkPhase.Closed ? null : Instant.Earliest(connection.NextDeadline, _hello?.NextDeadline);

    /// <summary>Takes the other side's description in; the connection begins.</summary>
    public void HandleDescription(SessionDescription remote, Instant now)
    {
        if (Phase == LinkPhase.Offering)
        {
            Phase = LinkPhase.Connecting;
            connection.SetRemoteDescription(remote, now);
        }
    }

    /// <summary>Lets time pass.</summary>
    public void HandleDeadline(Instant now)
    {
        connection.HandleDeadline(now);
        _hello?.HandleDeadline(now);
    }

    /// <summary>Moves on after input: connection events, hello frames, hello events.</summary>
    public void Pump(Instant now)
    {
        while (Phase != LinkPhase.Closed && connection.TryTakeEvent(out var happened))
        {
            HandleConnectionEvent(happened, now);
            PumpHello(now);
        }

        PumpHello(now);
    }

    /// <summary>Accepts the stranger's request: this side's identity goes out.</summary>
    public void Accept(Instant now)
    {
        if (Phase == LinkPhase.AwaitingUser && _hello is { } hello)
        {
            hello.Accept();
            PumpHello(now);
        }
    }

    /// <summary>Whether the other side's offer to restart is looked at; each costs a round of checks.</summary>
    public bool MayRestart(Instant now)
    {
        if (_nextRestart > now)
        {
            return false;
        }

        _nextRestart = now + RestartInterval;
        return true;
    }

    /// <summary>Sends a frame to the authenticated peer.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="bulk">Whether it goes by the entries channel.</param>
    /// <param name="now">The time.</param>
    public void Send(LinkFrame frame, bool bulk, Instant now)
    {
        if (Phase != LinkPhase.Authenticated)
        {
            return;
        }

        var channel = bulk ? _entries ?? _control!.Value : _control!.Value;
        var bytes = frame.ToByteArray();
        if (bytes.Length > connection.MaxMessageSize || connection.BufferedAmount(channel) > MaxBufferedBytes)
        {
            Close(LinkFailure.Remote, "The other side does not take what is sent to it.", now);
            return;
        }

        connection.Send(channel, isText: false, bytes, now);
    }

    /// <summary>Sends a notice that may be lost; a peer that knows no such channel closes it, and gets no more.</summary>
    public void SendTyping(LinkFrame frame, Instant now)
    {
        if (Phase != LinkPhase.Authenticated || !_peerSpoke || _isTypingRefused)
        {
            return;
        }

        _typingOut ??= Open(
            TypingLabel,
            new DataChannelOptions { IsOrdered = false, MaxRetransmits = 0 },
            now
        );
        if (_typingOut is { } channel)
        {
            connection.Send(channel, isText: false, frame.ToByteArray(), now);
        }
    }

    /// <summary>Sends a datagram that is passed on for others; it may be lost, and a peer that knows no such channel gets none.</summary>
    public void SendRelayed(ulong handle, ReadOnlySpan<byte> payload, Instant now)
    {
        if (Phase != LinkPhase.Authenticated || !_peerSpoke || _isRelayRefused)
        {
            return;
        }

        _relayOut ??= Open(RelayLabel, new DataChannelOptions { IsOrdered = false, MaxRetransmits = 0 }, now);
        if (_relayOut is not { } channel || connection.BufferedAmount(channel) > MaxBufferedRelayBytes)
        {
            return;
        }

        var message = new byte[HandleBytes + payload.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(message, handle);
        payload.CopyTo(message.AsSpan(HandleBytes));
        connection.Send(channel, isText: false, message, now);
    }

    /// <summary>Opens a channel to ask for a file; <see cref="MayOpenFile"/> holds.</summary>
    public ushort OpenFile(Instant now)
    {
        var channel = connection.OpenChannel(
            FileLabel,
            new DataChannelOptions { Priority = FilePriority },
            now
        );
        _files.Add(channel);
        return channel;
    }

    /// <summary>Sends on a channel for a file; one that is closed by now takes nothing.</summary>
    public void SendFile(ushort channel, ReadOnlySpan<byte> bytes, Instant now)
    {
        if (Phase != LinkPhase.Authenticated || !_files.Contains(channel))
        {
            return;
        }

        if (connection.BufferedAmount(channel) > MaxBufferedBytes)
        {
            Close(LinkFailure.Remote, "The other side does not take what is sent to it.", now);
            return;
        }

        connection.Send(channel, isText: false, bytes, now);
    }

    /// <summary>Closes a channel for a file; what was sent on it still arrives.</summary>
    public void CloseFile(ushort channel, Instant now)
    {
        if (Phase == LinkPhase.Authenticated && _files.Contains(channel))
        {
            connection.CloseChannel(channel, now);
        }
    }

    /// <summary>Ends the link from this side.</summary>
    public void Close(LinkFailure failure, string sentence, Instant now)
    {
        if (Phase == LinkPhase.Closed)
        {
            return;
        }

        Phase = LinkPhase.Closed;
        connection.Close(now);
        _events.Enqueue(new LinkEvent.Closed(failure, sentence));
    }

    /// <summary>Takes the next event.</summary>
    public bool TryTakeEvent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LinkEvent? happened) =>
        _events.TryDequeue(out happened);

    private void HandleConnectionEvent(PeerConnectionEvent happened, Instant now)
    {
        switch (happened)
        {
            case PeerConnectionEvent.Connected:
                Phase = LinkPhase.Greeting;
                _events.Enqueue(new LinkEvent.Connected());
                if (
                    connection.Binding!.IsDtlsClient
                    && Open(ControlLabel, new DataChannelOptions(), now) is { } control
                )
                {
                    StartHello(control, now);
                }

                break;
            case PeerConnectionEvent.HostNameLearnt learnt:
                _events.Enqueue(new LinkEvent.HostNameLearnt(learnt.Candidate));
                break;
            case PeerConnectionEvent.ChannelOpened opened:
                HandleChannelOpened(opened, now);
                break;
            case PeerConnectionEvent.MessageReceived received:
                HandleMessage(received, now);
                break;
            case PeerConnectionEvent.ChannelClosed closed
                when closed.Channel == _control || closed.Channel == _entries:
                Close(LinkFailure.Remote, "The other side closed the conversation's channel.", now);
                break;
            case PeerConnectionEvent.ChannelClosed closed when _files.Remove(closed.Channel):
                _fileRequests.Remove(closed.Channel);
                _events.Enqueue(new LinkEvent.FileClosed(closed.Channel));
                break;
            case PeerConnectionEvent.ChannelClosed closed when closed.Channel == _typingOut:
                (_typingOut, _isTypingRefused) = (null, true);
                break;
            case PeerConnectionEvent.ChannelClosed closed when closed.Channel == _typingIn:
                _typingIn = null;
                break;
            case PeerConnectionEvent.ChannelClosed closed when closed.Channel == _relayOut:
                (_relayOut, _isRelayRefused) = (null, true);
                break;
            case PeerConnectionEvent.ChannelClosed closed when closed.Channel == _relayIn:
                _relayIn = null;
                break;
            case PeerConnectionEvent.Closed closed:
                HandleConnectionClosed(closed, now);
                break;
            default:
                break;
        }
    }

    private void HandleChannelOpened(PeerConnectionEvent.ChannelOpened opened, Instant now)
    {
        if (opened.Label == ControlLabel && _control is null && !connection.Binding!.IsDtlsClient)
        {
            StartHello(opened.Channel, now);
        }
        else if (opened.Label == EntriesLabel && _entries is null && Phase == LinkPhase.Authenticated)
        {
            _entries = opened.Channel;
        }
        else if (opened.Label == TypingLabel && _typingIn is null && Phase == LinkPhase.Authenticated)
        {
            _typingIn = opened.Channel;
        }
        else if (opened.Label == RelayLabel && _relayIn is null && Phase == LinkPhase.Authenticated)
        {
            _relayIn = opened.Channel;
        }
        else if (
            opened.Label == FileLabel
            && Phase == LinkPhase.Authenticated
            && _fileRequests.Count < MaxFileChannels
        )
        {
            _files.Add(opened.Channel);
            _fileRequests.Add(opened.Channel);
            _events.Enqueue(new LinkEvent.FileOpened(opened.Channel));
        }
        else if (
            Phase == LinkPhase.Authenticated
            && opened.Label is not ControlLabel and not EntriesLabel
            && ++_refusedChannels <= MaxRefusedChannels
        )
        {
            connection.CloseChannel(opened.Channel, now); // of a version that knows more than this one
        }
        else
        {
            // Least of all may anything else be open before the identity is proven.
            Close(
                Phase == LinkPhase.Authenticated ? LinkFailure.Misbehaved : LinkFailure.Insecure,
                "The other side opened a channel that it had no right to open.",
                now
            );
        }
    }

    // The end of a connection may have come in one datagram with its beginning, and is only told after it
    private ushort? Open(string label, DataChannelOptions options, Instant now) =>
        connection.State == PeerConnectionState.Connected
            ? connection.OpenChannel(label, options, now)
            : null;

    private void StartHello(ushort control, Instant now)
    {
        _control = control;
        var material = connection.Binding!;
        Binding = Rooms.Hello.ChannelBinding.Derive(
            material.IsDtlsClient,
            new Bytes32(material.ClientCertificateSha256),
            new Bytes32(material.ServerCertificateSha256),
            material.Exporter
        );
        _hello = new HelloSession(
            now,
            new HelloParameters
            {
                Channel = Binding,
                Context = plan.Context,
                IsDialler = plan.Context == HelloContext.Invitation ? plan.IsJoiner : plan.IsDialler,
                Identity = plan.Self,
                Name = plan.Name,
                KnockKey = plan.KnockKey,
                Expected = plan.Expected,
            }
        );
    }

    private void HandleMessage(PeerConnectionEvent.MessageReceived received, Instant now)
    {
        if (_hello is null || Phase is LinkPhase.Greeting or LinkPhase.AwaitingUser)
        {
            if (_hello is not null && received.Channel == _control)
            {
                _hello.HandleFrame(now, received.Message.Span);
            }
            else
            {
                Close(LinkFailure.Insecure, "The other side sent data before it proved who it is.", now);
            }

            return;
        }

        if (_files.Contains(received.Channel))
        {
            _events.Enqueue(new LinkEvent.FileReceived(received));
            return;
        }

        if (received.Channel == _relayIn)
        {
            var bytes = received.Message.Span;
            if (bytes.Length > HandleBytes)
            {
                _events.Enqueue(
                    new LinkEvent.Relayed(
                        System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes),
                        bytes[HandleBytes..].ToArray()
                    )
                );
            }

            return;
        }

        if (received.Channel != _control && received.Channel != _entries && received.Channel != _typingIn)
        {
            return; // of a channel that is just being closed
        }

        LinkFrame frame;
        try
        {
            frame = LinkFrame.Parser.ParseFrom(received.Message.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            Close(LinkFailure.Misbehaved, "The other side sent a frame that makes no sense.", now);
            return;
        }

        if (!_peerSpoke)
        {
            _peerSpoke = true;
            if (connection.Binding!.IsDtlsClient)
            {
                _entries = Open(EntriesLabel, new DataChannelOptions(), now);
            }
        }

        _events.Enqueue(new LinkEvent.FrameReceived(frame));
    }

    private void PumpHello(Instant now)
    {
        if (_hello is null || Phase is LinkPhase.Closed or LinkPhase.Authenticated)
        {
            return;
        }

        while (_hello.TryTakeFrame(out var frame))
        {
            connection.Send(_control!.Value, isText: false, frame, now);
        }

        while (Phase != LinkPhase.Closed && _hello.TryTakeEvent(out var happened))
        {
            HandleHelloEvent(happened, now);
        }
    }

    private void HandleHelloEvent(HelloEvent happened, Instant now)
    {
        switch (happened)
        {
            case HelloEvent.RequestReceived request:
                Phase = LinkPhase.AwaitingUser;
                (Peer, PeerName) = (request.Peer, request.Name);
                _events.Enqueue(new LinkEvent.RequestReceived(request.Peer, request.Name));
                break;
            case HelloEvent.Authenticated authenticated:
                Phase = LinkPhase.Authenticated;
                (Peer, PeerName) = (authenticated.Peer, authenticated.Name);
                _events.Enqueue(new LinkEvent.Authenticated());
                break;
            case HelloEvent.Failed failed:
                Close(FailureOf(failed.Reason), failed.Sentence, now);
                break;
            default:
                break;
        }
    }

    private static LinkFailure FailureOf(HelloFailure reason) =>
        reason switch
        {
            HelloFailure.RequestNotAccepted => LinkFailure.Declined,
            HelloFailure.Declined => LinkFailure.Local,
            HelloFailure.OwnCopy => LinkFailure.OwnCopy,
            HelloFailure.Closed => LinkFailure.Remote,
            HelloFailure.TimedOut => LinkFailure.Unreachable,
            _ => LinkFailure.Insecure,
        };

    private void HandleConnectionClosed(PeerConnectionEvent.Closed closed, Instant now)
    {
        if (
            _hello is { IsFinished: false } hello
            && closed.Reason is (CloseReason.Remote or CloseReason.ConsentLost)
        )
        {
            hello.HandleClosed();
            PumpHello(now);
            if (Phase == LinkPhase.Closed)
            {
                return;
            }
        }

        var wasProven = Phase == LinkPhase.Authenticated;
        var wasSecured = Phase != LinkPhase.Connecting;
        Phase = LinkPhase.Closed;
        _events.Enqueue(
            closed.Reason switch
            {
                CloseReason.Local => new LinkEvent.Closed(LinkFailure.Local, "The connection was closed."),
                CloseReason.IceFailed => new LinkEvent.Closed(
                    LinkFailure.Unreachable,
                    "No network path to the other side works; a firewall on either machine is the likely cause."
                ),
                // An alert in the clear counts for nothing, so a refusal there shows here as silence.
                CloseReason.DtlsFailed when !wasProven => NotSecured(closed.Detail),
                CloseReason.ConsentLost when !wasSecured => NotSecured(closed.Detail),
                CloseReason.SctpFailed => new LinkEvent.Closed(
                    LinkFailure.Unreachable,
                    $"The connection could not be set up ({closed.Detail})."
                ),
                CloseReason.ProtocolViolation => new LinkEvent.Closed(
                    wasProven ? LinkFailure.Misbehaved : LinkFailure.Insecure,
                    $"The other side broke the rules of the connection ({closed.Detail})."
                ),
                CloseReason.FingerprintMismatch => new LinkEvent.Closed(
                    LinkFailure.Insecure,
                    "The connection shows another certificate than the one that was offered: somebody between the two "
                        + "machines may be trying to listen. Nothing was sent."
                ),
                _ => new LinkEvent.Closed(LinkFailure.Remote, "The other side is gone."),
            }
        );
    }

    private static LinkEvent.Closed NotSecured(string detail) =>
        new(
            LinkFailure.NotSecured,
            $"The other side was reached, but no secure connection came about ({detail}): it went away meanwhile, speaks "
                + "another version, or somebody is between the two machines. Nothing was sent."
        );
}
