using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Storage;

public sealed class ProfileReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_room_whose_secrets_were_not_known_before_the_end_has_the_history_of_what_waits()
    {
        using (var store = _folder.OpenOwner())
        {
            store.Outbox.Add("#notes", "a first note", new WallTime(1_000));
            store.Commit();
        }

        using var reader = Open();
        reader.ReadRoom("notes", 10).Select(message => message.Text).ShouldBe(["a first note"]);
        Should
            .Throw<NodeStartException>(() => reader.ReadRoom("other", 10))
            .Message.ShouldContain("never joined");
    }

    private ProfileReader Open() =>
        ProfileReader.Open(new NodeOptions { User = "alice", ProfileDirectory = _folder.Profile.FullPath });
}
