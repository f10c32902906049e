using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Tests.Rooms;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Sync;

public class ProfileRecordTests
{
    private static readonly RoomId Room = new(Of(7));
    private static readonly OwnIdentity Alice = OwnIdentity.Create(new SeededKeySource(1));
    private static readonly OwnIdentity Mallory = OwnIdentity.Create(new SeededKeySource(2));
    private static readonly PeerChat.Rooms.Crypto.ISigningKey Key = new SeededKeySource(3).NewSigningKey();

    [Fact]
    public void Reads_back_and_verifies()
    {
        var made = Record(Alice);
        ProfileRecord.TryParse(made.Bytes.Span, out var record).ShouldBeTrue();

        record.Verify().ShouldBeTrue();
        record.Author.ShouldBe(AuthorKey.IdOf(Key.PublicKey));
        record.Identity.PeerId.ShouldBe(Alice.PeerId);
        record.Name.ToString().ShouldBe("alice");
        record.Counter.ShouldBe(4UL);
    }

    [Fact]
    public void Any_changed_byte_is_refused()
    {
        var made = Record(Alice).Bytes.ToArray();
        for (var i = 0; i < made.Length; i += 7)
        {
            var changed = made.ToArray();
            changed[i] ^= 1;
            (ProfileRecord.TryParse(changed, out var record) && record.Verify()).ShouldBeFalse($"{i}");
        }
    }

    [Fact]
    public void An_identity_cannot_claim_an_author_that_did_not_sign()
    {
        // Mallory certifies Alice's author key, but has not its signature.
        var stolen = Record(Mallory).Bytes.ToArray();
        var alices = Record(Alice).Bytes.ToArray();
        alices.AsSpan(^64..).CopyTo(stolen.AsSpan(^64..));
        ProfileRecord.TryParse(stolen, out var record).ShouldBeTrue();
        record.Verify().ShouldBeFalse();
    }

    [Fact]
    public void An_author_cannot_claim_an_identity_that_its_join_does_not_name()
    {
        var join = new JoinControl(
            Key.PublicKey,
            Key.PublicKey,
            IdentityCommitment.Of(Alice.PeerId, Of(9)),
            default
        );
        Record(Alice).Opens(join).ShouldBeTrue();
        Record(Mallory).Opens(join).ShouldBeFalse();
    }

    [Fact]
    public void No_input_makes_the_parser_throw() =>
        Prop.ForAll<byte[], int>(
                (noise, at) =>
                {
                    var bytes = Record(Alice).Bytes.ToArray();
                    for (var i = 0; i < noise.Length; i++)
                    {
                        bytes[(int)(((uint)at + i) % bytes.Length)] = noise[i];
                    }

                    _ = ProfileRecord.TryParse(bytes, out _);
                    _ = ProfileRecord.TryParse(noise, out _);
                    return true;
                }
            )
            .QuickCheckThrowOnFailure();

    private static ProfileRecord Record(OwnIdentity identity) =>
        ProfileRecord.Create(identity, DisplayName.Of("alice"), Room, Key, Of(9), 4);

    private static Bytes32 Of(byte value) => new(Enumerable.Repeat(value, 32).ToArray());
}
