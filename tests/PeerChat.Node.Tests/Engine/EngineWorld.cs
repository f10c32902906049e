using PeerChat.Node.Engine;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;
using PeerChat.TestKit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Several whole nodes on one simulated network, in virtual time.</summary>
internal sealed class EngineWorld(
    int seed,
    TimeSpan? maxDelay = null,
    double loss = 0,
    double duplication = 0
) : IDisposable
{
    private const long MaxSteps = 500_000; // seven times what the longest test takes; a deadline that hardly moves is seen in seconds
    private static readonly WallTime Start = new(1_790_000_000_000); // an afternoon (UTC) in September 2026

    private readonly List<SimulatedNode> _nodes = [];
    private readonly List<IWorldPart> _parts = [];
    private long _steps;

    public int Seed => seed;

    public Instant Now { get; private set; } = Instant.Origin;

    /// <summary>What the right time of day is at the beginning.</summary>
    public WallTime WallStart { get; set; } = Start;

    public WallTime Wall => WallStart + (Now - Instant.Origin);

    public SimulatedLan Lan { get; } =
        new(
            seed,
            TimeSpan.FromMilliseconds(0.2),
            maxDelay ?? TimeSpan.FromMilliseconds(1),
            loss,
            duplication
        );

    public List<(SimulatedNode Node, EngineEffect Effect)> Effects { get; } = [];

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    /// <summary>The PeerServers and trackers of this world.</summary>
    public SimulatedServices Services => field ??= new SimulatedServices(this);

    /// <summary>What host names stand for.</summary>
    public Func<string, TransportAddress?> Resolve { get; set; } = _ => null;

    /// <summary>Invented names need no true derivation.</summary>
    public Func<DisplayName, DisplayName, SignalKeys> KeysOf { get; set; } = DerivedKeys.OfNames;

    /// <summary>Adds a node; it is started by the caller.</summary>
    public SimulatedNode Add(string name, Action<SimulatedNode>? set = null)
    {
        var number = _nodes.Count + 1;
        var node = new SimulatedNode(this, name, number, (seed * 100) + number);
        set?.Invoke(node);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Adds and starts a node.</summary>
    public SimulatedNode Run(string name, Action<SimulatedNode>? set = null)
    {
        var node = Add(name, set);
        node.Start();
        return node;
    }

    /// <summary>Adds something that is no engine of ours.</summary>
    public void Add(IWorldPart part) => _parts.Add(part);

    /// <summary>Lets so much time pass.</summary>
    public void Run(TimeSpan time)
    {
        var end = Now + time;
        while (Step(end)) { }

        Now = end;
    }

    /// <summary>Lets time pass until something holds.</summary>
    public void RunUntil(Func<bool> holds, TimeSpan limit, string what)
    {
        var end = Now + limit;
        while (!holds())
        {
            if (!Step(end))
            {
                throw new TimeoutException(
                    $"Seed {seed}: not within {limit.TotalSeconds} s of virtual time: {what}.\n{Describe()}"
                );
            }
        }
    }

    /// <summary>What every node was told, for a failing test.</summary>
    public string Describe() =>
        string.Join(
            "\n",
            _nodes.SelectMany(node =>
                node.Events.Select(happened => $"{node.Name}: {Short(happened)}")
                    .Prepend($"-- {node.Name} {node.Id}")
            )
        );

    /// <summary>Makes two nodes contacts who have talked, and leaves them connected.</summary>
    public void Befriend(SimulatedNode one, SimulatedNode other)
    {
        one.Join(other);
        other.Join(one);
        RunUntil(
            () => one.IsConnectedTo(other) && other.IsConnectedTo(one),
            TimeSpan.FromSeconds(10),
            $"{one.Name} and {other.Name} meet"
        );
        Run(TimeSpan.FromSeconds(1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        foreach (var part in _parts.OfType<IDisposable>())
        {
            part.Dispose();
        }
    }

    private static string Short(NodeEvent happened) =>
        happened switch
        {
            NodeEvent.ChatChanged { Chat: var chat } =>
                $"ChatChanged {chat.Chat[..Math.Min(10, chat.Chat.Length)]} {chat.Connection} ({chat.Detail})",
            _ => happened.ToString()!.ReplaceLineEndings(" "),
        };

    private bool Step(Instant end)
    {
        Instant? next = Lan.NextArrival;
        foreach (var node in _nodes)
        {
            next = Instant.Earliest(next, node.NextDeadline);
        }

        foreach (var part in _parts)
        {
            next = Instant.Earliest(next, part.NextDeadline);
        }

        next = Instant.Earliest(next, Services.NextDeadline);

        if (next is not { } at || at > end)
        {
            return false;
        }

        if (++_steps > MaxSteps)
        {
            throw new InvalidOperationException(
                $"Seed {seed}: the world does not come to rest.\n{Describe()}"
            );
        }

        Now = Instant.Max(Now, at);
        while (Lan.TryReceive(Now, out var datagram))
        {
            foreach (var node in _nodes)
            {
                node.HandleDatagram(datagram);
            }

            foreach (var part in _parts)
            {
                part.HandleDatagram(Now, datagram);
            }
        }

        foreach (var node in _nodes)
        {
            node.HandleDeadline();
        }

        foreach (var part in _parts)
        {
            part.HandleDeadline(Now);
        }

        Services.HandleDeadline(Now);

        return true;
    }
}
