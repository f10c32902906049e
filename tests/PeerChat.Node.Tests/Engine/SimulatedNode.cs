using System.Net;
using PeerChat.Node.Engine;
using PeerChat.Node.Files;
using PeerChat.Node.Meeting;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Tests.Storage;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.TestKit;
using Shouldly;

namespace PeerChat.Node.Tests.Engine;

/// <summary>One engine with its profile on disk and its place on the simulated network.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private const int Interface = 2;
    private const int MulticastPort = 5353;

    private readonly EngineWorld _world;
    private TimeSpan _slept;
    private Instant? _sleepsSince;
    private readonly TemporaryFolder _folder = new();
    private readonly int _seed;
    private readonly List<(Instant At, Action Work)> _slowWork = [];
    private readonly Queue<Action<NodeEngine>> _reports = new();
    private int _starts;
    private ProfileStore? _store;
    private BlockStore? _blocks;
    private NodeEngine? _engine;
    private (int Turns, CrashPoint Point)? _crash;
    private Instant _lastTurn = new(-1);
    private int _turnsAtOnce;

    public SimulatedNode(EngineWorld world, string name, int number, int seed)
    {
        _world = world;
        _seed = seed;
        Name = DisplayName.Of(name);
        Address = new TransportAddress(new IPAddress([10, 0, 0, (byte)number]), NodeEngine.DefaultPort);
    }

    public EngineWorld World => _world;

    public DisplayName Name { get; }

    public TransportAddress Address { get; set; }

    public HostFirewall Firewall { get; set; }

    public bool? AnnounceName { get; set; } = true;

    public bool AcceptAny { get; set; }

    public bool AllowsGuests { get; set; }

    public bool HideAddresses { get; set; }

    public bool RelaysForMembers { get; set; } = true;

    public string[] Accept { get; set; } = [];

    public bool ReleaseOutboxUnasked { get; set; }

    public TransferOptions Transfers { get; set; } = new();

    /// <summary>Whether what is read or written of files from now on takes a day.</summary>
    public bool IsDiskStuck { get; set; }

    /// <summary>Where files go that the user names no folder for.</summary>
    public string Downloads => _folder.In("downloads");

    /// <summary>A path in a folder of its own.</summary>
    public string PathOf(string name) => _folder.In(name);

    /// <summary>Which ways of finding people it uses.</summary>
    public LadderOptions Ladder { get; set; } = new();

    /// <summary>The network it is on, as others see its mask.</summary>
    public int PrefixLength { get; set; } = 24;

    /// <summary>Whether the network carries its multicast to others, and theirs to it.</summary>
    public bool HearsMulticast { get; set; } = true;

    /// <summary>Whether any interface of the machine is up.</summary>
    public bool HasNetwork { get; private set; } = true;

    /// <summary>How wrong its clock is.</summary>
    public TimeSpan ClockError { get; set; }

    public bool IsRunning => _engine is not null;

    public NodeEngine Engine =>
        _engine ?? throw new InvalidOperationException($"{Name} does not run at the moment.");

    public ProfileStore Store => _store!;

    /// <summary>The profile's folder, also while it does not run.</summary>
    public ProfileFolder Folder => ProfileLocation.At(_folder.In("profile"));

    /// <summary>Everything told since the node was made, over all its runs.</summary>
    public List<NodeEvent> Events { get; } = [];

    /// <summary>What is told since the last start.</summary>
    public int RunStart { get; private set; }

    public string Id { get; private set; } = "";

    public PeerId PeerId => PeerIdText.TryParse(Id, out var id) ? id : default;

    public WallTime Wall => _world.Wall + ClockError;

    /// <summary>The machine's own clock that only goes forward; on some systems it stands while the machine sleeps.</summary>
    private Instant Now => _world.Now - _slept;

    /// <summary>Lets the machine sleep: it neither hears nor does anything.</summary>
    public void Sleep()
    {
        _sleepsSince = _world.Now;
        _world.Lan.Detach(Address);
    }

    /// <summary>Wakes it.</summary>
    /// <param name="countsSleep">Whether its clock went on meanwhile.</param>
    public void Wake(bool countsSleep)
    {
        _slept += countsSleep ? TimeSpan.Zero : _world.Now - _sleepsSince!.Value;
        _sleepsSince = null;
        _world.Lan.Attach(Address, Firewall);
        Turn(engine => engine.HandleDeadline(Now, Wall));
    }

    public Instant? NextDeadline
    {
        get
        {
            if (_sleepsSince is not null)
            {
                return null;
            }

            Instant? earliest = _engine?.NextDeadline;
            foreach (var (at, _) in _slowWork)
            {
                earliest = Instant.Earliest(earliest, at);
            }

            return earliest + _slept;
        }
    }

    public IEnumerable<T> Told<T>()
        where T : NodeEvent => Events.OfType<T>();

    /// <summary>What ended the last run, if the disk did.</summary>
    public StorageException? StorageFailure { get; private set; }

    /// <summary>The texts of others that were shown, each time they were.</summary>
    public List<string> Shown(string? chat = null) =>
        [
            .. Told<NodeEvent.MessageShown>()
                .Where(shown => !shown.Message.IsOwn && (chat is null || shown.Message.Chat == chat))
                .Select(shown => shown.Message.Text),
        ];

    /// <summary>The newest summary of a chat.</summary>
    public ChatSummary? Chat(string chat)
    {
        for (var i = Events.Count - 1; i >= RunStart; i--)
        {
            if (Events[i] is NodeEvent.ChatChanged changed && changed.Chat.Chat == chat)
            {
                return changed.Chat;
            }

            if (Events[i] is NodeEvent.ChatReplaced replaced && replaced.Chat.Chat == chat)
            {
                return replaced.Chat;
            }
        }

        return null;
    }

    public bool IsConnectedTo(SimulatedNode other) => IsConnected("@" + other.Id);

    public bool IsConnected(string chat) => IsRunning && Chat(chat)?.Connection == ConnectionState.Connected;

    public IReadOnlyList<ChatMessage> History(string chat)
    {
        return Ask(new NodeCommand.LoadHistory(chat, 10_000)).ShouldBeOfType<NodeReply.History>().Messages;
    }

    /// <summary>Starts, or starts again with what is on disk.</summary>
    public void Start()
    {
        var entropy = new SeededEntropy((_seed * 1000) + ++_starts);
        _store = ProfileStore.OpenOwner(
            ProfileLocation.At(_folder.In("profile")),
            new SystemKeySource(),
            entropy
        );
        if (HasNetwork)
        {
            _world.Lan.Attach(Address, Firewall);
        }

        RunStart = Events.Count;
        var addresses = new[] { new LanAddress(Address, PrefixLength) };
        _engine = new NodeEngine(
            new EngineOptions
            {
                Self = new OwnIdentity(_store.Keystore.Signing, _store.Keystore.Agreement),
                Name = Name,
                Keys = new SystemKeySource(),
                Entropy = entropy,
                Blocks = _blocks = new BlockStore(_folder.In("profile/files")),
                Downloads = _folder.In("downloads"),
                Transfers = Transfers,
                AnnounceName = AnnounceName,
                AcceptAny = AcceptAny,
                AllowsGuests = AllowsGuests,
                HideAddresses = HideAddresses,
                RelaysForMembers = RelaysForMembers,
                Accept = Accept,
                ReleaseOutboxUnasked = ReleaseOutboxUnasked,
                Ladder = Ladder,
            },
            _store,
            HasNetwork ? [new LocalPort(Address, Interface)] : [],
            HasNetwork ? [new LanInterface(Interface, "eth0", IsLoopback: false, addresses)] : [],
            Now,
            Wall
        );
        Drain();
        Id = Events.Skip(RunStart).OfType<NodeEvent.Ready>().Single().PeerId;
    }

    /// <summary>Asks for something and ends the turn.</summary>
    public void Do(NodeCommand command) => Ask(command);

    /// <summary>The same, with what was replied.</summary>
    public NodeReply Ask(NodeCommand command)
    {
        NodeReply? reply = null;
        Turn(engine => reply = engine.HandleCommand(command, Now, Wall));
        return reply!;
    }

    public void Join(SimulatedNode other) => Join(other.Name.ToString());

    public void Join(string target) => Do(new NodeCommand.JoinPeer(target));

    public void Say(string chat, string text) => Do(new NodeCommand.SendText(chat, text));

    public void Say(SimulatedNode other, string text) => Say("@" + other.Id, text);

    /// <summary>Asks the node to leave; the world goes on until it has.</summary>
    public void Stop()
    {
        Do(new NodeCommand.StopNode());
        _world.RunUntil(() => !IsRunning, TimeSpan.FromSeconds(3), $"{Name} leaves");
    }

    /// <summary>Takes the machine off the network; the node goes on, if it runs.</summary>
    public void Unplug()
    {
        HasNetwork = false;
        _world.Lan.Detach(Address);
        if (IsRunning)
        {
            Turn(engine => engine.SetPorts([], [], Now, Wall));
        }
    }

    /// <summary>Takes the machine to another address of the network, or back to it.</summary>
    public void MoveTo(TransportAddress address)
    {
        HasNetwork = true;
        _world.Lan.Detach(Address);
        Address = address;
        _world.Lan.Attach(Address, Firewall);
        var addresses = new[] { new LanAddress(Address, PrefixLength) };
        Turn(engine =>
            engine.SetPorts(
                [new LocalPort(Address, Interface)],
                [new LanInterface(Interface, "eth0", IsLoopback: false, addresses)],
                Now,
                Wall
            )
        );
    }

    /// <summary>Pulls the plug: what was not committed is lost, nothing more is sent.</summary>
    public void Crash()
    {
        _world.Services.Drop(this);
        _world.Lan.Detach(Address);
        Close();
    }

    /// <summary>Pulls the plug within one of the next turns.</summary>
    public void CrashLater(int turns, CrashPoint point) => _crash = (turns, point);

    /// <summary>It lives after all.</summary>
    public void CancelCrash() => _crash = null;

    public void HandleDatagram(LanDatagram datagram)
    {
        if (!IsRunning || datagram.To.WithPort(0) != Address.WithPort(0))
        {
            return;
        }

        Turn(engine =>
        {
            if (datagram.To.Port == MulticastPort && !HearsMulticast)
            {
                return;
            }

            if (datagram.To.Port == MulticastPort)
            {
                engine.HandleMulticast(Now, Wall, Interface, datagram.From, datagram.Payload);
            }
            else if (datagram.To == Address)
            {
                engine.HandleDatagram(Now, Wall, datagram.To, datagram.From, datagram.Payload);
            }
        });
    }

    public void HandleDeadline()
    {
        if (_sleepsSince is not null)
        {
            return;
        }

        foreach (var due in _slowWork.Where(work => work.At <= Now).ToList())
        {
            _slowWork.Remove(due);
            due.Work();
            while (IsRunning && _reports.TryDequeue(out var done))
            {
                Turn(engine => engine.HandleFileWork(done, Now, Wall));
            }

            _reports.Clear();
        }

        if (_engine?.NextDeadline <= Now)
        {
            Turn(engine => engine.HandleDeadline(Now, Wall));
        }
    }

    /// <summary>Hands the engine something and ends the turn as the host does.</summary>
    public void Turn(Action<NodeEngine> handle)
    {
        var engine = Engine;
        CheckPace();
        var dies = _crash is { } crash && crash.Turns <= 0 ? _crash : null;
        _crash = _crash is { } later ? (later.Turns - 1, later.Point) : null;
        try
        {
            handle(engine);
            if (dies is { Point: CrashPoint.BeforeCommit })
            {
                Crash();
                return;
            }

            engine.EndTurn(Now, Wall);
        }
        catch (StorageException failed)
        {
            StorageFailure = failed;
            Crash(); // as the host: nothing is drained any more
            return;
        }

        if (dies is { Point: CrashPoint.BeforeSending })
        {
            Crash();
            return;
        }

        Drain();
        if (dies is not null)
        {
            Crash();
        }
        else if (engine.IsStopping)
        {
            Close();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }

    /// <summary>A deadline that does not move would have the real host spin.</summary>
    private void CheckPace()
    {
        _turnsAtOnce = _lastTurn == Now ? _turnsAtOnce + 1 : 0;
        _lastTurn = Now;
        if (_turnsAtOnce > 5_000)
        {
            throw new InvalidOperationException($"{Name} spins: thousands of turns at one instant.");
        }
    }

    private void Close()
    {
        _crash = null;
        _slowWork.Clear();
        _engine?.CancelFileWork();
        _blocks?.Dispose();
        _blocks = null;
        _engine = null;
        _store?.Dispose();
        _store = null;
    }

    private void Drain()
    {
        var engine = Engine;
        while (engine.TryTakeTransmit(out var datagram))
        {
            _world.Lan.Send(_world.Now, datagram.Local, datagram.Remote, datagram.Payload.Span);
        }

        while (engine.TryTakeMulticast(out var multicast))
        {
            if (!HearsMulticast)
            {
                continue;
            }

            var from = Address.WithPort(MulticastPort);
            if (multicast.IsMulticast)
            {
                _world.Lan.Multicast(_world.Now, from, multicast.Payload.Span);
            }
            else
            {
                _world.Lan.Send(_world.Now, from, multicast.Destination, multicast.Payload.Span);
            }
        }

        while (engine.TryTakeEvent(out var happened))
        {
            Events.Add(happened);
        }

        while (engine.TryTakeEffect(out var effect))
        {
            Carry(effect);
        }
    }

    private void Carry(EngineEffect effect)
    {
        // As slow as on a small machine
        var at = Now + TimeSpan.FromMilliseconds(250);
        _world.Effects.Add((this, effect));
        _world.Services.Carry(this, effect);
        switch (effect)
        {
            case EngineEffect.DeriveBareName bare:
                _slowWork.Add(
                    (
                        at,
                        () =>
                            Turn(engine =>
                                engine.HandleBareName(
                                    bare.Name,
                                    _world.KeysOf(bare.One, bare.Other),
                                    Now,
                                    Wall
                                )
                            )
                    )
                );
                break;
            case EngineEffect.DoFileJob file:
                _slowWork.Add(
                    (
                        Now + (IsDiskStuck ? TimeSpan.FromDays(1) : TimeSpan.FromMilliseconds(1)),
                        () => new FileWork(done => _reports.Enqueue(done)).Do(file.Job)
                    )
                );
                break;
            case EngineEffect.DeriveOpenRoom room:
                _slowWork.Add(
                    (
                        at,
                        () =>
                            Turn(engine =>
                                engine.HandleOpenRoom(
                                    room.Name.ToString(),
                                    DerivedKeys.OfRoom(room.Name),
                                    Now,
                                    Wall
                                )
                            )
                    )
                );
                break;
            case EngineEffect.ResolveHost host:
                _slowWork.Add(
                    (
                        at,
                        () =>
                            Turn(engine =>
                                engine.HandleResolvedHost(
                                    host.Chat,
                                    _world.Resolve(host.Host) is { } found ? found.WithPort(host.Port) : null,
                                    host.Host,
                                    Now,
                                    Wall
                                )
                            )
                    )
                );
                break;
        }
    }
}
