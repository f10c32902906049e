using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>What is written between two commits has one signature behind it.</summary>
public class SignedTurnTests
{
    private readonly SimulatedPeer _alice = SimulatedPeer.Open("alice", 1);
    private readonly SimulatedPeer _bob = SimulatedPeer.Open("bob", 2);
    private readonly SimulatedPeer _carol = SimulatedPeer.Open("carol", 3);
    private readonly SimulatedMesh _mesh;

    public SignedTurnTests() => _mesh = new(1, _alice, _bob, _carol);

    [Fact]
    public void Only_the_last_of_a_turn_is_signed_and_that_is_enough_for_everybody()
    {
        Meet();
        var before = OwnLog(_alice).Count;

        _mesh.PostAll(_alice, Lines(5)).ShouldBeTrue();
        _mesh.Run(TimeSpan.FromSeconds(5));

        SignedOf(_alice, before).ShouldBe([false, false, false, false, true]);
        _bob.Texts.ShouldBe(Lines(5));
        _carol.Texts.ShouldBe(Lines(5), "which bob passed on");
        _alice.Messages.ShouldAllBe(message => message.DeliveredTo == 2);
    }

    [Fact]
    public void A_message_by_itself_is_signed()
    {
        Meet();
        var before = OwnLog(_alice).Count;

        _mesh.Post(_alice, "one");
        _mesh.Post(_alice, "another");

        SignedOf(_alice, before).ShouldBe([true, true]);
    }

    [Fact]
    public void A_long_turn_has_a_signature_every_few_entries()
    {
        Meet();
        var before = OwnLog(_alice).Count;

        _mesh.PostAll(_alice, Lines(100));

        var signed = SignedOf(_alice, before);
        Enumerable
            .Range(0, 100)
            .Where(i => signed[i])
            .ShouldBe([
                UnsignedEntries.MaxEntries - 1,
                (2 * UnsignedEntries.MaxEntries) - 1,
                (3 * UnsignedEntries.MaxEntries) - 1,
                99,
            ]);
    }

    [Fact]
    public void Long_texts_have_one_every_few_bytes()
    {
        Meet();
        var before = OwnLog(_alice).Count;

        _mesh.PostAll(_alice, Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 10_000)));
        _mesh.Run(TimeSpan.FromSeconds(5));

        var run = 0;
        foreach (var entry in OwnLog(_alice).Skip(before))
        {
            run += entry.Payload.Length;
            run.ShouldBeLessThan(UnsignedEntries.MaxBytes + entry.Payload.Length);
            run = entry.Signature.IsEmpty ? run : 0;
        }

        run.ShouldBe(0);
        _carol.Messages.Count.ShouldBe(20);
    }

    [Fact]
    public void A_control_entry_behind_them_has_its_own_which_vouches_for_them()
    {
        Meet();
        _mesh.Post(_alice, "to be recalled");
        var before = OwnLog(_alice).Count;

        _alice.Room.Post("one", _mesh.Wall);
        _alice.Room.Recall(_alice.Messages[0].Id, _mesh.Wall);
        _mesh.Settle(_alice);
        _mesh.Run(TimeSpan.FromSeconds(5));

        SignedOf(_alice, before).ShouldBe([false, true]);
        _carol.Texts.ShouldContain("one");
        _carol.Texts.ShouldNotContain("to be recalled");
    }

    [Fact]
    public void A_host_without_turns_has_every_entry_signed_at_once()
    {
        _alice.SignsAtTurnEnd = false;
        Meet();
        var before = OwnLog(_alice).Count;

        _mesh.PostAll(_alice, Lines(5));

        SignedOf(_alice, before).ShouldAllBe(signed => signed);
    }

    [Fact]
    public void What_was_written_before_a_crash_is_gone_with_its_turn_and_the_next_goes_on()
    {
        Meet();
        _mesh.PostAll(_alice, Lines(3));
        _alice.Room.Post("lost", _mesh.Wall);
        _mesh.Crash(_alice);
        _mesh.Run(TimeSpan.FromSeconds(1));
        _mesh.Connect(_alice, _bob);
        _mesh.Run(TimeSpan.FromSeconds(1));
        _mesh.PostAll(_alice, ["four", "five"]);
        _mesh.Run(TimeSpan.FromSeconds(5));

        _carol.Texts.ShouldBe([.. Lines(3), "four", "five"]);
        OwnLog(_alice)[^1].Signature.IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public void What_was_left_unsigned_when_the_room_was_closed_is_signed_when_it_is_opened()
    {
        Meet();
        _alice.Room.Post("one", _mesh.Wall);
        _alice.Room.Post("two", _mesh.Wall);
        _alice.Store.Commit();
        OwnLog(_alice)[^1].Signature.IsEmpty.ShouldBeTrue();

        _mesh.Crash(_alice);
        _mesh.Connect(_alice, _bob);
        _mesh.Run(TimeSpan.FromSeconds(5));

        OwnLog(_alice)[^1].Signature.IsEmpty.ShouldBeFalse();
        _carol.Texts.ShouldBe(["one", "two"]);
    }

    // Carol hears of everything through bob
    private void Meet()
    {
        _mesh.OpenAll();
        _mesh.Connect(_alice, _bob);
        _mesh.Connect(_bob, _carol);
        _mesh.Run(TimeSpan.FromSeconds(1));
    }

    private static string[] Lines(int count) => [.. Enumerable.Range(0, count).Select(i => $"line {i}")];

    private static IReadOnlyList<StoredEntry> OwnLog(SimulatedPeer peer) =>
        peer.Store.ReadRange(peer.Room.Id, peer.Room.OwnAuthor, 1, 1000);

    private static bool[] SignedOf(SimulatedPeer peer, int before) =>
        [.. OwnLog(peer).Skip(before).Select(entry => !entry.Signature.IsEmpty)];
}
