using System.Globalization;
using PeerChat.Rooms.Identity;
using Shouldly;
using Xunit;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>
/// An open room with a member that means harm, from a seed. The model is what the honest wrote: each of them shows exactly that of the
/// honest, once and in one order, and the same of the other, whatever it did.
/// </summary>
public class MaliceTests
{
    private const int Steps = 25;
    private const int Flood = 40;

    /// <summary>100 in the normal run; <c>PEERCHAT_SEEDS=10000</c> for all of a long one, <c>PEERCHAT_FIRST_SEED</c> to go on behind a slice.</summary>
    public static TheoryData<int> Seeds => [.. SimulationSeeds.Of(100, 274)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_honest_agree_whatever_one_member_does(int seed)
    {
        var (alice, bob, carol, mallory) = (
            SimulatedPeer.Open("alice", seed),
            SimulatedPeer.Open("bob", seed + 1000),
            SimulatedPeer.Open("carol", seed + 2000),
            SimulatedPeer.Open("mallory", seed + 3000)
        );
        SimulatedPeer[] honest = [alice, bob, carol];
        var random = new Random(seed);
        var mesh = new SimulatedMesh(seed, [.. honest, mallory])
        {
            MaxDelay = TimeSpan.FromMilliseconds(random.Next(5, 400)),
            Window = random.Next(1, 4),
        };
        foreach (var peer in honest)
        {
            peer.Parts = SimulationSeeds.PartsOf(seed);
        }

        mesh.OpenAll();
        var harm = new Harm(mesh, mallory, random, (Malice)(seed % Enum.GetValues<Malice>().Length));
        mesh.Tamper = harm.Tamper;
        var posted = new List<string>();
        for (var step = 0; step < Steps; step++)
        {
            var (one, other) = (honest[random.Next(3)], honest[random.Next(3)]);
            if (one != other && !mesh.AreConnected(one, other))
            {
                mesh.Connect(one, other);
            }
            else if (one != other && random.Next(4) == 0)
            {
                mesh.Disconnect(one, other);
            }

            harm.Do(honest);
            posted.Add($"{one.Name} {step}");
            mesh.Post(one, posted[^1]);
            mesh.Run(TimeSpan.FromMilliseconds(random.Next(0, 1000)));
        }

        harm.End(honest);
        for (var i = 1; i < honest.Length; i++)
        {
            mesh.Disconnect(honest[i - 1], honest[i]);
            mesh.Connect(honest[i - 1], honest[i]);
        }

        mesh.Run(TimeSpan.FromSeconds(90));
        foreach (var peer in honest)
        {
            peer.Messages.Select(m => m.Id)
                .ShouldBe(alice.Messages.Select(m => m.Id), $"seed {seed} {peer.Name}");
            peer.Messages.Where(m => honest.Any(h => h.Id == m.From))
                .Select(m => m.Text)
                .Order(StringComparer.Ordinal)
                .ShouldBe(posted.Order(StringComparer.Ordinal), $"seed {seed} {peer.Name}");
            peer.Events.OfType<RoomEvent.PeerMisbehaved>()
                .ShouldAllBe(e => harm.Links.Contains(e.Link), $"seed {seed} {peer.Name}");
            peer.Events.OfType<RoomEvent.AuthorForked>()
                .ShouldAllBe(e => harm.Authors.Contains(e.Author), $"seed {seed} {peer.Name}");
        }
    }

    private enum Malice
    {
        Forger,
        Forker,
        Flooder,
        Withholder,
        Replayer,
    }

    private sealed class Harm(SimulatedMesh mesh, SimulatedPeer mallory, Random random, Malice malice)
    {
        private readonly List<RoomFrame> _heard = [];
        private MemoryRoomStore? _old;

        public HashSet<int> Links { get; } = [];

        public HashSet<AuthorId> Authors { get; } = [];

        public RoomFrame? Tamper(SimulatedPeer from, RoomFrame frame)
        {
            if (_heard.Count < 2000)
            {
                _heard.Add(frame);
            }

            if (from != mallory || random.Next(2) == 0)
            {
                return frame;
            }

            return malice switch
            {
                Malice.Forger => Forge(frame),
                Malice.Withholder when frame.IsBulk => null,
                Malice.Replayer => _heard[random.Next(_heard.Count)],
                _ => frame,
            };
        }

        public void Do(SimulatedPeer[] honest)
        {
            var victim = honest[random.Next(honest.Length)];
            if (!mesh.AreConnected(mallory, victim) || random.Next(3) == 0)
            {
                mesh.Disconnect(mallory, victim);
                Links.Add(mesh.Connect(mallory, victim));
            }

            Authors.Add(mallory.Room.OwnAuthor);
            if (malice == Malice.Forker)
            {
                if (random.Next(4) == 0 && _old is { } old)
                {
                    mesh.Crash(mallory);
                    mallory.Store = old.Copy();
                    mallory.Open(mesh.WallAt(mallory));
                }
                else
                {
                    _old ??= mallory.Store.Copy();
                }
            }
            else if (malice == Malice.Flooder && mesh.AreConnected(mallory, victim))
            {
                for (var i = 0; i < Flood; i++)
                {
                    mesh.Inject(victim, Links.Max(), Garbage());
                }
            }

            if (mallory.Room.CanWrite)
            {
                mesh.Post(mallory, $"harm {random.Next().ToString(CultureInfo.InvariantCulture)}");
            }
        }

        public void End(SimulatedPeer[] honest)
        {
            foreach (var peer in honest)
            {
                mesh.Disconnect(mallory, peer);
            }
        }

        private RoomFrame Forge(RoomFrame frame)
        {
            var bytes = frame.Bytes.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            return new RoomFrame(frame.IsBulk, bytes);
        }

        // Well-formed as frames, so that the link does not end with the first of them.
        private byte[] Garbage()
        {
            var author = mallory.Room.Members.ElementAt(random.Next(mallory.Room.Members.Count)).Author;
            var wants = new Wire.WantList();
            wants.Wants.Add(
                new Wire.Want
                {
                    Author = Google.Protobuf.ByteString.CopyFrom(author.Value.ToArray()),
                    FromSeq = 1 + (ulong)random.Next(100),
                    ToSeq = ulong.MaxValue - (ulong)random.Next(100),
                }
            );
            return Google.Protobuf.MessageExtensions.ToByteArray(
                random.Next(2) == 0
                    ? new Wire.Frame { Wants = wants }
                    : new Wire.Frame { Announced = new Wire.Announcements() }
            );
        }
    }
}
