using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>What others make a peer keep is bounded, person by person; what is too much waits, and nobody is blamed.</summary>
public class QuotaTests
{
    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)8, 32)];
    private readonly SimulatedPeer _alice = SimulatedPeer.Open("alice", 1);
    private readonly SimulatedMesh _mesh;
    private readonly TestAuthor _mallory;
    private readonly TestAuthor _carol;

    public QuotaTests()
    {
        _mesh = new SimulatedMesh(1, _alice);
        _mesh.OpenAll();
        _mallory = Introduce("mallory", 66, 1);
        _carol = Introduce("carol", 77, 2);
    }

    private IEnumerable<QuotaKind> Reached =>
        _alice.Events.OfType<RoomEvent.QuotaReached>().Select(one => one.Kind);

    [Fact]
    public void One_person_fills_half_of_a_room_and_others_are_heard_all_the_same()
    {
        var one = SizeOf(_mallory.Content(_alice.Room.Id.Value, Secret, "0"));
        _alice.Room.Quota = new RoomQuota { RoomBytes = 10L * one };
        Send(1, _mallory.Log[^1]);
        for (var i = 1; i < 8; i++)
        {
            Send(1, _mallory.Content(_alice.Room.Id.Value, Secret, $"{i}"));
        }

        _alice.Texts.ShouldBe(["0", "1", "2", "3", "4"]); // the half, to the byte
        Reached.ShouldBe([QuotaKind.PersonBytes]); // told once
        _alice.Events.OfType<RoomEvent.PeerMisbehaved>().ShouldBeEmpty();
        Send(2, _carol.Content(_alice.Room.Id.Value, Secret, "carol"));
        _alice.Room.Post("alice", _mesh.Wall);
        _mesh.Settle(_alice);
        _alice.Texts.Length.ShouldBe(7);
        _alice.Texts.ShouldContain("carol");
        _alice.Texts.ShouldContain("alice");
    }

    [Fact]
    public void A_person_is_all_of_its_authors()
    {
        var one = SizeOf(_mallory.Content(_alice.Room.Id.Value, Secret, "0"));
        _alice.Room.Quota = new RoomQuota { RoomBytes = 4L * one };
        Send(1, _mallory.Log[^1]);
        var second = Introduce("mallory", 66, 1, 68);
        Send(1, second.Content(_alice.Room.Id.Value, Secret, "1"));
        Send(1, second.Content(_alice.Room.Id.Value, Secret, "2"));
        _alice.Texts.ShouldBe(["0", "1"]);
        Reached.ShouldBe([QuotaKind.PersonBytes]);
    }

    [Fact]
    public void All_together_fill_the_room()
    {
        var one = SizeOf(_mallory.Content(_alice.Room.Id.Value, Secret, "m"));
        _alice.Room.Quota = new RoomQuota { RoomBytes = (2L * one) + 1 };
        Send(1, _mallory.Log[^1]);
        Send(2, _carol.Content(_alice.Room.Id.Value, Secret, "c"));
        var dave = Introduce("dave", 88, 3);
        Send(3, dave.Content(_alice.Room.Id.Value, Secret, "d"));
        _alice.Texts.ShouldBe(["m", "c"], ignoreOrder: true);
        Reached.ShouldBe([QuotaKind.RoomBytes]);
    }

    [Fact]
    public void A_person_has_a_number_of_entries()
    {
        _alice.Room.Quota = new RoomQuota { PersonEntries = 3 }; // the join is one
        for (var i = 0; i < 4; i++)
        {
            Send(1, _mallory.Content(_alice.Room.Id.Value, Secret, $"{i}"));
        }

        _alice.Texts.ShouldBe(["0", "1"]);
        Reached.ShouldBe([QuotaKind.PersonEntries]);
    }

    [Fact]
    public void Who_writes_too_fast_is_taken_in_at_a_hundred_a_second()
    {
        _mallory.Clock = HybridClock.FromWall(_mesh.Wall);
        _alice.Room.Quota = new RoomQuota { PersonBurst = 5 };
        var entries = Enumerable
            .Range(0, 8)
            .Select(i => _mallory.Content(_alice.Room.Id.Value, Secret, $"{i}"))
            .ToArray();
        Send(1, entries);
        _alice.Texts.ShouldBe(["0", "1", "2", "3", "4"]);
        Reached.ShouldBe([QuotaKind.PersonRate]);
        _alice.Room.NextDeadline.ShouldNotBeNull();

        _mesh.Run(TimeSpan.FromSeconds(1.0 / RoomQuota.PersonRate));
        Send(1, entries[5..]);
        _alice.Texts.ShouldBe(["0", "1", "2", "3", "4", "5"]);
        _mesh.Run(TimeSpan.FromSeconds(1));
        Send(1, entries[6..]);
        _alice.Texts.Length.ShouldBe(8);
    }

    [Fact]
    public void History_has_no_rate()
    {
        var day = HybridClock.FromWall(_mesh.Wall + -RoomQuota.HistoryAge);
        _mallory.Clock = Math.Min(_mallory.Clock, day) - 100;
        var fresh = new TestAuthor(_mallory.Identity, _alice.Room.Id, 99) { Clock = day - 100 };
        fresh.Join();
        _mesh.Inject(_alice, 1, fresh.ProfileFrame(DisplayName.Of("mallory")));
        Send(1, fresh.Log[0]);
        _alice.Room.Quota = new RoomQuota { PersonBurst = 5 };
        Send(
            1,
            [.. Enumerable.Range(0, 50).Select(i => fresh.Content(_alice.Room.Id.Value, Secret, $"{i}"))]
        );
        _alice.Texts.Length.ShouldBe(50);
        Reached.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_counted_is_known_after_a_restart()
    {
        var one = SizeOf(_mallory.Content(_alice.Room.Id.Value, Secret, "0"));
        Send(1, _mallory.Log[^1]);
        Send(1, _mallory.Content(_alice.Room.Id.Value, Secret, "1"));
        _mesh.Crash(_alice);
        _alice.Room.Quota = new RoomQuota { RoomBytes = 5L * one };
        _alice.Room.AddLink(9, _mallory.Identity.PeerId, _mesh.Now, _mesh.Wall);
        Send(9, _mallory.Content(_alice.Room.Id.Value, Secret, "2"));
        _alice.Texts.ShouldBe(["0", "1"]);
        Reached.ShouldBe([QuotaKind.PersonBytes]);
    }

    [Fact]
    public void What_is_purged_makes_room()
    {
        // headers stay, so that what was purged is known when it comes again; the payloads are most of it
        string[] texts = [.. "012".Select(digit => new string(digit, 1000))];
        var one = SizeOf(_mallory.Content(_alice.Room.Id.Value, Secret, texts[0]));
        _alice.Room.Quota = new RoomQuota { RoomBytes = 4L * one };
        Send(1, _mallory.Log[^1]);
        Send(1, _mallory.Content(_alice.Room.Id.Value, Secret, texts[1]));
        var late = _mallory.Content(_alice.Room.Id.Value, Secret, texts[2]);
        Send(1, late);
        _alice.Texts.ShouldBe(texts[..2]);
        _alice.Room.Purge(_mallory.Identity.PeerId);
        _mesh.Run(RoomQuota.FullPause);
        Send(1, late);
        _alice.Texts.ShouldBe([texts[2]]);
    }

    [Fact]
    public void Who_cites_what_is_too_much_is_heard_after_a_while()
    {
        var one = SizeOf(_mallory.Content(_alice.Room.Id.Value, Secret, "0"));
        _alice.Room.Quota = new RoomQuota { RoomBytes = 2L * one };
        Send(1, _mallory.Log[^1]);
        var tooMuch = _mallory.Content(_alice.Room.Id.Value, Secret, "1");
        Send(1, tooMuch);
        _alice.Room.Quota = new RoomQuota { RoomBytes = 4L * one, PersonEntries = 2 };
        _carol.Clock = _mallory.Clock + 1;
        var answer = _carol.Append(
            EntryKind.Content,
            [],
            _alice.Room.Id.Value,
            prefix =>
                PeerChat.Rooms.Messages.ContentSealing.Seal(
                    _carol.Entropy,
                    Secret,
                    prefix,
                    new PeerChat.Rooms.Messages.MessageBody.Plain("answer").Write()
                ),
            tooMuch.Header.Id
        );
        Send(2, answer);
        _alice.Texts.ShouldBe(["0"]);
        _mesh.Run(HoldingArea.ForkPatience + TimeSpan.FromMilliseconds(1));
        _alice.Texts.ShouldBe(["0", "answer"]);
    }

    [Fact]
    public void The_limits_are_what_the_protocol_says()
    {
        var quota = new RoomQuota();
        quota.RoomBytes.ShouldBe(8L << 30);
        quota.PersonBytes.ShouldBe(4L << 30);
        quota.PersonEntries.ShouldBe(4_000_000);
        quota.PersonBurst.ShouldBe(131_072);
        RoomQuota.PersonRate.ShouldBe(100);
    }

    private TestAuthor Introduce(string name, int seed, int link, int? authorSeed = null)
    {
        var identity = OwnIdentity.Create(new SeededKeySource(seed));
        var author = new TestAuthor(identity, _alice.Room.Id, authorSeed ?? seed + 1);
        if (authorSeed is null)
        {
            _alice.Room.AddLink(link, identity.PeerId, _mesh.Now, _mesh.Wall);
        }

        author.Join();
        _mesh.Inject(_alice, link, author.ProfileFrame(DisplayName.Of(name)));
        Send(link, author.Log[0]);
        return author;
    }

    private void Send(int link, params ReceivedEntry[] entries) =>
        _mesh.Inject(_alice, link, TestAuthor.RangeFrame(entries));

    private static int SizeOf(ReceivedEntry entry) => entry.Header.Bytes.Length + entry.Payload.Length;
}
