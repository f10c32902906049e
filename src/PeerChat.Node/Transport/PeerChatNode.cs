using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using PeerChat.Node.Engine;
using PeerChat.Node.Host;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Transport;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node;

/// <summary>The running peer: real sockets, the real clock and one thread around the engine.</summary>
/// <remarks>Thread-safe. One loop thread owns the engine, the store and all protocol state; everything reaches it by a queue.</remarks>
public sealed class PeerChatNode : IPeerChatNode
{
    /// <summary>Datagrams waiting for the loop; more are dropped, as a full socket buffer would.</summary>
    private const int QueueCapacity = 4096;

    /// <summary>Inputs handled between two commits: enough to share one fsync, few enough to stay quick.</summary>
    private const int MaxBatch = 256;

    /// <summary>How long the end may take before the process goes anyway.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly LoopQueue<LoopInput> _queue = new(QueueCapacity);
    private readonly Channel<NodeEvent> _events = Channel.CreateUnbounded<NodeEvent>(
        new UnboundedChannelOptions { SingleWriter = true }
    );
    private readonly NodeClock _clock = new();
    private readonly SystemEntropy _entropy = new();
    private readonly ProfileStore _store;
    private readonly ConfigFile _config;
    private readonly ConfigKeyList _configKeys;
    private readonly string _configPath;
    private readonly InterfaceSelection _selection;
    private readonly UdpPortSet _ports;
    private readonly MulticastPort _multicast;
    private readonly NodeEngine _engine;
    private readonly Thread _thread;

    private PeerChatNode(
        NodeOptions options,
        ProfileChoice choice,
        InterfaceSelection selection,
        ConfigFile config
    )
    {
        _selection = selection;
        _config = config;
        _configKeys = options.ConfigKeys;
        _configPath = choice.Location.ConfigPath;
        _store = ProfileStore.OpenOwner(choice.Folder, new SystemKeySource(), _entropy);
        var wantedPort = options.Port ?? config.Port;
        _ports = new UdpPortSet(selection.IsRestricted, wantedPort ?? NodeEngine.DefaultPort, Deliver);
        _multicast = new MulticastPort(Deliver);
        try
        {
            choice.Remember();
            var interfaces = selection.Enumerate();
            _ports.Refresh(interfaces);
            CheckPorts(wantedPort);
            _multicast.Refresh(interfaces);
            _engine = new NodeEngine(
                new EngineOptions
                {
                    Self = new OwnIdentity(_store.Keystore.Signing, _store.Keystore.Agreement),
                    Name = choice.Name,
                    Keys = new SystemKeySource(),
                    Entropy = _entropy,
                    AnnounceName = AnnounceName(options.Announce, interfaces),
                    AcceptAny = options.AcceptAny,
                    Accept = options.Accept,
                    ReleaseOutboxUnasked = options.ReleaseOutboxUnasked,
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

        foreach (var problem in config.Problems)
        {
            _events.Writer.TryWrite(
                new NodeEvent.Notice(null, NoticeCode.Information, problem.At(_configPath))
            );
        }

        _thread = new Thread(Run) { Name = "peerchat-loop", IsBackground = true };
    }

    /// <inheritdoc/>
    public ChannelReader<NodeEvent> Events => _events.Reader;

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
                ConfigFile.LoadForStart(choice.Location.ConfigPath, options.ConfigKeys)
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
            throw new NodeStartException(NodeStartFailure.Storage, failed.Message, failed);
        }
    }

    /// <inheritdoc/>
    public void Post(NodeCommand command) => _queue.Enqueue(new LoopInput(default, command, null));

    /// <inheritdoc/>
    public Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Says goodbye and ends; what was said before is done first.</summary>
    public async ValueTask DisposeAsync()
    {
        Post(new NodeCommand.StopNode());
        await Task.Run(() => _thread.Join(StopPatience));
    }

    private bool Deliver(in ReceivedDatagram datagram) =>
        _queue.TryEnqueue(new LoopInput(datagram, null, null));

    private void CheckPorts(int? wanted)
    {
        if (_ports.Ports.Count == 0)
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                "No network interface with an address is up, not even loopback; bring one up, or name another with --interface."
            );
        }

        if (wanted is { } port && _ports.Ports.Any(open => open.Local.Port != port))
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                $"UDP port {port} is taken by another program; choose another with --port, or leave it out for any free one."
            );
        }
    }

    private bool? AnnounceName(AnnouncePolicy policy, IReadOnlyList<LocalInterface> interfaces) =>
        policy == AnnouncePolicy.Always || interfaces.All(one => one.IsLoopback) ? true
        : policy == AnnouncePolicy.Ask ? _config.AnnounceName
        : _config.AnnounceName ?? false;

    private List<LocalPort> LocalPorts() =>
        [.. _ports.Ports.Select(port => new LocalPort(port.Local, port.Interface.Index))];

    private void Run()
    {
        try
        {
            Loop();
            _events.Writer.TryWrite(new NodeEvent.Stopped(null));
        }
        catch (StorageException failed)
        {
            _events.Writer.TryWrite(new NodeEvent.Stopped(failed.Message, Storage: true));
        }
#pragma warning disable CA1031 // the last frame of the thread: whatever it is, the user gets a sentence and the report a file
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _events.Writer.TryWrite(new NodeEvent.Stopped(Explain(fault)));
        }
        finally
        {
            Close();
            _events.Writer.TryComplete();
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
        try
        {
            var batch = new List<LoopInput>();
            Drain();
            while (!_engine.IsStopping)
            {
                batch.Clear();
                _queue.DequeueBatch(_clock.Until(_engine.NextDeadline), batch, MaxBatch);
                foreach (var input in batch)
                {
                    Handle(input);
                }

                var now = _clock.Now;
                if (_engine.NextDeadline <= now)
                {
                    _engine.HandleDeadline(now, _clock.WallNow);
                }

                _engine.EndTurn(now, _clock.WallNow);
                Drain();
            }
        }
        finally
        {
            System.Net.NetworkInformation.NetworkChange.NetworkAddressChanged -= HandleNetworkChange;
        }
    }

    private void HandleNetworkChange(object? sender, EventArgs change) =>
        _queue.Enqueue(new LoopInput(default, null, _ => RefreshInterfaces()));

    private void RefreshInterfaces()
    {
        var interfaces = _selection.Enumerate();
        if (_ports.Refresh(interfaces))
        {
            _multicast.Refresh(interfaces);
            _engine.SetPorts(LocalPorts(), _ports.DescribeForLan(interfaces), _clock.Now, _clock.WallNow);
        }
    }

    private void Handle(in LoopInput input)
    {
        var (now, wall) = (_clock.Now, _clock.WallNow);
        if (input.Command is { } command)
        {
            if (command is NodeCommand.SetAnnounceName announce)
            {
                Remember(announce);
            }

            _engine.HandleCommand(command, now, wall);
        }
        else if (input.Continuation is { } goOn)
        {
            goOn(_engine);
        }
        else
        {
            var datagram = input.Datagram;
            if (datagram.IsMulticastDns)
            {
                _engine.HandleMulticast(
                    now,
                    wall,
                    datagram.InterfaceIndex,
                    datagram.Remote,
                    datagram.Payload.Span
                );
            }
            else
            {
                _engine.HandleDatagram(now, wall, datagram.Local, datagram.Remote, datagram.Writable);
            }

            datagram.Release();
        }
    }

    /// <summary>Writes the answer into the configuration; where that fails, it counts until the node ends.</summary>
    private void Remember(NodeCommand.SetAnnounceName announce)
    {
        try
        {
            ConfigFile.Update(_configPath, _configKeys, file => file.AnnounceName = announce.Announce);
        }
        catch (StorageException failed)
        {
            _events.Writer.TryWrite(new NodeEvent.Notice(null, NoticeCode.StorageTrouble, failed.Message));
        }
    }

    private void Drain()
    {
        while (_engine.TryTakeTransmit(out var datagram))
        {
            _ports.Send(datagram.Local, datagram.Remote, datagram.Payload.Span);
        }

        while (_engine.TryTakeMulticast(out var multicast))
        {
            _multicast.Send(multicast);
        }

        while (_engine.TryTakeEvent(out var happened))
        {
            _events.Writer.TryWrite(happened);
        }

        while (_engine.TryTakeEffect(out var effect))
        {
            var work = effect;
            _ = Task.Run(() => Carry(work));
        }
    }

    /// <summary>Does slow work on another thread and brings the answer back to the loop.</summary>
    private async Task Carry(EngineEffect effect)
    {
        switch (effect)
        {
            case EngineEffect.DeriveBareName bare:
                var keys = BareNames.DeriveExpensively(bare.One, bare.Other);
                Continue(engine => engine.HandleBareName(bare.Name, keys, _clock.Now, _clock.WallNow));
                break;
            case EngineEffect.DeriveOpenRoom room:
                var secrets = OpenRoomSecrets.DeriveExpensively(room.Name);
                Continue(engine =>
                    engine.HandleOpenRoom(room.Name.ToString(), secrets, _clock.Now, _clock.WallNow)
                );
                break;
            case EngineEffect.ResolveHost resolve:
                var address = await Resolve(resolve.Host, resolve.Port);
                Continue(engine =>
                    engine.HandleResolvedHost(resolve.Chat, address, resolve.Host, _clock.Now, _clock.WallNow)
                );
                break;
            default:
                throw new InvalidOperationException($"Nobody does {effect.GetType().Name}.");
        }
    }

    private async Task<TransportAddress?> Resolve(string host, int port)
    {
        if (_selection.IsLoopbackOnly)
        {
            // With loopback alone nothing is looked up, ever.
            return host == "localhost" ? new TransportAddress(IPAddress.Loopback, port) : null;
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host);
            return addresses.Length == 0 ? null : new TransportAddress(addresses[0], port);
        }
        catch (SocketException)
        {
            return null; // told to the user as "could not be looked up"
        }
    }

    private void Continue(Action<NodeEngine> goOn) => _queue.Enqueue(new LoopInput(default, null, goOn));

    private void Close()
    {
        _ports.Dispose();
        _multicast.Dispose();
        _store.Dispose();
    }

    private readonly record struct LoopInput(
        ReceivedDatagram Datagram,
        NodeCommand? Command,
        Action<NodeEngine>? Continuation
    );
}
