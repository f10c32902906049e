using Google.Protobuf;
using PeerChat.Rooms.Sync;
using Shouldly;
using Xunit;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>What was written after an admission by somebody who had not heard of it: no epoch opens it to the newcomer.</summary>
public sealed class NewcomerKeyTests
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(8);

    public static TheoryData<HistoryPolicy, string[]> Policies =>
        new()
        {
            { HistoryPolicy.None, [] },
            { HistoryPolicy.Last(1), ["alice before"] },
            { HistoryPolicy.Last(2), ["bob before", "alice before"] },
            { HistoryPolicy.All, ["bob before", "alice before"] },
        };

    [Theory]
    [MemberData(nameof(Policies))]
    public void It_is_read_under_every_policy_and_nothing_more_of_before(
        HistoryPolicy policy,
        string[] before
    )
    {
        var room = Concurrent(policy);
        room.Readable("carol").ShouldBe(before);

        room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);

        room.Readable("carol").ShouldBe([.. before, "bob not knowing"]);
        Added(room["carol"], "bob not knowing").ShouldBe(1); // told once, as text
        Unreadable(room["carol"]).ShouldBe(0);
        room["carol"].Messages.ShouldAllBe(m => m.Content == RoomMessageContent.Text);

        room.Post("bob", "bob knowing");
        room.Readable("carol").ShouldBe([.. before, "bob not knowing", "bob knowing"]);
    }

    [Fact]
    public void What_is_written_in_an_epoch_made_by_somebody_who_had_not_heard_of_it_is_read_too()
    {
        var room = new PrivateRoom(22, HistoryPolicy.None, "alice", "bob", "dave", "carol");
        room.Admit("alice", "bob", MemberRole.Admin);
        room.Admit("alice", "dave");
        room.Post("bob", "before");
        room.Mesh.Disconnect(room["alice"], room["bob"]);
        room.Mesh.Disconnect(room["dave"], room["bob"]);
        Admit(room, "carol");
        room.Remove("bob", "dave"); // makes an epoch for those he knows
        room.Post("bob", "not knowing");

        room.Mesh.Connect(room["bob"], room["alice"]);
        room.Mesh.Run(Calm);

        room.Readable("carol").ShouldBe(["not knowing"]); // through alice
        room.Readable("dave").ShouldBe(["before"]);
    }

    [Fact]
    public void It_is_told_as_unreadable_where_nobody_can_help_and_changes_when_somebody_can()
    {
        var room = Concurrent(HistoryPolicy.None, newcomer: "dave"); // who has no key of it either
        room.Mesh.Disconnect(room["alice"], room["carol"]);
        room.Mesh.Disconnect(room["alice"], room["dave"]);
        room.Mesh.Tamper = (_, frame) => Parse(frame) is { EntryKeys.Keys.Count: > 0 } ? null : frame;
        room.Mesh.Connect(room["bob"], room["dave"]);
        room.Mesh.Connect(room["dave"], room["carol"]);
        room.Mesh.Run(Calm);

        room["carol"].Messages.ShouldHaveSingleItem().Content.ShouldBe(RoomMessageContent.Unreadable);
        Unreadable(room["carol"]).ShouldBe(1);

        // Dave gets it from bob, whom carol never meets
        room.Mesh.Tamper = null;
        room.Mesh.Disconnect(room["bob"], room["dave"]);
        room.Mesh.Connect(room["bob"], room["dave"]);
        room.Mesh.Run(Calm);
        room.Readable("dave").ShouldBe(["bob not knowing"]);
        room.Readable("carol").ShouldBe(["bob not knowing"]);
        var id = room["carol"].Messages[^1].Id;
        room["carol"].Events.ShouldContain(new RoomEvent.MessageChanged(id));
        Added(room["carol"], "bob not knowing").ShouldBe(0); // told before
    }

    [Fact]
    public void It_is_looked_for_again_after_a_restart()
    {
        var room = Concurrent(HistoryPolicy.None);
        room.Mesh.Disconnect(room["alice"], room["carol"]);
        room.Mesh.Tamper = (peer, frame) =>
            peer == room["bob"] && Parse(frame).BodyCase == Wire.Frame.BodyOneofCase.EntryKeys ? null : frame;
        room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);
        room.Mesh.Tamper = null;
        room.Readable("carol").ShouldBeEmpty();
        room["carol"].Messages.ShouldBeEmpty(); // he may still answer

        room.Mesh.Crash(room["carol"]);
        room["carol"].Messages.ShouldHaveSingleItem().Content.ShouldBe(RoomMessageContent.Unreadable);
        room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);

        room.Readable("carol").ShouldBe(["bob not knowing"]);
        room["carol"].Events.ShouldContain(happened => happened is RoomEvent.MessageChanged);
    }

    [Fact]
    public void Who_cannot_give_the_key_has_it_shown_as_unreadable_when_the_link_goes()
    {
        var room = Concurrent(HistoryPolicy.None);
        room.Mesh.Tamper = (peer, frame) =>
            peer == room["bob"] && Parse(frame).BodyCase == Wire.Frame.BodyOneofCase.EntryKeys ? null : frame;
        room.Mesh.Disconnect(room["alice"], room["carol"]);
        room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);

        room.Mesh.Disconnect(room["bob"], room["carol"]);

        room["carol"].Messages.ShouldHaveSingleItem().Content.ShouldBe(RoomMessageContent.Unreadable);
        Unreadable(room["carol"]).ShouldBe(1);
    }

    [Fact]
    public void A_wrong_key_is_not_kept_and_the_right_one_is_taken_from_another()
    {
        var room = Concurrent(HistoryPolicy.None);
        room.Mesh.Tamper = (peer, frame) =>
            peer == room["bob"]
                ? Changed(frame, keys => keys[0].Key = ByteString.CopyFrom(new byte[32]))
                : frame;
        room.Mesh.Disconnect(room["alice"], room["carol"]);
        room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);
        room.Readable("carol").ShouldBeEmpty();

        room.Mesh.Connect(room["bob"], room["alice"]);
        room.Mesh.Connect(room["alice"], room["carol"]);
        room.Mesh.Run(Calm);
        room.Readable("carol").ShouldBe(["bob not knowing"]);
    }

    [Fact]
    public void Keys_of_what_was_not_asked_for_are_not_kept()
    {
        var room = Concurrent(HistoryPolicy.None);
        var old = Entry(room, "alice", "alice before");
        room.Mesh.Disconnect(room["alice"], room["carol"]);
        var right = Ask(room, "alice", "bob", old.ToByteArray()).Single().Keys.ShouldHaveSingleItem();
        room.Mesh.Disconnect(room["alice"], room["bob"]);
        room.Mesh.Tamper = (peer, frame) =>
            peer == room["bob"] ? Changed(frame, keys => keys.Add(right)) : frame;
        room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);

        room.Readable("carol").ShouldBe(["bob not knowing"]);
        room["carol"].Store.ReadSecret($"room/{room.Id}/entry-keys")!.Length.ShouldBe(1 + 64);
    }

    [Theory]
    [InlineData("carol", 0)] // a member: not what is from before her admission
    [InlineData("erin", 0)] // nobody
    [InlineData("bob", 2)]
    public void A_key_is_given_to_members_alone_and_of_what_is_after_their_admission(string asker, int given)
    {
        var room = Concurrent(HistoryPolicy.None, "erin");
        byte[] ids =
        [
            .. Entry(room, "alice", "bob before").ToByteArray(),
            .. Entry(room, "alice", "alice before").ToByteArray(),
        ];
        var answers = Ask(room, "alice", asker, ids);

        answers.Sum(answer => answer.Keys.Count).ShouldBe(given);
        answers.Count.ShouldBe(asker == "erin" ? 0 : 1);
    }

    [Theory]
    [InlineData(31)]
    [InlineData((FrameBuilder.MaxKeysInFrame * 32) + 32)]
    public void A_request_that_breaks_the_rules_ends_the_link(int bytes)
    {
        var room = Concurrent(HistoryPolicy.None);
        var link = room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);
        room.Mesh.Inject(room["bob"], link, Request(new byte[bytes]));
        room["bob"]
            .Events.OfType<RoomEvent.PeerMisbehaved>()
            .ShouldHaveSingleItem()
            .Reason.ShouldBe(PeerMisbehaviour.MalformedFrame);
    }

    [Fact]
    public void A_recalled_message_is_looked_for_no_longer()
    {
        var room = Concurrent(HistoryPolicy.None);
        room.Mesh.Tamper = (peer, frame) =>
            Parse(frame).BodyCase == Wire.Frame.BodyOneofCase.EntryKeys ? null : frame;
        room.Mesh.Connect(room["bob"], room["carol"]);
        room.Mesh.Run(Calm);
        room["carol"].Store.ReadSecret($"room/{room.Id}/wanted-keys")!.Length.ShouldBe(32);

        var id = room["bob"].Messages.Single(m => m.Text == "bob not knowing").Id;
        room["bob"].Room.Recall(id, room.Mesh.Wall);
        room.Settle();

        room["carol"].Store.ReadSecret($"room/{room.Id}/wanted-keys")!.ShouldBeEmpty();
        room["carol"].Messages.ShouldNotContain(m => m.Content == RoomMessageContent.Unreadable);
    }

    /// <summary>Bob writes while he hears of nobody, just after alice has admitted carol; carol is linked to alice alone.</summary>
    private static PrivateRoom Concurrent(
        HistoryPolicy policy,
        string? stranger = null,
        string? newcomer = null
    )
    {
        string?[] names = ["alice", "bob", "carol", stranger, newcomer];
        var room = new PrivateRoom(21, policy, [.. names.OfType<string>()]);
        room.Admit("alice", "bob");
        room.Post("bob", "bob before");
        room.Post("alice", "alice before");
        room.Mesh.Disconnect(room["alice"], room["bob"]);
        Admit(room, "carol");
        if (newcomer is not null)
        {
            Admit(room, newcomer);
        }

        room.Post("bob", "bob not knowing");
        return room;
    }

    // Linked to alice alone.
    private static void Admit(PrivateRoom room, string name)
    {
        var newcomer = room[name].Room;
        var welcome = room["alice"].Room.Admit(newcomer.OwnProfile.Span, MemberRole.Member, room.Mesh.Wall);
        newcomer.TakeWelcome(welcome.ShouldNotBeNull(), room.Mesh.Wall).ShouldBeTrue();
        room.Mesh.Connect(room["alice"], room[name]);
        room.Settle();
    }

    // Over a link of their own, which stays.
    private static List<Wire.EntryKeyList> Ask(PrivateRoom room, string asked, string asker, byte[] ids)
    {
        List<Wire.EntryKeyList> answers = [];
        if (room.Mesh.AreConnected(room[asked], room[asker]))
        {
            room.Mesh.Disconnect(room[asked], room[asker]);
        }

        var link = room.Mesh.Connect(room[asked], room[asker]);
        room.Mesh.Run(Calm);
        room.Mesh.Tamper = (peer, frame) =>
        {
            if (peer == room[asked] && Parse(frame) is { EntryKeys: { } keys })
            {
                answers.Add(keys);
            }

            return frame;
        };
        room.Mesh.Inject(room[asked], link, Request(ids));
        room.Mesh.Run(Calm);
        room.Mesh.Tamper = null;
        return answers;
    }

    private static int Added(SimulatedPeer peer, string text) =>
        peer.Events.OfType<RoomEvent.MessageAdded>().Count(added => added.Message.Text == text);

    private static int Unreadable(SimulatedPeer peer) =>
        peer
            .Events.OfType<RoomEvent.MessageAdded>()
            .Count(added => added.Message.Content == RoomMessageContent.Unreadable);

    private static ByteString Entry(PrivateRoom room, string reader, string text) =>
        ByteString.CopyFrom(room[reader].Messages.Single(m => m.Text == text).Id.Value.ToArray());

    private static byte[] Request(byte[] ids) =>
        new Wire.Frame
        {
            EntryKeyRequest = new Wire.EntryKeyRequest { Entries = ByteString.CopyFrom(ids) },
        }.ToByteArray();

    private static Wire.Frame Parse(RoomFrame frame) => Wire.Frame.Parser.ParseFrom(frame.Bytes.Span);

    private static RoomFrame Changed(
        RoomFrame frame,
        Action<Google.Protobuf.Collections.RepeatedField<Wire.EntryKey>> change
    )
    {
        var body = Parse(frame);
        if (body.BodyCase != Wire.Frame.BodyOneofCase.EntryKeys || body.EntryKeys.Keys.Count == 0)
        {
            return frame;
        }

        change(body.EntryKeys.Keys);
        return new RoomFrame(frame.IsBulk, body.ToByteArray());
    }
}
