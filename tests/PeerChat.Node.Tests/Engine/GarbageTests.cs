using System.Text;
using PeerChat.Node.Links;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Signalling;
using PeerChat.WebRtc;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Whatever arrives from a hostile network.</summary>
public sealed class GarbageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_flood_of_garbage_neither_ends_nor_fills_the_node_and_the_conversation_goes_on(int seed)
    {
        using var world = new EngineWorld(seed) { KeysOf = LimitTests.Cheap };
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        var ufrags = new HashSet<string>(StringComparer.Ordinal);
        var overheard = new List<byte[]>();
        world.Lan.Interceptor = datagram =>
        {
            if (PeerConnection.TryReadStunUfrag(datagram.Payload, out var ufrag))
            {
                ufrags.Add(ufrag);
            }

            if (overheard.Count < 300)
            {
                overheard.Add([.. datagram.Payload]);
            }

            return datagram;
        };
        world.Befriend(alice, bob);
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                Throw(world, random, alice, bob, ufrags, overheard);
            }

            alice.Say(bob, $"a{round}");
            bob.Say(alice, $"b{round}");
            world.Run(TimeSpan.FromMilliseconds(200));
            IsBounded(bob);
            IsBounded(alice);
        }

        world.Run(TimeSpan.FromSeconds(10));
        var because = $"seed {seed}";
        bob.Shown().ShouldBe(Enumerable.Range(0, 60).Select(i => $"a{i}"), because);
        alice.Shown().ShouldBe(Enumerable.Range(0, 60).Select(i => $"b{i}"), because);
        bob.Engine.DroppedDatagrams.ShouldBeGreaterThan(100, because);
        bob.Told<NodeEvent.ChatChanged>().Last().Chat.Connection.ShouldBe(ConnectionState.Connected, because);
    }

    [Fact]
    public void A_flood_of_invented_names_does_not_keep_a_real_one_out()
    {
        using var world = new EngineWorld(7) { KeysOf = LimitTests.Cheap };
        var bob = world.Run("bob", node => node.AcceptAny = true);
        var from = new TransportAddress(System.Net.IPAddress.Parse("10.0.0.77"), 9);
        for (var i = 0; i < 1_000; i++)
        {
            world.Lan.Inject(world.Now, from, bob.Address, Offer(new Random(i), $"invented{i}"));
            world.Run(TimeSpan.FromMilliseconds(10));
        }

        bob.Engine.Load.BareNames.ShouldBeLessThanOrEqualTo(64);
        world.Effects.Count.ShouldBeLessThan(80);
        var alice = world.Run("alice");
        alice.Join("bob");
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(40), "alice gets through");
    }

    private static void IsBounded(SimulatedNode node)
    {
        var load = node.Engine.Load;
        load.Links.ShouldBeLessThanOrEqualTo(LinkSet.MaxLinks);
        load.Offers.ShouldBeLessThanOrEqualTo(8);
        load.Requests.ShouldBeLessThanOrEqualTo(16);
        load.Parked.ShouldBeLessThanOrEqualTo(8);
        load.BareNames.ShouldBeLessThanOrEqualTo(64);
        load.Neighbours.ShouldBeLessThanOrEqualTo(256);
    }

    private static void Throw(
        EngineWorld world,
        Random random,
        SimulatedNode alice,
        SimulatedNode bob,
        HashSet<string> ufrags,
        List<byte[]> overheard
    )
    {
        var (victim, friend) = random.Next(2) == 0 ? (alice, bob) : (bob, alice);
        var from =
            random.Next(3) == 0
                ? friend.Address
                : new TransportAddress(
                    new System.Net.IPAddress([10, 0, 0, (byte)random.Next(50, 250)]),
                    random.Next(1, 65536)
                );
        var payload = random.Next(7) switch
        {
            0 => Bytes(random, random.Next(0, 1500)),
            1 => Offer(random, $"name{random.Next(10_000)}"),
            2 => [0xD7, (byte)'P', (byte)'C', (byte)'S', 1, .. Bytes(random, random.Next(0, 1400))],
            3 => Stun(random, ufrags),
            4 => Mutate(random, overheard),
            5 => [(byte)random.Next(20, 26), 0xFE, 0xFD, 0, (byte)random.Next(2), .. Bytes(random, 200)],
            _ => Mutate(random, overheard),
        };
        if (random.Next(7) == 0)
        {
            var dns = random.Next(2) == 0 ? payload : Mutate(random, overheard);
            world.Lan.Inject(world.Now, from.WithPort(5353), victim.Address.WithPort(5353), dns);
        }
        else
        {
            world.Lan.Inject(world.Now, from, victim.Address, payload);
        }
    }

    private static byte[] Offer(Random random, string name) =>
        new SignalDatagram(
            random.Next(4) == 0 ? SignalKind.Answer : SignalKind.Offer,
            Bytes(random, SignalDatagram.TagSize),
            null,
            Bytes(random, random.Next(2) == 0 ? SealedSignal.SmallSize : random.Next(1, 2200))
        )
            is { Kind: SignalKind.Offer } offer
            ? (offer with { DiallerName = name }).ToArray()
            : new SignalDatagram(SignalKind.Offer, Bytes(random, 20), name, Bytes(random, 1104)).ToArray();

    /// <summary>A binding request with the right receiver and a wrong seal.</summary>
    private static byte[] Stun(Random random, HashSet<string> ufrags)
    {
        var user = Encoding.UTF8.GetBytes(
            $"{ufrags.ElementAtOrDefault(random.Next(Math.Max(1, ufrags.Count)))}:abcd"
        );
        var padded = (user.Length + 3) / 4 * 4;
        byte[] body =
        [
            0,
            6,
            0,
            (byte)user.Length,
            .. user,
            .. new byte[padded - user.Length],
            0,
            8,
            0,
            20,
            .. Bytes(random, 20),
        ];
        return [0, 1, 0, (byte)body.Length, 0x21, 0x12, 0xA4, 0x42, .. Bytes(random, 12), .. body];
    }

    private static byte[] Mutate(Random random, List<byte[]> overheard)
    {
        if (overheard.Count == 0)
        {
            return [];
        }

        byte[] copy = [.. overheard[random.Next(overheard.Count)]];
        for (var i = random.Next(4); i > 0 && copy.Length > 0; i--)
        {
            copy[random.Next(copy.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? copy[..random.Next(copy.Length)] : copy;
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
