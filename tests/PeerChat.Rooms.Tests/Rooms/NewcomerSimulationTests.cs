using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>
/// A private room that grows while links come and go and everybody writes, from a seed. The model is the clock: in the end a member reads all that
/// was written after its admission, whoever had heard of it, and of what its admitter knew of before as much as the policy says.
/// </summary>
public sealed class NewcomerSimulationTests
{
    private const int Steps = 40;
    private static readonly string[] Names = ["ann", "ben", "cat", "dan", "eve", "fay"];

    /// <summary>30 in the normal run; <c>PEERCHAT_SEEDS=10000</c> for all of a long one.</summary>
    public static TheoryData<int> Seeds => [.. SimulationSeeds.Of(30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_member_reads_what_was_written_after_its_admission_and_as_much_of_before_as_the_policy_says(
        int seed
    )
    {
        var random = new Random(seed);
        HistoryPolicy[] policies = [HistoryPolicy.None, HistoryPolicy.Last(2), HistoryPolicy.All];
        var policy = policies[random.Next(policies.Length)];
        var room = new PrivateRoom(seed, policy, Names);
        var mesh = room.Mesh;
        mesh.MaxDelay = TimeSpan.FromMilliseconds(random.Next(5, 300));
        mesh.CrashRate = random.Next(2) * 0.003;
        var members = new List<SimulatedPeer> { room[Names[0]] };
        var known = new Dictionary<SimulatedPeer, string[]>();
        var posted = new List<string>();
        for (var step = 0; step < Steps; step++)
        {
            var one = members[random.Next(members.Count)];
            var other = members[random.Next(members.Count)];
            if (one != other && !mesh.AreConnected(one, other))
            {
                mesh.Connect(one, other);
            }
            else if (one != other && random.Next(3) == 0)
            {
                mesh.Disconnect(one, other);
            }

            if (members.Count < Names.Length && random.Next(6) == 0)
            {
                var newcomer = room[Names[members.Count]];
                known[newcomer] = Admit(room, members[random.Next(members.Count)], newcomer);
                members.Add(newcomer);
            }

            var writer = members[random.Next(members.Count)];
            if (writer.Room.CanWrite && mesh.Post(writer, $"{step} {writer.Name}") is not null)
            {
                posted.Add($"{step} {writer.Name}");
            }

            mesh.Run(TimeSpan.FromMilliseconds(random.Next(0, 2000)));
        }

        mesh.CrashRate = 0;
        foreach (var (i, one) in members.Index())
        {
            foreach (var other in members.Take(i).Where(other => !mesh.AreConnected(one, other)))
            {
                mesh.Connect(one, other);
            }
        }

        mesh.Run(TimeSpan.FromSeconds(60));
        var all = room[Names[0]].Messages;
        all.Select(m => m.Text).Order().ShouldBe(posted.Order(), $"seed {seed}");
        foreach (var member in members)
        {
            var about = $"seed {seed}: {member.Name}, {policy}";
            var admitted = AdmissionOf(room, member);
            var after = all.Where(m => m.Position.OrderClock >= admitted).Select(m => m.Text).ToList();
            member.Messages.ShouldAllBe(m => m.Content == RoomMessageContent.Text, about);
            var texts = member.Messages.Select(m => m.Text).ToList();
            texts.TakeLast(after.Count).ShouldBe(after, about);
            // What its admitter had not got yet may share a generation with what is for it.
            var before = all.Select(m => m.Text).Except(after).ToList();
            var most = policy.Mode switch
            {
                HistoryMode.All => before.Count,
                HistoryMode.Last => 2,
                _ => 0,
            };
            texts
                .Except(after)
                .Intersect(known.GetValueOrDefault(member, []))
                .Count()
                .ShouldBeLessThanOrEqualTo(most, about);
            if (policy.Mode == HistoryMode.All)
            {
                texts.Count.ShouldBe(all.Count, about);
            }

            member
                .Events.OfType<RoomEvent.MessageAdded>()
                .GroupBy(added => added.Message.Id)
                .ShouldAllBe(told => told.Count() == 1, about);
        }
    }

    // Gives what the admitter knew of.
    private static string[] Admit(PrivateRoom room, SimulatedPeer by, SimulatedPeer newcomer)
    {
        var crashRate = room.Mesh.CrashRate;
        room.Mesh.CrashRate = 0; // a host hands nothing over that it has not kept
        var welcome = by.Room.Admit(newcomer.Room.OwnProfile.Span, MemberRole.Inviter, room.Mesh.Wall);
        if (welcome is null)
        {
            // Its own admission has not come to it yet
            by = room[Names[0]];
            welcome = by.Room.Admit(newcomer.Room.OwnProfile.Span, MemberRole.Inviter, room.Mesh.Wall);
        }

        var knew = by.Texts;
        room.Mesh.Settle(by);
        newcomer.Room.TakeWelcome(welcome.ShouldNotBeNull(), room.Mesh.Wall).ShouldBeTrue();
        room.Mesh.Settle(newcomer);
        room.Mesh.Connect(by, newcomer);
        room.Mesh.CrashRate = crashRate;
        return knew;
    }

    private static ulong AdmissionOf(PrivateRoom room, SimulatedPeer member) =>
        room[Names[0]]
            .Store.ReadControl(room.Id)
            .Select(entry =>
                EntryHeader.TryParse(entry.Header.Span, out var header) ? ControlFact.Of(header) : null
            )
            .Where(fact => fact is { Kind: EntryKind.Add } && fact.Target == member.Room.OwnAuthor)
            .Select(fact => fact!.Clock)
            .DefaultIfEmpty(0UL)
            .Min();
}
