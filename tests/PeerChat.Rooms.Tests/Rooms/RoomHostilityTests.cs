using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Sync;
using Shouldly;
using Xunit;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Tests.Rooms;

public class RoomHostilityTests
{
    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)8, 32)];
    private readonly SimulatedPeer _alice = SimulatedPeer.Open("alice", 1);
    private readonly OwnIdentity _mallory = OwnIdentity.Create(new SeededKeySource(66));
    private readonly SimulatedMesh _mesh;
    private readonly TestAuthor _author;

    public RoomHostilityTests()
    {
        _mesh = new SimulatedMesh(1, _alice);
        _mesh.OpenAll();
        _author = new TestAuthor(_mallory, _alice.Room.Id, 67);
        _alice.Room.AddLink(1, _mallory.PeerId, _mesh.Now, _mesh.Wall);
        _author.Join();
    }

    private RoomId RoomId => _alice.Room.Id;

    private PeerMisbehaviour? Reason =>
        _alice.Events.OfType<RoomEvent.PeerMisbehaved>().SingleOrDefault()?.Reason;

    [Fact]
    public void A_well_behaved_stranger_is_heard()
    {
        Introduce();
        Send(_author.Content(RoomId.Value, Secret, "hi"));

        _alice.Texts.ShouldBe(["hi"]);
        Reason.ShouldBeNull();
    }

    [Fact]
    public void Entries_before_their_authors_profile_wait_for_it()
    {
        var content = _author.Content(RoomId.Value, Secret, "hi");
        Send(_author.Log[0], content);
        _alice.Texts.ShouldBeEmpty();
        Inject(_author.ProfileFrame(DisplayName.Of("mallory")));
        _alice.Texts.ShouldBe(["hi"]);
        Reason.ShouldBeNull();
    }

    [Fact]
    public void A_changed_payload_is_malformed()
    {
        Introduce();
        var entry = _author.Content(RoomId.Value, Secret, "hi");
        var payload = entry.Payload.ToArray();
        payload[^1] ^= 1;
        Send(entry with { Payload = payload });

        Reason.ShouldBe(PeerMisbehaviour.MalformedEntry);
        _alice.Texts.ShouldBeEmpty();
    }

    [Fact]
    public void A_foreign_signature_is_refused()
    {
        Introduce();
        var entry = _author.Content(RoomId.Value, Secret, "hi");
        var other = new SeededKeySource(99).NewSigningKey();
        Send(entry with { Signature = AuthorKey.SignEntry(other, entry.Header.Id) });

        Reason.ShouldBe(PeerMisbehaviour.BadSignature);
        _alice.Texts.ShouldBeEmpty();
    }

    [Fact]
    public void A_signature_with_high_s_is_refused()
    {
        Introduce();
        var entry = _author.Content(RoomId.Value, Secret, "hi");
        var signature = entry.Signature.ToArray();
        // n − s is the other valid form of the same signature.
        var n = new System.Numerics.BigInteger(
            Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
            true,
            true
        );
        var s = n - new System.Numerics.BigInteger(signature.AsSpan(32), true, true);
        s.ToByteArray(true, true).CopyTo(signature.AsSpan(64 - s.GetByteCount(true)));
        Send(entry with { Signature = signature });

        Reason.ShouldBe(PeerMisbehaviour.BadSignature);
    }

    [Fact]
    public void A_range_that_ends_without_a_signature_waits_until_a_signed_entry_names_its_end()
    {
        Introduce();
        var first = _author.Content(RoomId.Value, Secret, "hi");
        var second = _author.Content(RoomId.Value, Secret, "there");
        Send(first with { Signature = default });
        _alice.Texts.ShouldBeEmpty();

        Send(second);

        _alice.Texts.ShouldBe(["hi", "there"]);
        Reason.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_range_that_ends_without_a_signature_is_taken_where_a_signed_one_overlaps_its_end(
        bool isLong
    )
    {
        _alice.Room.Parts = isLong ? new PartSizes(2, 1, 3, 2) : PartSizes.Usual;
        Introduce();
        var first = _author.Content(RoomId.Value, Secret, "hi");
        var second = _author.Content(RoomId.Value, Secret, "there");
        var third = _author.Content(RoomId.Value, Secret, "again");
        Inject(_author.HaveFrame(1, true, (_author.Id, new LogHead(4, third.Header.Id))));
        _mesh.Run(Replication.PushGrace);
        Send(second, third);
        _alice.Room.AheadEntries.ShouldBe(isLong ? 2 : 0);

        Send(first, second with { Signature = default });

        _alice.Texts.ShouldBe(["hi", "there", "again"]);
        Reason.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_nothing_vouches_for_is_asked_of_another_when_what_would_vouch_for_it_does_not_come(
        bool isLinkGone
    )
    {
        _alice.Room.Parts = new PartSizes(2, 1, 3, 2);
        Introduce();
        var (first, second, third) = (
            _author.Content(RoomId.Value, Secret, "hi"),
            _author.Content(RoomId.Value, Secret, "there"),
            _author.Content(RoomId.Value, Secret, "again")
        );
        Inject(_author.HaveFrame(1, true, (_author.Id, new LogHead(4, third.Header.Id))));
        _mesh.Run(Replication.PushGrace);
        Send(first);
        Send(second with { Signature = default });
        var other = new TestAuthor(OwnIdentity.Create(new SeededKeySource(70)), RoomId, 71);
        _alice.Room.AddLink(2, other.Identity.PeerId, _mesh.Now, _mesh.Wall);
        _mesh.Inject(_alice, 2, other.ProfileFrame(DisplayName.Of("carol")));
        _mesh.Inject(_alice, 2, TestAuthor.RangeFrame(other.Join()));

        if (isLinkGone)
        {
            _alice.Room.RemoveLink(1, _mesh.Now, _mesh.Wall);
        }

        _mesh.Inject(_alice, 2, other.HaveFrame(1, true, (_author.Id, new LogHead(3, second.Header.Id))));
        _mesh.Run(Replication.AnswerPatience * 2);

        WantsOf(2).ShouldContain(w => w.FromSeq <= 3 && w.ToSeq >= 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_greatest_seq_there_is_does_no_harm(bool isSigned)
    {
        Introduce();
        var last = _author.Log[0].Header;
        var prefix = new EntryPrefix(
            EntryKind.Content,
            RoomId,
            _author.Id,
            ulong.MaxValue,
            last.Id,
            last.Clock + 1,
            RoomId.Value,
            0,
            [],
            default
        );
        var payload = new byte[Sealing.Overhead];
        EntryHeader.TryParse(prefix.Complete(payload), out var header).ShouldBeTrue();

        Send(
            new ReceivedEntry(
                header,
                payload,
                isSigned ? AuthorKey.SignEntry(_author.Key, header.Id) : default
            )
        );
        _mesh.Run(TimeSpan.FromSeconds(10));

        Reason.ShouldBeNull();
    }

    [Fact]
    public void A_range_without_a_signature_that_the_next_entry_does_not_name_is_not_taken()
    {
        Introduce();
        var forged = new TestAuthor(_mallory, RoomId, 67);
        forged.Join();
        var other = forged.Content(RoomId.Value, Secret, "forged");
        _author.Content(RoomId.Value, Secret, "hi");
        var second = _author.Content(RoomId.Value, Secret, "there");

        Send(other with { Signature = default });
        Send(second);

        _alice.Texts.ShouldNotContain("forged");
        _alice.Store.Find(other.Header.Id).ShouldBeNull();
        Reason.ShouldBeNull();
    }

    [Fact]
    public void A_control_entry_without_its_own_signature_is_malformed()
    {
        Introduce();
        var key = _author.Append(
            EntryKind.Key,
            new KeyControl(_author.LastControl, _author.Leaf.PublicKey).Write()
        );
        Send(key with { Signature = default }, _author.Content(RoomId.Value, Secret, "hi"));
        Reason.ShouldBe(PeerMisbehaviour.MalformedEntry);
    }

    [Fact]
    public void A_range_covered_by_its_last_signature_is_taken_and_a_hole_in_it_is_not()
    {
        Introduce();
        var entries = Enumerable
            .Range(0, 5)
            .Select(i => _author.Content(RoomId.Value, Secret, $"{i}"))
            .Select((e, i) => i < 4 ? e with { Signature = default } : e)
            .ToArray();
        Send(entries[0], entries[2], entries[4]);
        Reason.ShouldBe(PeerMisbehaviour.MalformedEntry);

        _alice.Room.AddLink(2, _mallory.PeerId, _mesh.Now, _mesh.Wall);
        _mesh.Inject(_alice, 2, TestAuthor.RangeFrame(entries));
        _alice.Texts.ShouldBe(["0", "1", "2", "3", "4"]);
    }

    [Fact]
    public void A_clock_that_does_not_rise_is_malformed()
    {
        Introduce();
        Send(_author.Content(RoomId.Value, Secret, "a"));
        _author.Clock -= 2;
        Send(_author.Content(RoomId.Value, Secret, "b"));
        Reason.ShouldBe(PeerMisbehaviour.MalformedEntry);
    }

    [Fact]
    public void A_control_entry_that_skips_the_one_before_is_malformed()
    {
        Introduce();
        Send(_author.Append(EntryKind.Leave, new byte[32]));
        Reason.ShouldBe(PeerMisbehaviour.MalformedEntry);
    }

    [Fact]
    public void An_entry_of_another_room_is_refused()
    {
        Introduce();
        var elsewhere = new TestAuthor(_mallory, new RoomId(new Bytes32(Secret)), 67);
        Send(elsewhere.Join());
        Reason.ShouldBe(PeerMisbehaviour.ForeignRoom);
    }

    [Fact]
    public void A_clock_too_far_ahead_waits_and_is_not_punished()
    {
        Introduce();
        _author.Clock = HybridClock.FromWall(_mesh.Wall + TimeSpan.FromMinutes(6));
        Send(_author.Content(RoomId.Value, Secret, "from the future"));
        _alice.Texts.ShouldBeEmpty();
        _mesh.Post(_alice, "now");
        HybridClock.ToWall(_alice.Messages[0].Position.OrderClock).ShouldBe(_mesh.Wall); // not merged

        _mesh.Run(TimeSpan.FromSeconds(61));
        _alice.Texts.ShouldBe(["now", "from the future"]);
        Reason.ShouldBeNull();
    }

    [Fact]
    public void The_first_half_of_a_range_is_stored_while_the_second_waits_and_its_signature_may_follow()
    {
        Introduce();
        var first = _author.Content(RoomId.Value, Secret, "now");
        _author.Clock = HybridClock.FromWall(_mesh.Wall + TimeSpan.FromMinutes(6));
        Send(first with { Signature = default }, _author.Content(RoomId.Value, Secret, "later"));
        _alice.Texts.ShouldBe(["now"]);
        _alice.Store.Find(first.Header.Id)!.Signature.IsEmpty.ShouldBeTrue();

        Send(first);
        _alice.Store.Find(first.Header.Id)!.Signature.ToArray().ShouldBe(first.Signature.ToArray());
        _mesh.Run(TimeSpan.FromMinutes(2));
        _alice.Texts.ShouldBe(["now", "later"]);
        Reason.ShouldBeNull();
    }

    [Fact]
    public void An_entry_whose_head_is_missing_waits_for_it_and_is_ordered_after_it()
    {
        Introduce();
        var other = new TestAuthor(OwnIdentity.Create(new SeededKeySource(70)), RoomId, 71)
        {
            Clock = _author.Clock + 1000,
        };
        other.Join();
        var cited = other.Content(RoomId.Value, Secret, "cited, with a later clock");
        var citing = _author.Append(
            EntryKind.Content,
            [],
            RoomId.Value,
            p =>
                PeerChat.Rooms.Messages.ContentSealing.Seal(
                    _author.Entropy,
                    Secret,
                    p,
                    new PeerChat.Rooms.Messages.Wire.ContentBody
                    {
                        Text = new PeerChat.Rooms.Messages.Wire.TextBody { Text = "citing" },
                    }.ToByteArray()
                ),
            cited.Header.Id
        );
        Send(citing);
        _alice.Texts.ShouldBeEmpty();

        Inject(other.ProfileFrame(DisplayName.Of("other")));
        Send([.. other.Log]);
        _alice.Texts.ShouldBe(["cited, with a later clock", "citing"]);
        Reason.ShouldBeNull();
    }

    [Fact]
    public void Another_identitys_author_cannot_be_claimed()
    {
        // The join names somebody else than the profile.
        var claimer = new TestAuthor(_mallory, RoomId, 80);
        claimer.Join(claimed: _alice.Id);
        Inject(claimer.ProfileFrame(DisplayName.Of("alice")));
        Send([.. claimer.Log]);

        _alice.Room.Members.Count.ShouldBe(1);
        _alice.Store.ReadHeads(RoomId).Count.ShouldBe(1);
        Reason.ShouldBeNull();
    }

    [Fact]
    public void A_statement_given_as_the_peers_own_must_be_of_the_peers_identity()
    {
        var other = new TestAuthor(OwnIdentity.Create(new SeededKeySource(70)), RoomId, 71);
        other.Join();
        Inject(other.ProfileFrame(DisplayName.Of("other")));
        Inject(other.HaveFrame(1, mine: false));
        Reason.ShouldBeNull();
        Inject(other.HaveFrame(2, mine: true));
        Reason.ShouldBe(PeerMisbehaviour.BadStatement);
    }

    [Fact]
    public void A_delivery_is_believed_only_from_who_signed_it_and_for_the_entry_that_we_wrote()
    {
        Introduce();
        _mesh.Post(_alice, "did you get it?");
        var own = _alice.Store.ReadHeads(RoomId).Single(e => e.Author == _alice.Room.OwnAuthor);
        var forged = new LogHead(own.Seq, new EntryId(new Bytes32(Secret)));
        Inject(_author.HaveFrame(1, true, (own.Author, forged)));
        _alice.Messages[0].State.ShouldNotBe(RoomMessageState.Delivered);

        var list = Wire.Frame.Parser.ParseFrom(
            _author.HaveFrame(2, true, (own.Author, new LogHead(own.Seq, own.Id)))
        );
        var unsigned = list.Clone();
        unsigned.Haves.Haves[0].Signature = ByteString.CopyFrom(new byte[64]);
        _alice.Room.AddLink(2, _mallory.PeerId, _mesh.Now, _mesh.Wall);
        _mesh.Inject(_alice, 2, unsigned.ToByteArray());
        _alice.Messages[0].State.ShouldNotBe(RoomMessageState.Delivered);
        Reason.ShouldBe(PeerMisbehaviour.BadStatement);

        Inject(list.ToByteArray());
        _alice.Messages[0].State.ShouldBe(RoomMessageState.Delivered);
        Inject(_author.HaveFrame(1, true)); // older: changes nothing
        _alice.Messages[0].State.ShouldBe(RoomMessageState.Delivered);
    }

    [Fact]
    public void In_a_direct_chat_a_third_identity_is_not_heard()
    {
        var (alice, bob, mesh) = RoomTests.Connected();
        var stranger = new TestAuthor(_mallory, alice.Room.Id, 5);
        stranger.Join();
        stranger.Append(EntryKind.Leave, stranger.LastControl.Value.ToArray());
        var link = mesh.Connect(alice, bob);
        mesh.Inject(alice, link, stranger.ProfileFrame(DisplayName.Of("mallory")));
        mesh.Inject(alice, link, TestAuthor.RangeFrame(stranger.Log));

        alice.Room.Members.Count.ShouldBe(2);
        alice.Store.ReadHeads(alice.Room.Id).Count.ShouldBe(2);
    }

    [Fact]
    public void A_frame_over_the_limit_or_of_noise_ends_the_link_and_nothing_more_is_taken_from_it()
    {
        Inject(new byte[FrameBuilder.MaxFrameSize + 1]);
        Reason.ShouldBe(PeerMisbehaviour.MalformedFrame);
        Introduce();
        _alice.Store.ReadHeads(RoomId).Count.ShouldBe(1);
        _alice.Room.TryTakeFrame(1, true, out _).ShouldBeFalse();
    }

    [Fact]
    public void Wants_cost_nothing_where_there_is_nothing_and_are_bounded_by_the_authors()
    {
        var list = new Wire.WantList();
        for (var i = 0; i < 3000; i++)
        {
            list.Wants.Add(
                new Wire.Want
                {
                    Author = ByteString.CopyFrom(Digest.Hash([(byte)i, (byte)(i >> 8)]).ToArray()),
                    FromSeq = 1,
                    ToSeq = ulong.MaxValue,
                }
            );
        }

        Inject(new Wire.Frame { Wants = list }.ToByteArray());
        while (_alice.Room.TryTakeFrame(1, false, out _)) { }
        var bulk = 0;
        while (_alice.Room.TryTakeFrame(1, true, out _))
        {
            bulk++;
        }

        bulk.ShouldBe(1); // one's own join
        Reason.ShouldBeNull();
    }

    [Fact]
    public void Numbers_at_their_end_do_no_harm()
    {
        Introduce();
        var head = new LogHead(ulong.MaxValue, new EntryId(new Bytes32(Secret)));
        Inject(_author.HaveFrame(ulong.MaxValue, true, (_author.Id, head), (_alice.Room.OwnAuthor, head)));
        _mesh.Run(TimeSpan.FromSeconds(30));
        var proof = new Wire.ForkProof
        {
            Author = ByteString.CopyFrom(_author.Id.Value.ToArray()),
            Seq = ulong.MaxValue,
            First = new Wire.Chain(),
            Second = new Wire.Chain(),
        };
        var forks = new Wire.ForkList();
        forks.Proofs.Add(proof);
        Inject(new Wire.Frame { Forks = forks }.ToByteArray());
        Reason.ShouldBe(PeerMisbehaviour.BadForkProof);
        _alice.Room.CanWrite.ShouldBeTrue();
    }

    [Fact]
    public void No_frame_makes_a_room_throw()
    {
        var entry = _author.Content(RoomId.Value, Secret, "hi");
        byte[][] frames =
        [
            _author.ProfileFrame(DisplayName.Of("mallory")),
            TestAuthor.RangeFrame(_author.Log),
            TestAuthor.RangeFrame(entry),
            _author.HaveFrame(1, true, (_author.Id, new LogHead(2, entry.Header.Id))),
            [],
        ];
        var link = 100;
        Prop.ForAll<byte[], int, int>(
                (noise, which, at) =>
                {
                    link++;
                    _alice.Room.AddLink(link, _mallory.PeerId, _mesh.Now, _mesh.Wall);
                    var frame = frames[(uint)which % frames.Length].ToArray();
                    if (frame.Length == 0)
                    {
                        frame = noise;
                    }
                    else
                    {
                        for (var i = 0; i < noise.Length; i++)
                        {
                            frame[(int)(((uint)at + i) % frame.Length)] = noise[i];
                        }
                    }

                    _mesh.Inject(_alice, link, frame);
                    _alice.Room.RemoveLink(link, _mesh.Now, _mesh.Wall);
                    _alice.Commit();
                    return true;
                }
            )
            .QuickCheckThrowOnFailure();
        _alice.Events.OfType<RoomEvent.AuthorForked>().ShouldBeEmpty();
    }

    private IEnumerable<Wire.Want> WantsOf(int link)
    {
        while (_alice.Room.TryTakeFrame(link, true, out var frame))
        {
            foreach (var want in Wire.Frame.Parser.ParseFrom(frame.Bytes.Span).Wants?.Wants ?? [])
            {
                yield return want;
            }
        }
    }

    private void Introduce()
    {
        Inject(_author.ProfileFrame(DisplayName.Of("mallory")));
        Send(_author.Log[0]);
    }

    private void Send(params ReceivedEntry[] entries) => Inject(TestAuthor.RangeFrame(entries));

    private void Inject(byte[] frame) => _mesh.Inject(_alice, 1, frame);
}
