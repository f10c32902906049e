using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>Private rooms between simulated peers: crypto.md sections 4 and 5 as members see them.</summary>
public sealed class PrivateRoomTests
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(8);

    [Fact]
    public void Who_was_admitted_reads_what_is_written_and_is_read()
    {
        var room = new PrivateRoom(1, HistoryPolicy.None, "alice", "bob");
        room.Admit("alice", "bob");
        room.Post("alice", "hello bob");
        room.Post("bob", "hello alice");

        room.TextsOf("alice").ShouldBe(["hello bob", "hello alice"]);
        room.TextsOf("bob").ShouldBe(["hello bob", "hello alice"]);
        room["bob"].Room.Info.Title.ShouldBe("crew");
        room["alice"].Room.Members.Count.ShouldBe(2);
    }

    [Fact]
    public void A_newcomer_under_the_policy_none_reads_nothing_from_before_its_admission()
    {
        var room = new PrivateRoom(2, HistoryPolicy.None, "alice", "bob", "carol");
        room.Admit("alice", "bob");
        room.Post("alice", "before");
        room.Admit("alice", "carol");
        room.Post("bob", "after");

        room.Readable("carol").ShouldBe(["after"]);
        room.Readable("bob").ShouldBe(["before", "after"]);
    }

    [Fact]
    public void A_newcomer_under_the_policy_all_reads_everything()
    {
        var room = new PrivateRoom(3, HistoryPolicy.All, "alice", "bob", "carol");
        room.Admit("alice", "bob");
        room.Post("alice", "one");
        room.Post("bob", "two");
        room.Admit("bob", "carol", MemberRole.Member, inviter: true);
        room.Post("carol", "three");

        room.Readable("carol").ShouldBe(["one", "two", "three"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void A_newcomer_under_the_policy_last_reads_exactly_that_many(int count)
    {
        var room = new PrivateRoom(4, HistoryPolicy.Last(count), "alice", "bob", "carol");
        room.Admit("alice", "bob");
        for (var i = 0; i < 10; i++)
        {
            room.Post(i % 2 == 0 ? "alice" : "bob", $"m{i}");
        }

        room.Admit("alice", "carol");
        room.Post("bob", "after");

        var expected = Enumerable.Range(0, 10).Select(i => $"m{i}").TakeLast(count).Append("after");
        room.Readable("carol").ShouldBe(expected);
        room["carol"].Open(room.Mesh.Wall);
        room.Readable("carol").ShouldBe(expected);
    }

    [Fact]
    public void A_newcomer_under_the_policy_since_reads_from_that_date_on()
    {
        var room = new PrivateRoom(5, HistoryPolicy.None, "alice", "bob");
        room.Post("alice", "old");
        room.Mesh.Run(TimeSpan.FromHours(2));
        var since = (ulong)room.Mesh.Wall.UnixMilliseconds;
        room.Post("alice", "new");
        room["alice"].Room.SetPolicy(new HistoryPolicy(HistoryMode.Since, since), room.Mesh.Wall);
        room["alice"].Commit();
        room.Admit("alice", "bob");

        room.Readable("bob").ShouldBe(["new"]);
    }

    [Fact]
    public void A_removed_member_reads_nothing_written_after_the_removal_became_known()
    {
        var room = new PrivateRoom(6, HistoryPolicy.All, "alice", "bob", "carol");
        room.Admit("alice", "bob");
        room.Admit("alice", "carol");
        room.Post("alice", "to all");
        room.Remove("alice", "carol");
        room.Post("alice", "without carol");
        room.Post("bob", "nor from bob");

        room.TextsOf("bob").ShouldBe(["to all", "without carol", "nor from bob"]);
        room.Readable("carol").ShouldBe(["to all"]);
        room["carol"].Room.IsRemoved.ShouldBeTrue();
        room["carol"].Room.CanWrite.ShouldBeFalse();
        room["carol"].Events.ShouldContain(e => e is RoomEvent.Removed);

        // Even when somebody hands it the ciphertext: no secret of hers opens it.
        foreach (var entry in room["alice"].Store.ReadLatest(room.Id, 100, null))
        {
            if (room["carol"].Room.Find(entry.Id) is null && room["carol"].Store.Find(entry.Id) is null)
            {
                room["carol"].Store.Append(entry);
            }
        }

        room.Readable("carol").ShouldBe(["to all"]);
    }

    [Fact]
    public void The_rendezvous_secret_is_fresh_after_a_removal()
    {
        var room = new PrivateRoom(7, HistoryPolicy.All, "alice", "bob", "carol");
        room.Admit("alice", "bob");
        room.Admit("alice", "carol");
        room.Post("alice", "x");
        var before = room["carol"].Room.Rendezvous(1)[0].ToArray();
        room.Remove("alice", "carol");

        room["alice"].Room.Rendezvous(1)[0].ToArray().ShouldNotBe(before);
        room["bob"].Room.Rendezvous(1)[0].ToArray().ShouldBe(room["alice"].Room.Rendezvous(1)[0].ToArray());
        room["carol"].Room.Rendezvous(1)[0].ToArray().ShouldBe(before);
    }

    [Fact]
    public void What_a_removed_member_wrote_after_its_last_counted_entry_is_hidden()
    {
        var room = new PrivateRoom(8, HistoryPolicy.All, "alice", "bob", "carol");
        room.Admit("alice", "bob");
        room.Admit("alice", "carol");
        room.Post("carol", "counts");
        room.Mesh.Disconnect(room["alice"], room["carol"]);
        room.Mesh.Disconnect(room["bob"], room["carol"]);
        room.Remove("alice", "carol");
        room.Post("carol", "too late");
        room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);

        room.TextsOf("bob").ShouldBe(["counts"]);
        room["carol"].Room.IsRemoved.ShouldBeTrue();
    }

    [Fact]
    public void A_member_who_was_away_learns_of_the_removal_before_anything_else()
    {
        var room = new PrivateRoom(9, HistoryPolicy.All, "alice", "bob", "carol");
        room.Admit("alice", "bob");
        room.Admit("alice", "carol");
        room.Post("alice", "x");
        room.Mesh.Disconnect(room["alice"], room["bob"]);
        room.Mesh.Disconnect(room["carol"], room["bob"]);
        room.Remove("alice", "carol");
        room.Mesh.Connect(room["alice"], room["bob"]);
        room.Mesh.Run(Calm);
        room.Post("bob", "only for alice");

        room.TextsOf("alice").ShouldBe(["x", "only for alice"]);
        room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);
        room.Readable("carol").ShouldBe(["x"]);
    }

    [Fact]
    public void A_promoted_member_admits_and_removes_and_a_demoted_one_does_neither()
    {
        var room = new PrivateRoom(10, HistoryPolicy.All, "alice", "bob", "carol");
        room.Admit("alice", "bob");
        room["bob"]
            .Room.Admit(room["carol"].Room.OwnProfile.Span, MemberRole.Member, room.Mesh.Wall)
            .ShouldBeNull();
        room["alice"].Room.Promote(room["bob"].Room.OwnAuthor, room.Mesh.Wall);
        room.Settle();
        room["bob"].Room.OwnRole.ShouldBe(MemberRole.Admin);
        room.Admit("bob", "carol");
        room["bob"].Room.IsOver(room["carol"].Room.OwnAuthor).ShouldBeTrue();
        room["bob"].Room.IsOver(room["alice"].Room.OwnAuthor).ShouldBeFalse();

        room["alice"].Room.Demote(room["bob"].Room.OwnAuthor, room.Mesh.Wall);
        room.Settle();
        room["bob"].Room.OwnRole.ShouldBe(MemberRole.Member);
        room["bob"].Room.IsOver(room["carol"].Room.OwnAuthor).ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() =>
            room["bob"].Room.Remove(room["carol"].Room.OwnAuthor, room.Mesh.Wall)
        );
    }

    [Fact]
    public void The_topic_of_an_admin_reaches_everybody_and_a_members_does_not_count()
    {
        var room = new PrivateRoom(11, HistoryPolicy.All, "alice", "bob");
        room.Admit("alice", "bob");
        room["alice"].Room.SetInfo("crew", "landing at six", room.Mesh.Wall);
        room.Settle();

        room["bob"].Room.Info.Topic.ShouldBe("landing at six");
        Should.Throw<InvalidOperationException>(() => room["bob"].Room.SetInfo("mine", "", room.Mesh.Wall));
        room.TextsOf("bob").ShouldBeEmpty();
    }

    [Fact]
    public void Who_left_is_no_member_and_the_others_write_on_without_it()
    {
        var room = new PrivateRoom(12, HistoryPolicy.All, "alice", "bob");
        room.Admit("alice", "bob");
        room.Post("bob", "bye");
        room["bob"].Room.Leave(room.Mesh.Wall);
        room.Settle();
        room.Post("alice", "alone");

        room["alice"].Room.Members.Select(m => m.Name.ToString()).ShouldBe(["alice"]);
        room.Readable("bob").ShouldBe(["bye"]);
    }

    [Fact]
    public void A_profile_brought_back_from_a_copy_is_readmitted_and_its_messages_are_written_again()
    {
        var room = new PrivateRoom(13, HistoryPolicy.All, "alice", "bob");
        room.Admit("alice", "bob");
        room.Post("bob", "one");
        var copy = room["bob"].Store.Copy();
        room.Post("bob", "two");
        room.Mesh.Disconnect(room["alice"], room["bob"]);
        room["bob"].Store = copy;
        room["bob"].Open(room.Mesh.Wall);
        room["bob"].Room.Post("three", room.Mesh.Wall);
        room["bob"].Commit();
        room.Mesh.Connect(room["alice"], room["bob"]);
        room.Mesh.Run(Calm);
        room.Mesh.Run(Calm);

        room.Readable("alice").ShouldContain("three");
        room["bob"].Room.CanWrite.ShouldBeTrue();
        room["alice"].Room.Members.Select(m => m.Person.PeerId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void A_room_is_the_same_after_a_restart_of_everybody()
    {
        var room = new PrivateRoom(14, HistoryPolicy.Last(5), "alice", "bob", "carol");
        room.Admit("alice", "bob");
        room.Post("alice", "one");
        room.Admit("alice", "carol");
        room.Post("carol", "two");
        foreach (var name in new[] { "alice", "bob", "carol" })
        {
            var (texts, info) = (room.Readable(name), room[name].Room.Info);
            room.Mesh.Crash(room[name]);
            room.Readable(name).ShouldBe(texts);
            room[name].Room.Info.ShouldBe(info);
            room[name].Room.Members.Count.ShouldBe(3);
        }
    }

    [Fact]
    public void An_invented_author_with_a_join_that_nobody_admitted_is_not_kept()
    {
        var room = new PrivateRoom(15, HistoryPolicy.All, "alice", "bob");
        room["bob"].Room.OwnRole.ShouldBeNull();
        room["bob"].Room.CanWrite.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => room["bob"].Room.Post("let me in", room.Mesh.Wall));
        room.Mesh.Connect(room["alice"], room["bob"]);
        room.Mesh.Run(Calm);
        room["alice"].Room.Members.Count.ShouldBe(1);
    }
}
