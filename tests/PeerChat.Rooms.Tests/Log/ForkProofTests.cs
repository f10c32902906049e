using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Tests.Rooms;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Log;

public class ForkProofTests
{
    private static readonly RoomId Room = new(new Bytes32(Enumerable.Repeat((byte)7, 32).ToArray()));
    private readonly TestAuthor _author = new(OwnIdentity.Create(new SeededKeySource(1)), Room, 2);

    [Fact]
    public void Holds_for_two_signed_entries_at_one_seq()
    {
        _author.Join();
        var one = _author.Make(EntryKind.Leave, _author.LastControl.Value.ToArray());
        var other = _author.Make(EntryKind.Leave, _author.LastControl.Value.ToArray());

        Proof(2, [one], [other]).Verify(Room, _author.Key.PublicKey.Span).ShouldBeTrue();
    }

    [Fact]
    public void Holds_for_an_entry_whose_successor_names_another()
    {
        _author.Join();
        var other = _author.Make(EntryKind.Leave, _author.LastControl.Value.ToArray());
        var one = Filler();
        var next = Filler();

        Proof(2, [next], [other]).Verify(Room, _author.Key.PublicKey.Span).ShouldBeTrue();
        Proof(2, [one, next], [other]).Verify(Room, _author.Key.PublicKey.Span).ShouldBeTrue();
    }

    [Fact]
    public void Does_not_hold_for_one_entry_twice_other_seqs_other_keys_or_broken_chains()
    {
        _author.Join();
        var other = _author.Make(EntryKind.Leave, _author.LastControl.Value.ToArray());
        var one = Filler();
        var next = Filler();
        var third = Filler();
        var key = _author.Key.PublicKey.Span;
        var stranger = new TestAuthor(OwnIdentity.Create(new SeededKeySource(5)), Room, 6);

        Proof(2, [one], [one, next]).Verify(Room, key).ShouldBeFalse();
        Proof(3, [next], [other]).Verify(Room, key).ShouldBeFalse();
        Proof(2, [one], [other]).Verify(Room, stranger.Key.PublicKey.Span).ShouldBeFalse();
        Proof(2, [one, third], [other]).Verify(Room, key).ShouldBeFalse();
        Proof(2, [one], [other]).Verify(default, key).ShouldBeFalse();
        Proof(0, [one], [other]).Verify(Room, key).ShouldBeFalse();
        Proof(ulong.MaxValue, [one], [other]).Verify(Room, key).ShouldBeFalse();
        Proof(2, [], [other]).Verify(Room, key).ShouldBeFalse();
    }

    private ReceivedEntry Filler() =>
        _author.Append(EntryKind.Key, new KeyControl(_author.LastControl, _author.Leaf.PublicKey).Write());

    private ForkProof Proof(ulong seq, ReceivedEntry[] one, ReceivedEntry[] other) =>
        ForkProof.Create(
            _author.Id,
            seq,
            one.Select(e => e.Header.Bytes),
            (one.LastOrDefault() ?? other[^1]).Signature.Span,
            other.Select(e => e.Header.Bytes),
            other[^1].Signature.Span
        );
}
