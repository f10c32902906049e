using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>What is kept for a time only is gone afterwards: payloads, epoch secrets and old leaf keys together.</summary>
public class RoomRetentionTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public void Content_older_than_the_time_is_deleted_here_and_stays_elsewhere()
    {
        var (alice, bob, mesh) = Connected();
        var old = Say(mesh, alice, "old");
        var payload = alice.Store.Find(old)!.Payload.ToArray();
        mesh.Run(Week);
        Say(mesh, bob, "new");

        alice.Room.CountOlder(TimeSpan.FromDays(1), mesh.Wall).ShouldBe(1);
        alice.Room.SetRetention(TimeSpan.FromDays(1), mesh.Now);
        mesh.Settle(alice);
        mesh.Run(Moment);

        alice.Texts.ShouldBe(["new"]);
        bob.Texts.ShouldBe(["old", "new"]);
        Contains(alice.Store.AllBytes, payload).ShouldBeFalse();
        EntryHeader.TryParse(alice.Store.Find(old)!.Header.Span, out var header).ShouldBeTrue();
        header!.Id.ShouldBe(old);
        var told = alice.Events.OfType<RoomEvent.ContentExpired>().ShouldHaveSingleItem();
        told.Entries.ShouldHaveSingleItem().Id.ShouldBe(old);
        told.Texts.ShouldBe(["old"]);
    }

    [Fact]
    public void Content_goes_by_itself_when_its_time_is_over_also_after_a_restart()
    {
        var (alice, bob, mesh) = Connected();
        alice.Room.SetRetention(TimeSpan.FromDays(1), mesh.Now);
        mesh.Settle(alice);
        Say(mesh, bob, "one");
        mesh.Run(TimeSpan.FromHours(12));
        mesh.Crash(alice);
        alice.Room.Retention.ShouldBe(TimeSpan.FromDays(1));
        alice.Texts.ShouldBe(["one"]);
        mesh.Run(TimeSpan.FromHours(13));
        alice.Texts.ShouldBeEmpty();
        bob.Texts.ShouldBe(["one"]);
    }

    [Fact]
    public void More_than_a_page_is_deleted_page_by_page()
    {
        var (alice, bob, mesh) = Connected();
        for (var i = 0; i < Room.ExpiryPage + 10; i++)
        {
            mesh.Post(bob, $"{i}");
        }

        mesh.Run(Week);
        alice.Room.SetRetention(TimeSpan.FromDays(1), mesh.Now);
        mesh.Settle(alice);
        mesh.Run(Moment);
        alice.Texts.ShouldBeEmpty();
        alice
            .Events.OfType<RoomEvent.ContentExpired>()
            .Select(e => e.Entries.Count)
            .ShouldBe([Room.ExpiryPage, 10]);
    }

    [Fact]
    public void What_nobody_else_has_been_given_waits_until_it_is_handed_over()
    {
        var (alice, bob, mesh) = Connected();
        alice.Room.SetRetention(TimeSpan.FromDays(1), mesh.Now);
        mesh.Disconnect(alice, bob);
        mesh.Post(alice, "still to be sent");
        mesh.Run(Week);
        alice.Texts.ShouldBe(["still to be sent"]);

        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromHours(2));
        bob.Texts.ShouldBe(["still to be sent"]);
        alice.Texts.ShouldBeEmpty();
    }

    [Fact]
    public void What_comes_late_and_is_older_is_not_kept()
    {
        var (alice, bob, mesh) = Connected();
        Say(mesh, alice, "first");
        mesh.Disconnect(alice, bob);
        mesh.Post(bob, "written in the dark");
        mesh.Run(TimeSpan.FromHours(1));
        mesh.Post(alice, "meanwhile");
        mesh.Run(Week);
        alice.Room.SetRetention(TimeSpan.FromHours(1), mesh.Now);
        mesh.Connect(alice, bob);
        mesh.Run(TimeSpan.FromHours(3));
        alice.Texts.ShouldBeEmpty();
        bob.Texts.ShouldBe(["first", "written in the dark", "meanwhile"]);
        alice
            .Events.OfType<RoomEvent.MessageAdded>()
            .ShouldNotContain(e =>
                e.Message.Text == "written in the dark" && e.Message.Content == RoomMessageContent.Unreadable
            );
    }

    [Fact]
    public void Epoch_secrets_and_old_leaf_keys_go_with_the_content_and_do_not_come_back()
    {
        var (alice, bob, mesh) = Connected();
        var old = Say(mesh, bob, "a secret of the first epoch");
        EntryHeader.TryParse(alice.Store.Find(old)!.Header.Span, out var header).ShouldBeTrue();
        var name = RoomState.SecretNameOf(alice.Room.Id, $"epoch/{header!.Epoch}");
        var secret = alice.Store.ReadSecret(name)!.AsSpan(4, 32).ToArray();
        var leaf = alice
            .Store.ReadSecret(RoomState.SecretNameOf(alice.Room.Id, "leaf"))!
            .AsSpan(32, 32)
            .ToArray();
        Contains(alice.Store.AllBytes, secret).ShouldBeTrue();

        // Alice only reads: her leaf key would otherwise never grow old
        alice.Room.SetRetention(Week, mesh.Now);
        mesh.Settle(alice);
        for (var day = 0; day < 25; day++)
        {
            mesh.Run(TimeSpan.FromDays(1));
            Say(mesh, bob, $"day {day}");
        }

        Contains(alice.Store.AllBytes, secret).ShouldBeFalse();
        Contains(alice.Store.AllBytes, leaf).ShouldBeFalse();
        mesh.Crash(alice);
        Contains(alice.Store.AllBytes, secret).ShouldBeFalse();
        mesh.Connect(alice, bob);
        mesh.Run(Moment);
        Contains(alice.Store.AllBytes, secret).ShouldBeFalse();
        alice.Texts[^1].ShouldBe("day 24");
        Say(mesh, alice, "and she writes on");
        bob.Texts[^1].ShouldBe("and she writes on");
    }

    [Fact]
    public void An_epoch_with_something_kept_in_it_stays()
    {
        var (alice, bob, mesh) = Connected();
        Say(mesh, bob, "kept");
        mesh.Run(TimeSpan.FromDays(20));
        Say(mesh, bob, "newer");
        alice.Room.SetRetention(TimeSpan.FromDays(30), mesh.Now);
        mesh.Settle(alice);
        mesh.Run(Moment);
        mesh.Crash(alice);
        alice.Texts.ShouldBe(["kept", "newer"]);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    [InlineData(36_500L * 86_400, true)]
    [InlineData((36_500L * 86_400) + 1, false)]
    public void A_time_is_ten_seconds_to_a_hundred_years(long seconds, bool isGood)
    {
        var (alice, _, mesh) = Connected();
        var set = () => alice.Room.SetRetention(TimeSpan.FromSeconds(seconds), mesh.Now);
        if (isGood)
        {
            set.ShouldNotThrow();
        }
        else
        {
            set.ShouldThrow<ArgumentOutOfRangeException>();
        }
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(24, 12)]
    [InlineData(25, 12.5)]
    [InlineData(24 * 90, 24 * 30)]
    public void A_leaf_key_lives_half_as_long_as_content(double keepHours, double leafHours) =>
        LeafKeys.AgeUnder(TimeSpan.FromHours(keepHours)).ShouldBe(TimeSpan.FromHours(leafHours));

    private static (SimulatedPeer Alice, SimulatedPeer Bob, SimulatedMesh Mesh) Connected()
    {
        var (alice, bob) = SimulatedPeer.Direct(1);
        var mesh = new SimulatedMesh(1, alice, bob);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Run(Moment);
        return (alice, bob, mesh);
    }

    private static EntryId Say(SimulatedMesh mesh, SimulatedPeer peer, string text)
    {
        var id = mesh.Post(peer, text)!.Value;
        mesh.Run(Moment);
        return id;
    }

    private static bool Contains(IEnumerable<byte[]> all, byte[] part) =>
        all.Any(bytes => bytes.AsSpan().IndexOf(part) >= 0);
}
