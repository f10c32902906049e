using PeerChat.Primitives;

namespace PeerChat.Simulation.Swarm;

/// <summary>The life of one room: it fills, it churns, it is cut in two, it is calm, and a part of it vanishes at once.</summary>
internal sealed class SwarmRun
{
    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ChurnTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CutTime = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan CalmTime = TimeSpan.FromSeconds(150);

    // Two rounds of exchanged neighbours, so that the halves of a cut are one again.
    private static readonly TimeSpan MixTime = TimeSpan.FromMinutes(70);
    private static readonly TimeSpan WatchTime = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private const int Rehearsals = 10;
    private const int Measured = 10;

    private readonly SwarmOptions _options;
    private readonly SwarmNetwork _network;
    private readonly List<SwarmMessage> _stable = [];
    private readonly List<SwarmMessage> _probes = [];
    private Instant _vanishedAt;

    private SwarmRun(SwarmOptions options) => (_options, _network) = (options, new SwarmNetwork(options));

    /// <summary>Runs it from beginning to end.</summary>
    public static SwarmReport Run(SwarmOptions options)
    {
        var run = new SwarmRun(options);
        run.Join();
        run.Churn();
        run.Cut();
        run._network.Time.Run(MixTime);
        run.Speak();
        var population = run._network.Alive.Count();
        run.Vanish();
        run._network.Time.Run(CalmTime);
        return run.Report(population);
    }

    private void Join()
    {
        var started = new List<SwarmPeer>();
        foreach (var peer in _network.Peers)
        {
            _network.Start(peer, started.Count == 0 ? null : Pick(started));
            started.Add(peer);
            _network.Time.Run(JoinTime / _options.Peers);
        }

        _network.Time.Run(CalmTime);
    }

    // Each second some leave, some crash, and as many come back or come new.
    private void Churn()
    {
        for (var end = _network.Time.Now + ChurnTime; _network.Time.Now < end; _network.Time.Run(Step))
        {
            var alive = _network.Alive.ToList();
            for (var i = 0; i < Math.Max(1, alive.Count / 200) && alive.Count > 3; i++)
            {
                var peer = Pick(alive);
                alive.Remove(peer);
                if (_network.Random.Next(2) == 0)
                {
                    _network.Crash(peer);
                }
                else
                {
                    _network.Leave(peer);
                }
            }

            foreach (var peer in _network.Peers.Where(p => !p.IsAlive && _network.Random.Next(4) == 0))
            {
                _network.Start(peer, Pick(alive));
            }

            _network.Write(Pick(alive));
        }

        foreach (var peer in _network.Peers.Where(p => !p.IsAlive))
        {
            _network.Start(peer, Pick([.. _network.Alive]));
        }
    }

    private void Cut()
    {
        _network.Cut(p => p.Index < _options.Peers / 3);
        for (var end = _network.Time.Now + CutTime; _network.Time.Now < end; _network.Time.Run(Step))
        {
            _network.Write(Pick([.. _network.Alive]));
        }

        _network.Partition = null;
        // What the host finds again on its network, or was told of: one of the other side.
        _network
            .Peers[0]
            .Overlay.Introduce(
                new PeerChat.Rooms.Spreading.OverlayPeer(
                    _network.Peers[^1].Id,
                    SwarmPeer.ContactOf(_network.Peers[^1].Index)
                ),
                _network.Time.Now
            );
    }

    // The stable phase: calm, and nothing is lost. What was written before it has given every writer's tree its shape.
    private void Speak()
    {
        _network.Loss = 0;
        var writers = _network.Peers.ToList();
        while (writers.Count > _options.Writers)
        {
            writers.Remove(Pick(writers));
        }

        for (var i = 0; i < Rehearsals + Measured; i++)
        {
            foreach (var writer in writers)
            {
                var message = _network.Write(writer);
                if (i >= Rehearsals)
                {
                    _stable.Add(message);
                }

                _network.Time.Run(Step / 2);
            }
        }

        _network.Time.Run(CalmTime);
        _network.Loss = _options.Loss;
    }

    private void Vanish()
    {
        var alive = _network.Alive.ToList();
        for (var i = (int)(alive.Count * _options.Vanishing); i > 0; i--)
        {
            var peer = Pick(alive);
            alive.Remove(peer);
            _network.Crash(peer);
        }

        _vanishedAt = _network.Time.Now;
        for (var end = _vanishedAt + WatchTime; _network.Time.Now < end; _network.Time.Run(Step))
        {
            _probes.Add(_network.Write(Pick(alive)));
        }
    }

    private SwarmReport Report(int population)
    {
        var survivors = _network.Alive.ToList();
        var living = survivors.ToHashSet();
        var wanted = (long)_network.Messages.Count * survivors.Count;
        var held = survivors.Sum(p => (long)p.Log.Count);
        // The last probe that took longer than the calm network's slowest: from the one after it on all is repaired.
        var usual = _stable.Max(m => m.Arrivals.Max(a => a.At) - m.SentAt) + Step;
        var lastSlow = _probes.FindLastIndex(p =>
            p.Arrivals.Count(a => living.Contains(a.By)) < survivors.Count
            || p.Arrivals.Where(a => living.Contains(a.By)).Max(a => a.At) - p.SentAt > usual
        );
        var delays = _stable
            .SelectMany(m => m.Arrivals.Where(a => a.By != m.Author).Select(a => a.At - m.SentAt))
            .Order()
            .ToList();
        return new SwarmReport(
            _options.Peers,
            _options.Seed,
            _network.Messages.Count,
            wanted == 0 ? 0 : (double)held / wanted,
            _stable.Max(m => m.Hops),
            _stable.Average(m => (double)m.Copies / Math.Max(1, population - 1)),
            _stable.Sum(m => m.BySync),
            delays[delays.Count / 2].TotalMilliseconds,
            delays[^1].TotalMilliseconds,
            lastSlow < 0 ? 0 : (_probes[lastSlow].SentAt + Step - _vanishedAt).TotalSeconds,
            survivors.Average(p => (double)p.Overlay.Active.Count)
        );
    }

    private SwarmPeer Pick(List<SwarmPeer> peers) => peers[_network.Random.Next(peers.Count)];
}
