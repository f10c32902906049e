using System.Reflection;
using System.Threading.Channels;
using PeerChat.Node.Control;
using PeerChat.Node.Engine;
using PeerChat.Node.Files;
using PeerChat.Node.Host;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Transport;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.WebRtc;

namespace PeerChat.Node;

/// <summary>The running peer: real sockets, the real clock and one loop around the engine.</summary>
/// <remarks>Thread-safe. The engine, the store and all protocol state belong to whoever has the turn; see <see cref="EventLoop{TRequest}"/>.</remarks>
public sealed class PeerChatNode : IPeerChatNode, ILoopOwner<LoopRequest>
{
    /// <summary>The length of a run's name; nobody guesses another one by chance.</summary>
    private const int RunBytes = 16;

    /// <summary>How long the end may take before the process goes anyway.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private static readonly string ProgramVersion =
        typeof(PeerChatNode)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "";

    private readonly EventLoop<LoopRequest> _loop;
    private readonly EventLog _log = new();
    private readonly Lazy<EventPump> _pump;
    private readonly List<LoopRequest> _inTurn = [];
    private readonly SlowWork _slowWork;
    private readonly FileThread _fileThread;
    private readonly NodeClock _clock = new();
    private readonly SystemEntropy _entropy = new();
    private readonly ProfileStore _store;
    private readonly ConfigFile _config;
    private readonly bool _tellsConfigProblems;
    private readonly string _configPath;
    private readonly InterfaceSelection _selection;
    private readonly UdpPortSet _ports;
    private readonly MulticastPort _multicast;
    private readonly TurnStreams _streams;
    private readonly WebSockets _webSockets;
    private readonly GatewayHttp _gateways;
    private readonly GatewayAnnouncements? _announcements;
    private readonly bool _usesLan;
    private readonly NodeEngine _engine;
    private readonly BlockStore? _blocks;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PeerChatNode(
        NodeOptions options,
        ProfileChoice choice,
        InterfaceSelection selection,
        ConfigFile config
    )
    {
        var servers = ConfigServers.Read(options);
        var ladder = ConfigServices.Read(options);
        CheckRelays(options, servers);
        Run = Convert.ToHexStringLower(_entropy.Bytes(RunBytes));
        _pump = new Lazy<EventPump>(() =>
            new EventPump(_log, Subscribe(_log, 0, null, null, seesAhead: true), SubscribeAheadAsync)
        );
        _loop = new EventLoop<LoopRequest>(this, _clock);
        _slowWork = new SlowWork(Continue, _clock, selection.IsLoopbackOnly, options.TurnCommand);
        _fileThread = new FileThread(done =>
            Continue(engine => engine.HandleFileWork(done, _clock.Now, _clock.WallNow))
        );
        _selection = selection;
        _config = config;
        _tellsConfigProblems = options.ConfigKeys is not null;
        _configPath = choice.Location.ConfigPath;
        _store = ProfileStore.OpenOwner(
            choice.Folder,
            new SystemKeySource(),
            _entropy,
            choice.Folder.Exists ? KeyUnlock.Open(choice.Folder.KeystorePath, options) : null
        );
        var wantedPort = options.Port ?? config.Port;
        _ports = new UdpPortSet(
            selection.IsRestricted,
            wantedPort ?? NodeEngine.DefaultPort,
            Deliver,
            HandlePathError
        );
        _multicast = new MulticastPort(Deliver);
        _usesLan = !options.RelayOnly && ladder.Rungs.Contains(Rooms.Signalling.Rung.Lan);
        _streams = new TurnStreams(Continue, _clock, selection, options.TurnAuthority);
        _webSockets = new WebSockets(Continue, _clock, selection, options.TurnAuthority);
        _gateways = new GatewayHttp(Continue, _clock);
        var mapsPorts =
            options.MapsPorts && !options.RelayOnly && !selection.IsLoopbackOnly && !ladder.IsLanOnly;
        _announcements =
            mapsPorts && !selection.IsRestricted ? GatewayAnnouncements.TryOpen(Continue, _clock) : null;
        try
        {
            choice.Remember();
            SpoolFile.Clean(
                choice.Folder.FullPath,
                _store.Files.ReadAll().Select(item => item.Source).ToHashSet(StringComparer.Ordinal)
            );
            var interfaces = selection.Enumerate();
            _ports.Refresh(interfaces);
            CheckPorts(wantedPort);
            RefreshMulticast(interfaces);
            _engine = new NodeEngine(
                new EngineOptions
                {
                    Self = new OwnIdentity(_store.Keystore.Signing, _store.Keystore.Agreement),
                    Name = choice.Name,
                    Keys = new SystemKeySource(),
                    Entropy = _entropy,
                    Blocks = _blocks = OpenBlocks(choice.Folder.BlocksPath),
                    Downloads = FileNames.Downloads(),
                    Transfers = options.Transfers,
                    RoomQuota = new Rooms.RoomQuota { RoomBytes = options.RoomQuota },
                    AnnounceName = AnnounceName(options.Announce, interfaces),
                    AcceptAny = options.AcceptAny,
                    AllowsGuests = options.AllowsGuests,
                    Accept = options.Accept,
                    ReleaseOutboxUnasked = options.ReleaseOutboxUnasked,
                    // Nothing leaves the machine, or the link
                    Servers = selection.IsLoopbackOnly || ladder.IsLanOnly ? [] : servers,
                    Ladder = ladder,
                    MapsPorts = mapsPorts,
                    RelaysForMembers = options.RelaysForMembers,
                    RelayOnly = options.RelayOnly,
                    HideAddresses = options.HideAddresses,
                    Version = ProgramVersion,
                    ProcessId = Environment.ProcessId,
                    Faces = Faces.List,
                },
                _store,
                LocalPorts(),
                _ports.DescribeForLan(interfaces),
                _clock.Now,
                _clock.WallNow
            );
        }
        catch
        {
            Close();
            throw;
        }

        _engine.MessagesReceived = ShowAhead;
        _engine.FramesReady = SendDatagrams;
        _thread = new Thread(RunLoop) { Name = "peerchat-loop", IsBackground = true };
    }

    /// <inheritdoc/>
    /// <remarks>From the first event on, whenever it is asked for first. Costs nothing where nobody does.</remarks>
    public ChannelReader<NodeEvent> Events => _pump.Value.Reader;

    /// <summary>Names this run of the node.</summary>
    internal string Run { get; }

    /// <summary>Who is attached; the status tells of them.</summary>
    internal FaceRegistry Faces { get; } = new();

    /// <summary>Ends when the node has ended, however it did; the profile's lock is free by then.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>What this run told, for tests and measurements.</summary>
    internal EventLog Log => _log;

    /// <summary>Opens the profile, the sockets and the network, and begins.</summary>
    /// <exception cref="NodeStartException">It cannot; the message says why and what to do.</exception>
    public static PeerChatNode Start(NodeOptions options)
    {
        var choice = ProfileChoice.Resolve(options);
        if (
            !InterfaceSelection.TryParse(
                options.Interfaces,
                Environment.GetEnvironmentVariable("PEERCHAT_INTERFACES"),
                LocalInterface.List(),
                out var selection,
                out var fault
            )
        )
        {
            throw new NodeStartException(NodeStartFailure.Usage, fault!.ToString());
        }

        try
        {
            var node = new PeerChatNode(
                options,
                choice,
                selection,
                ConfigFile.LoadForStart(
                    choice.Location.ConfigPath,
                    Path.Exists(choice.Location.ConfigPath) ? options.ConfigKeys?.Invoke() : null
                )
            );
            node._thread.Start();
            return node;
        }
        catch (ProfileInUseException inUse)
        {
            throw new NodeStartException(NodeStartFailure.InUse, inUse.Message, inUse);
        }
        catch (StorageException failed)
        {
            throw StartFailures.Of(failed);
        }
    }

    Instant? ILoopOwner<LoopRequest>.NextDeadline => _engine.NextDeadline;

    bool ILoopOwner<LoopRequest>.IsOver => _engine.IsStopping;

    /// <inheritdoc/>
    public void Post(NodeCommand command) =>
        Enqueue(new CommandRequest(command, Prepare) { OnReply = reply => TellPoster(command, reply) });

    /// <inheritdoc/>
    public Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation = default)
    {
        var request = new CommandRequest(command, Prepare);
        Enqueue(request);
        return request.Reply.WaitAsync(cancellation);
    }

    /// <summary>Begins to listen: from where a face stopped, or with everything it has to know first.</summary>
    /// <param name="resume">Where it stopped; null for a new face. The owner's own face may give this run and 0, and misses nothing.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="NodeGoneException">The node ended before.</exception>
    internal Task<Subscription> SubscribeAsync(Resume? resume, CancellationToken cancellation = default) =>
        Read(engine => Subscribe(resume, engine, seesAhead: false), cancellation);

    /// <summary>The same for a face that ends together with this process, and so may see received messages before they are durable.</summary>
    internal Task<Subscription> SubscribeAheadAsync(Resume? resume) =>
        Read(engine => Subscribe(resume, engine, seesAhead: true), CancellationToken.None);

    /// <summary>Tells all faces something that is not the engine's to know, such as that the profile goes to another process.</summary>
    internal void Tell(NodeEvent happened) => Continue(_ => _log.Append(happened));

    /// <summary>Says goodbye and ends; what was said before is done first.</summary>
    public async ValueTask DisposeAsync()
    {
        Post(new NodeCommand.StopNode());
        await Task.Run(() => _thread.Join(StopPatience));
    }

    private Subscription Subscribe(Resume? resume, NodeEngine engine, bool seesAhead)
    {
        if (resume is { Run: { } run, After: var after } && run == Run && _log.Holds(after))
        {
            return Subscribe(_log, after, null, null, seesAhead);
        }

        return Subscribe(_log, _log.Last, engine.Snapshot(), resume?.AfterArrival, seesAhead);
    }

    private Subscription Subscribe(
        EventLog log,
        long after,
        IReadOnlyList<NodeEvent>? snapshot,
        long? arrival,
        bool seesAhead
    )
    {
        var upTo = snapshot is null ? 0 : _engine.LastArrival;
        var missed = new MissedMessages(arrival ?? 0, upTo);
        return new Subscription(
            Run,
            log,
            after,
            snapshot,
            arrival,
            next => Read(engine => missed.ReadPage(engine, next), CancellationToken.None)
        )
        {
            Arrival = _engine.LastArrival,
            SeesAhead = seesAhead,
        };
    }

    private Task<T> Read<T>(Func<NodeEngine, T> read, CancellationToken cancellation)
    {
        var request = new ReadRequest<T>(read);
        Enqueue(request);
        return request.Answer.WaitAsync(cancellation);
    }

    private void TellPoster(NodeCommand command, NodeReply reply)
    {
        if (_pump.IsValueCreated && ReplyEvents.Of(command, reply) is { } happened)
        {
            _pump.Value.Answer(happened);
        }
    }

    /// <summary>What the user decides for good stands in the configuration file.</summary>
    private void Prepare(NodeCommand command)
    {
        if (command is NodeCommand.SetAnnounceName announce)
        {
            Remember(announce);
        }
    }

    private void Enqueue(LoopRequest request)
    {
        if (!_loop.Post(request))
        {
            request.Fail(Gone());
        }
    }

    private static NodeGoneException Gone() =>
        new("The node has ended before it could answer; start PeerChat again.");

    private bool Deliver(in ReceivedDatagram datagram) => _loop.Deliver(datagram);

    private void CheckPorts(int? wanted)
    {
        if (wanted is { } port && _ports.Ports.Any(open => open.Local.Port != port))
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                $"UDP port {port} is taken by another program; choose another with --port, or leave it out for any free one."
            );
        }
    }

    private bool? AnnounceName(AnnouncePolicy policy, IReadOnlyList<LocalInterface> interfaces) =>
        policy == AnnouncePolicy.Always || (interfaces.Count > 0 && interfaces.All(one => one.IsLoopback))
            ? true
        : policy == AnnouncePolicy.Ask ? _config.AnnounceName
        : _config.AnnounceName ?? false;

    private List<LocalPort> LocalPorts() =>
        [.. _ports.Ports.Select(port => new LocalPort(port.Local, port.Interface.Index))];

    private void RunLoop()
    {
        try
        {
            Loop();
            _log.Append(new NodeEvent.Stopped(null));
        }
        catch (StorageException failed)
        {
            _log.Withdraw();
            _inTurn.ForEach(request => request.FailStorage(failed));
            _log.Append(new NodeEvent.Stopped(failed.Message, Storage: true));
        }
#pragma warning disable CA1031 // the last frame of the thread: whatever it is, the user gets a sentence and the report a file
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _log.Withdraw();
            _log.Append(new NodeEvent.Stopped(Explain(fault)));
        }
        finally
        {
            Close();
            foreach (var request in _inTurn.Concat(_loop.Close()))
            {
                request.Fail(Gone()); // says nothing to whoever has an answer
            }

            _log.Complete();
            _ended.TrySetResult();
        }
    }

    private string Explain(Exception fault)
    {
        var report = Path.Combine(_store.Folder.FullPath, "fault.log");
        try
        {
            File.WriteAllText(report, fault.ToString());
        }
        catch (IOException unwritable)
        {
            return $"PeerChat stopped because of a fault of its own ({fault.GetType().Name}: {fault.Message}; {unwritable.Message}).";
        }

        return $"PeerChat stopped because of a fault of its own. Your history is safe; please report the file {report}.";
    }

    private void Loop()
    {
        System.Net.NetworkInformation.NetworkChange.NetworkAddressChanged += HandleNetworkChange;
        // An interface that went down keeps its addresses, and comes up again with a word about itself alone
        System.Net.NetworkInformation.NetworkChange.NetworkAvailabilityChanged += HandleNetworkChange;
        try
        {
            Drain();
            TellConfigProblems();
            _loop.Run();
        }
        finally
        {
            System.Net.NetworkInformation.NetworkChange.NetworkAddressChanged -= HandleNetworkChange;
            System.Net.NetworkInformation.NetworkChange.NetworkAvailabilityChanged -= HandleNetworkChange;
        }
    }

    private void TellConfigProblems()
    {
        foreach (var problem in _tellsConfigProblems ? _config.Problems : [])
        {
            _log.Append(new NodeEvent.Notice(null, NoticeCode.Information, problem.At(_configPath)));
        }
    }

    private void HandleNetworkChange(object? sender, EventArgs change) => Continue(_ => RefreshInterfaces());

    // An interface that goes down keeps its addresses on Linux: what cannot be sent tells of it before the system does
    private void HandlePathError(TransportAddress local, TransportAddress remote, bool isRefused) =>
        Continue(engine =>
        {
            if (!isRefused)
            {
                RefreshInterfaces();
            }

            engine.HandlePathError(local, remote, isRefused, _clock.Now, _clock.WallNow);
        });

    // Whoever is to be reached by relays alone, or has switched that rung off, is neither announced nor looked for on the network.
    private void RefreshMulticast(IReadOnlyList<LocalInterface> interfaces) =>
        _multicast.Refresh(_usesLan ? interfaces : []);

    private static void CheckRelays(NodeOptions options, IReadOnlyList<IceServer> servers)
    {
        if (options.RelayOnly && !servers.Any(server => server.IsTurn))
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                "--relay-only needs a TURN server: without one there is no way to anybody. Name one with --turn."
            );
        }

        if (
            options.TurnCommand is null
            && servers.FirstOrDefault(server => server.NeedsCredentials) is { } bare
        )
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                $"--turn {bare.Label} has no user name and password: write them before the host, turn:USER:PASSWORD@HOST, or name a command that prints them with --turn-command."
            );
        }

        if (options.TurnAuthority is { } file && !File.Exists(file))
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                $"--turn-ca names {file}, which is not there; it has to be a file of certificates in PEM."
            );
        }
    }

    private void RefreshInterfaces()
    {
        var interfaces = _selection.Enumerate();
        if (_ports.Refresh(interfaces))
        {
            RefreshMulticast(interfaces);
            _engine.SetPorts(LocalPorts(), _ports.DescribeForLan(interfaces), _clock.Now, _clock.WallNow);
        }
    }

    void ILoopOwner<LoopRequest>.HandleRequest(LoopRequest request)
    {
        _inTurn.Add(request); // before, so that it is answered whatever happens
        request.Handle(_engine, _clock.Now, _clock.WallNow);
    }

    void ILoopOwner<LoopRequest>.HandleDatagram(in ReceivedDatagram received, Span<byte> datagram)
    {
        var (now, wall) = (_clock.Now, _clock.WallNow);
        if (received.IsMulticastDns)
        {
            _engine.HandleMulticast(now, wall, received.InterfaceIndex, received.Remote, datagram);
        }
        else
        {
            _engine.HandleDatagram(now, wall, received.Local, received.Remote, datagram);
        }
    }

    void ILoopOwner<LoopRequest>.EndTurn()
    {
        var now = _clock.Now;
        if (_engine.NextDeadline <= now)
        {
            _engine.HandleDeadline(now, _clock.WallNow);
        }

        _engine.EndTurn(now, _clock.WallNow);
        Drain();
        _inTurn.ForEach(request => request.Complete(_engine));
        _inTurn.Clear();
    }

    /// <summary>Writes the answer into the configuration; where that fails, it counts until the node ends.</summary>
    private void Remember(NodeCommand.SetAnnounceName announce)
    {
        try
        {
            ConfigFile.Update(
                _configPath,
                ConfigKeyList.OfNode,
                file => file.AnnounceName = announce.Announce
            );
        }
        catch (StorageException failed)
        {
            _log.Append(new NodeEvent.Notice(null, NoticeCode.StorageTrouble, failed.Message));
        }
    }

    // Whoever waits for an answer to a command of this turn gets it with the events, after the commit
    private void ShowAhead()
    {
        if (_inTurn.Count > 0)
        {
            return;
        }

        while (_engine.TryTakeEvent(out var happened))
        {
            _log.AddAhead(happened);
        }

        _log.Pulse();
    }

    private void SendDatagrams()
    {
        while (_engine.TryTakeTransmit(out var datagram))
        {
            _ports.Queue(datagram);
        }

        _ports.Flush();
    }

    private void Drain()
    {
        SendDatagrams();
        while (_engine.TryTakeMulticast(out var multicast))
        {
            _multicast.Send(multicast);
        }

        var hasNews = _log.Release();
        while (_engine.TryTakeEvent(out var happened))
        {
            _log.Add(happened);
            hasNews = true;
        }

        if (hasNews)
        {
            _log.Pulse();
        }

        while (_engine.TryTakeEffect(out var effect))
        {
            switch (effect)
            {
                case EngineEffect.OpenStream open:
                    _streams.Open(open);
                    break;
                case EngineEffect.SendStream send:
                    _streams.Send(send);
                    break;
                case EngineEffect.CloseStream close:
                    _streams.Close(close.Stream);
                    break;
                case EngineEffect.FindGateways:
                    FindGateways();
                    break;
                case EngineEffect.AskGateway ask:
                    _gateways.Begin(ask);
                    break;
                case EngineEffect.DoFileJob file:
                    _fileThread.Begin(file.Job);
                    break;
                case EngineEffect.OpenWebSocket open:
                    _webSockets.Open(open);
                    break;
                case EngineEffect.SendWebSocket send:
                    _webSockets.Send(send);
                    break;
                case EngineEffect.CloseWebSocket close:
                    _webSockets.Close(close);
                    break;
                default:
                    _slowWork.Begin(effect);
                    break;
            }
        }
    }

    private void FindGateways()
    {
        var found = _selection
            .Enumerate()
            .Where(on => on.Gateway is not null)
            .SelectMany(on => on.Addresses.Select(own => (own.Address, Gateway: on.Gateway!)))
            .DistinctBy(pair => pair.Address)
            .ToDictionary(pair => pair.Address, pair => pair.Gateway);
        Continue(engine => engine.HandleGateways(found, _clock.Now, _clock.WallNow));
    }

    private static BlockStore OpenBlocks(string folder)
    {
        try
        {
            return new BlockStore(folder);
        }
        catch (Exception failed) when (FileProblem.Is(failed))
        {
            throw FileProblem.Explain(failed, "The folder of files could not be made", folder);
        }
    }

    private void Continue(Action<NodeEngine> goOn) => Enqueue(new WorkRequest(goOn));

    private void Close()
    {
        _loop.End();
        _engine?.CancelFileWork();
        _fileThread.Dispose();
        _blocks?.Dispose();
        _streams.Dispose();
        _webSockets.Dispose();
        _gateways.Dispose();
        _announcements?.Dispose();
        _ports.Dispose();
        _multicast.Dispose();
        _store.Dispose();
    }
}
