using System.Text;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>Whole rooms from a seed: first faults, in which only safety is asked for, then calm, in which all must agree.</summary>
public class RoomSimulationTests
{
    public static TheoryData<int> Seeds => [.. SimulationSeeds.Of(200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Both_ends_of_a_direct_chat_show_the_same_messages_once_whatever_happened(int seed)
    {
        var (alice, bob) = SimulatedPeer.Direct(seed);
        Simulate(seed, alice, bob);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void All_in_an_open_room_show_the_same_messages_once_whatever_happened(int seed) =>
        Simulate(
            seed,
            SimulatedPeer.Open("alice", seed),
            SimulatedPeer.Open("bob", seed + 1000),
            SimulatedPeer.Open("carol", seed + 2000)
        );

    private static void Simulate(int seed, params SimulatedPeer[] peers)
    {
        var random = new Random(seed);
        var mesh = new SimulatedMesh(seed, peers)
        {
            CrashRate = seed % 2 == 0 ? 0.01 : 0,
            MaxDelay = TimeSpan.FromMilliseconds(random.Next(5, 800)),
            Window = random.Next(1, 4),
        };
        foreach (var peer in peers)
        {
            peer.Parts = SimulationSeeds.PartsOf(seed);
            peer.SignsAtTurnEnd = seed % 4 != 0;
            mesh.Skews[peer] = random.Next(-100_000, 100_000); // clocks apart by up to 200 s
        }

        var pastes = new Random(~seed);
        mesh.OpenAll();
        var posted = new List<(SimulatedPeer By, string Text)>();
        for (var step = 0; step < 30; step++)
        {
            Disturb(mesh, random, peers);
            var writer = peers[random.Next(peers.Length)];
            var text = $"{writer.Name} {step} " + new string('.', random.Next(0, 3000));
            if (writer.Room.CanWrite && mesh.Post(writer, text) is not null)
            {
                posted.Add((writer, text));
            }

            if (pastes.Next(6) == 0)
            {
                Paste(mesh, pastes, step, peers[pastes.Next(peers.Length)], posted);
            }

            mesh.Run(TimeSpan.FromMilliseconds(random.Next(0, 1500)));
        }

        Calm(mesh, peers);
        Check(seed, peers, posted);
    }

    private static void Paste(
        SimulatedMesh mesh,
        Random random,
        int step,
        SimulatedPeer writer,
        List<(SimulatedPeer By, string Text)> posted
    )
    {
        var lines = Enumerable
            .Range(0, random.Next(2, 80))
            .Select(i => $"{writer.Name} {step}.{i}")
            .ToArray();
        if (writer.Room.CanWrite && mesh.PostAll(writer, lines))
        {
            posted.AddRange(lines.Select(line => (writer, line)));
        }
    }

    private static void Disturb(SimulatedMesh mesh, Random random, SimulatedPeer[] peers)
    {
        var one = peers[random.Next(peers.Length)];
        var other = peers[random.Next(peers.Length)];
        if (one == other)
        {
            return;
        }

        if (!mesh.AreConnected(one, other))
        {
            mesh.Connect(one, other);
        }
        else if (random.Next(3) == 0)
        {
            mesh.Disconnect(one, other);
        }
        else if (random.Next(12) == 0)
        {
            mesh.Crash(one);
        }
    }

    private static void Calm(SimulatedMesh mesh, SimulatedPeer[] peers)
    {
        mesh.CrashRate = 0;
        for (var i = 1; i < peers.Length; i++)
        {
            // A chain, so that what the ends exchange goes through the middle.
            mesh.Disconnect(peers[i - 1], peers[i]);
            mesh.Connect(peers[i - 1], peers[i]);
        }

        mesh.Run(TimeSpan.FromSeconds(120)); // pastes in pieces of one entry take a while over slow links
    }

    private static void Check(int seed, SimulatedPeer[] peers, List<(SimulatedPeer By, string Text)> posted)
    {
        var expected = peers[0].Messages;
        expected
            .Select(m => m.Text)
            .Order(StringComparer.Ordinal)
            .ShouldBe(posted.Select(p => p.Text).Order(StringComparer.Ordinal), $"seed {seed}");
        foreach (var peer in peers)
        {
            var messages = peer.Messages;
            messages.Select(m => m.Id).ShouldBe(expected.Select(m => m.Id), $"seed {seed} {peer.Name}");
            messages
                .Where(m => m.IsOwn)
                .ShouldAllBe(
                    m => m.State == RoomMessageState.Delivered && m.DeliveredTo == peers.Length - 1,
                    $"seed {seed} {peer.Name}"
                );
            messages
                .Select(m => m.Text)
                .Where(t => t.StartsWith(peer.Name + " ", StringComparison.Ordinal))
                .ShouldBe(posted.Where(p => p.By == peer).Select(p => p.Text), $"seed {seed}");
            peer.Events.ShouldNotContain(e => e is RoomEvent.PeerMisbehaved, $"seed {seed}");
            peer.Events.ShouldNotContain(e => e is RoomEvent.AuthorForked, $"seed {seed}");
            peer.Room.QueuedOwnMessages.ShouldBe(0);
            var needle = Encoding.UTF8.GetBytes(posted.Count > 0 ? posted[0].Text : "nothing was posted");
            peer.Store.AllBytes.Any(b => b.AsSpan().IndexOf(needle) >= 0).ShouldBeFalse();
        }
    }
}
