using PeerChat.Primitives;
using PeerChat.Rooms.Epochs;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Invitations;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Tests.Vectors;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Log;

/// <summary>Control entries and proofs of invitations as a second implementation makes them.</summary>
public sealed class ControlVectorTests
{
    private static readonly VectorFile Vectors = VectorFile.Load("control.txt");

    public static TheoryData<string> Entries =>
        [
            "genesis",
            "add",
            "join",
            "key",
            "promote",
            "demote",
            "remove",
            "epoch",
            "wrap",
            "recall",
            "policy",
            "leave",
        ];

    [Theory]
    [MemberData(nameof(Entries))]
    public void Reads_a_header_of_another_implementation_and_knows_its_id_and_signature(string name)
    {
        EntryHeader.TryParse(Vectors.Bytes(name + " header"), out var header).ShouldBeTrue();
        header.ShouldNotBeNull();
        header.Id.Value.ToArray().ShouldBe(Vectors.Bytes(name + " id"));
        header.Control.ToArray().ShouldBe(Vectors.Bytes(name + " control"));
        ControlBytes
            .AreWellFormed(header, name == "epoch" ? Vectors.Bytes("epoch payload") : default)
            .ShouldBeTrue();
        var who =
            header.Author.Value == new Bytes32(Vectors.Bytes("creator author id")) ? "creator" : "member";
        AuthorKey
            .VerifyEntry(Vectors.Bytes(who + " key"), header.Id, Vectors.Bytes(name + " signature"))
            .ShouldBeTrue();
        header.OwnRoom.Value.ToArray().ShouldBe(Vectors.Bytes("genesis id"));
    }

    [Fact]
    public void Writes_the_same_control_bytes()
    {
        var (creator, member) = (Author("creator"), Author("member"));
        var commit = IdentityCommitment.Of(new PeerId(Bytes("creator peer id")), Bytes("blind"));
        commit.ToArray().ShouldBe(Vectors.Bytes("creator commitment"));
        new GenesisControl(
            Vectors.Bytes("creator key"),
            Vectors.Bytes("creator leaf"),
            commit,
            HistoryPolicy.Last(20),
            new Bytes32([.. Enumerable.Repeat((byte)0x33, 32)])
        )
            .Write()
            .ShouldBe(Vectors.Bytes("genesis control"));
        new AddControl(Entry("genesis"), member, MemberRole.Inviter)
            .Write()
            .ShouldBe(Vectors.Bytes("add control"));
        new JoinControl(
            Vectors.Bytes("member key"),
            Vectors.Bytes("member leaf"),
            Bytes("member commitment"),
            Entry("add")
        )
            .Write()
            .ShouldBe(Vectors.Bytes("join control"));
        new KeyControl(Entry("join"), Vectors.Bytes("member leaf 2"))
            .Write()
            .ShouldBe(Vectors.Bytes("key control"));
        new PromoteControl(Entry("add"), member).Write().ShouldBe(Vectors.Bytes("promote control"));
        var cut = new Cut(2, Entry("key"), Entry("key"));
        new CutControl(Entry("promote"), member, cut).Write().ShouldBe(Vectors.Bytes("demote control"));
        new CutControl(Entry("demote"), member, cut).Write().ShouldBe(Vectors.Bytes("remove control"));
        var epochCommit = EpochSecret.CommitOf(
            Vectors.Bytes("epoch secret"),
            new RoomId(Bytes("genesis id"))
        );
        epochCommit.ToArray().ShouldBe(Vectors.Bytes("epoch commit"));
        new EpochControl(Entry("remove"), epochCommit).Write().ShouldBe(Vectors.Bytes("epoch control"));
        SecretWrap.TryParse(Vectors.Bytes("epoch payload"), out var wrap).ShouldBeTrue();
        wrap!.Recipient.ShouldBe(creator);
        new WrapControl(Entry("epoch"), Bytes("epoch id"), 3, wrap)
            .Write()
            .ShouldBe(Vectors.Bytes("wrap control"));
        new PolicyControl(Entry("recall"), new HistoryPolicy(HistoryMode.Since, 1_790_000_000_000))
            .Write()
            .ShouldBe(Vectors.Bytes("policy control"));
        AuthorKey.IdOf(Vectors.Bytes("creator key")).ShouldBe(creator);
    }

    [Fact]
    public void Proves_an_invitation_by_the_known_values()
    {
        var keys = InvitationKeys.From(Vectors.Bytes("invitation secret"));
        keys.Signal.KnockKey.ToArray().ShouldBe(Vectors.Bytes("invitation knock"));
        var channel = new ChannelBinding(true, Bytes("channel binding"));
        keys.JoinProof(channel, Author("member")).ShouldBe(Vectors.Bytes("join proof"));
        keys.VerifyJoin(channel, Author("member"), Vectors.Bytes("join proof")).ShouldBeTrue();
        keys.VerifyJoin(channel, Author("creator"), Vectors.Bytes("join proof")).ShouldBeFalse();
        keys.MeetProof(channel, new PeerId(Bytes("member peer id"))).ShouldBe(Vectors.Bytes("meet proof"));
    }

    private static Bytes32 Bytes(string name) => new(Vectors.Bytes(name));

    private static AuthorId Author(string who) => new(Bytes(who + " author id"));

    private static EntryId Entry(string name) => new(Bytes(name + " id"));
}
