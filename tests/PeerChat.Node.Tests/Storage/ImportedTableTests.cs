using PeerChat.Node.Storage;
using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Storage;

public sealed class ImportedTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ProfileStore _store;

    public ImportedTableTests() => _store = _folder.OpenOwner();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Nothing_of_an_imported_message_but_its_time_stands_in_the_file()
    {
        _store.Imported.Add("#a-readable-chat", Text("a-readable-id", 1) with { Text = "a-readable-text" });
        _store.Commit();
        _store.TruncateLog();
        var file = File.ReadAllBytes(_store.Folder.DatabasePath);

        foreach (
            var secret in new[]
            {
                "a-readable-chat"u8.ToArray(),
                "a-readable-id"u8.ToArray(),
                "a-readable-text"u8.ToArray(),
            }
        )
        {
            file.AsSpan().IndexOf(secret).ShouldBe(-1);
        }
    }

    [Fact]
    public void One_id_is_kept_once_in_each_chat()
    {
        _store.Imported.IsUsed.ShouldBeFalse();
        _store.Imported.Add("#dev", Text("one", 1)).ShouldBeTrue();
        _store.Imported.Add("#dev", Text("one", 2)).ShouldBeFalse();
        _store.Imported.Add("#ops", Text("one", 1)).ShouldBeTrue();
        _store.Imported.IsUsed.ShouldBeTrue();
        _store.Imported.Count("#dev").ShouldBe(1);
    }

    [Fact]
    public void Messages_of_one_time_are_read_each_once_in_both_directions()
    {
        for (var i = 0; i < 10; i++)
        {
            _store.Imported.Add("#dev", Text($"{i}", 5));
        }

        Read(before => _store.Imported.ReadLatest("#dev", 3, before))
            .ShouldBe(Enumerable.Range(0, 10).Reverse().Select(i => $"{i}"));
        Read(after => _store.Imported.ReadOldest("#dev", 3, after))
            .ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
    }

    [Fact]
    public void A_number_means_a_message_in_its_own_chat_alone_and_never_another_one()
    {
        _store.Imported.Add("#dev", Text("one", 1));
        var number = _store.Imported.NumbersOf("#dev", "one").ShouldHaveSingleItem();
        _store.Imported.Find("#ops", number).ShouldBeNull();
        _store.Imported.Remove("#ops", number).ShouldBeFalse();
        _store.Imported.Remove("#dev", number).ShouldBeTrue();
        _store.Imported.Add("#dev", Text("one", 1));
        _store.Imported.NumbersOf("#dev", "one").ShouldHaveSingleItem().ShouldBeGreaterThan(number);
    }

    private static ImportedText Text(string id, long sent) =>
        new(0, id, "bob", "text of " + id, new WallTime(sent));

    private static List<string> Read(Func<(WallTime Sent, long Number)?, IReadOnlyList<ImportedText>> read)
    {
        var ids = new List<string>();
        (WallTime, long)? place = null;
        while (read(place) is { Count: > 0 } page)
        {
            ids.AddRange(page.Select(text => text.MessageId));
            place = (page[^1].Sent, page[^1].Number);
        }

        return ids;
    }
}
