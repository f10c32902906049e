using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;
using static PeerChat.Node.Tests.Storage.Samples;

namespace PeerChat.Node.Tests.Storage;

/// <summary>What the second schema added: references, answers, arrivals.</summary>
public sealed class FaceTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ProfileStore _store;

    public FaceTableTests() => _store = _folder.OpenOwner();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_reference_leads_to_its_text_wherever_that_goes()
    {
        var entry = new SentText.Entry(new EntryId(Id("entry")));
        _store.References.Add("one", new SentText.Waiting(7));
        _store.References.Add("two", new SentText.Waiting(8));
        _store.References.Add("three", entry);
        _store.References.Follow(7, entry);
        _store.References.Follow(8, new SentText.Discarded());
        _store.References.Follow(9, entry); // no reference: nothing to do
        Reopen();

        _store.References.Find("one").ShouldBe(entry);
        _store.References.Find("two").ShouldBe(new SentText.Discarded());
        _store.References.Find("three").ShouldBe(entry);
        _store.References.Find("four").ShouldBeNull();
    }

    [Fact]
    public void The_newest_100000_references_are_kept()
    {
        ReferenceTable.MaxReferences.ShouldBe(100_000);
        var table = new ReferenceTable(_store.Database, _store.References.Seal, max: 3);
        for (var i = 1; i <= 5; i++)
        {
            table.Add($"{i}", new SentText.Waiting(i));
        }

        Enumerable.Range(1, 5).Where(i => table.Find($"{i}") is not null).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public void Neither_references_nor_who_asked_stand_in_the_file()
    {
        _store.References.Add("a-readable-reference", new SentText.Waiting(1));
        _store.Answers.Write(Answer(1) with { Name = "a-readable-name" });
        _store.Commit();
        _store.TruncateLog();
        var file = File.ReadAllBytes(_store.Folder.DatabasePath);

        file.AsSpan().IndexOf("a-readable-reference"u8).ShouldBe(-1);
        file.AsSpan().IndexOf("a-readable-name"u8).ShouldBe(-1);
        file.AsSpan().IndexOf(Answer(1).PeerId.Value.ToArray()).ShouldBe(-1);
    }

    [Fact]
    public void One_answer_for_each_identity_and_the_newest_200_are_kept()
    {
        AnswerTable.MaxAnswers.ShouldBe(200);
        for (var i = 0; i < 202; i++)
        {
            _store.Answers.Write(Answer(i));
        }

        _store.Answers.Write(Answer(10) with { Accepted = true });
        _store.Answers.Remove(Answer(11).PeerId);
        Reopen();

        var kept = _store.Answers.ReadAll();
        kept.Count.ShouldBe(199);
        kept[0].ShouldBe(Answer(2));
        kept[^1].ShouldBe(Answer(10) with { Accepted = true });
        kept.Select(one => one.PeerId).ShouldBeUnique();
    }

    [Fact]
    public void Arrivals_rise_over_all_rooms_and_a_known_entry_keeps_its_own()
    {
        var first = _store.Rooms.Append(Entry(Room("a"), "alice", 1));
        var second = _store.Rooms.Append(Entry(Room("b"), "alice", 1));
        var again = _store.Rooms.Append(Entry(Room("a"), "alice", 1));
        Reopen();
        var third = _store.Rooms.Append(Entry(Room("a"), "alice", 2));

        second.ShouldBeGreaterThan(first);
        third.ShouldBeGreaterThan(second);
        again.ShouldBe(first);
        _store.Rooms.Find(Entry(Room("b"), "alice", 1).Id)!.Arrival.ShouldBe(second);
        _store.Entries.LastArrival.ShouldBe(third);
        _store
            .Entries.ReadArrivals(first, third, 10)
            .Select(entry => entry.Arrival)
            .ShouldBe([second, third]);
        _store.Entries.ReadArrivals(0, second, 10).Select(entry => entry.Arrival).ShouldBe([first, second]);
        _store.Entries.ReadArrivals(0, third, 2).Count.ShouldBe(2);
        _store.Entries.ReadRoomsAfter(second, third).ShouldBe([Room("a")]);
    }

    [Fact]
    public void A_profile_of_the_first_schema_is_brought_up_to_date_with_all_it_holds()
    {
        var entry = Entry(Room(), "alice", 1);
        var arrival = _store.Rooms.Append(entry);
        _store.Commit();
        _store.Database.Run("DROP TABLE send_references");
        _store.Database.Run("DROP TABLE answers");
        _store.Database.Run("DROP TABLE private_rooms");
        _store.Database.Run("DROP TABLE invitations");
        _store.Database.Run("DROP INDEX entries_by_state");
        _store.Database.Run("DROP INDEX entries_by_arrival");
        _store.Database.Run("DROP TABLE entry_references");
        _store.Database.Run("DROP TABLE search_pages");
        _store.Database.Run("DROP TABLE chat_settings");
        _store.Database.Run("DROP TABLE files");
        _store.Database.Run("DROP TABLE imported");
        _store.Database.Run("DROP TABLE ahead");
        _store.Database.Run("ALTER TABLE entries DROP COLUMN payload_state");
        _store.Database.Run("PRAGMA user_version = 1");
        Reopen();

        _store.Rooms.Find(entry.Id)!.Arrival.ShouldBe(arrival);
        _store.References.Add("one", new SentText.Waiting(1));
        _store.Answers.Write(Answer(1));
        _store.Commit();
    }

    private static AnsweredRequest Answer(int number) =>
        new(
            new PeerId(Id($"peer {number}")),
            $"request-{number}",
            $"name {number}",
            false,
            new WallTime(number)
        );

    private void Reopen()
    {
        _store.Commit();
        _store.Dispose();
        _store = _folder.OpenOwner();
    }
}
