using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Log;

public class EntryHeaderTests
{
    private static readonly byte[] Payload = [.. Enumerable.Repeat((byte)0x55, 144)];

    [Fact]
    public void Is_laid_out_as_the_table_says()
    {
        var bytes = Content().Complete(Payload);

        var expected = string.Concat(
            "01", // version
            "00", // kind
            Hex(1), // room
            Hex(2), // author
            "0000000000000003", // seq
            Hex(4), // prev
            "0000000500000006", // clock
            Hex(7), // epoch
            "00000008", // generation
            "02", // heads
            Hex(9),
            Hex(10),
            "0000", // control
            "00000090", // payload size
            Digest.Hash(Payload).ToString()
        );
        Convert.ToHexStringLower(bytes).ShouldBe(expected);
        bytes.Length.ShouldBe(EntryHeader.FixedSize + 64);
    }

    [Fact]
    public void Has_the_id_of_the_known_answer()
    {
        EntryHeader.TryParse(Content().Complete(Payload), out var header).ShouldBeTrue();
        header.Id.ShouldBe(new EntryId(Digest.Labelled("entry", header.Bytes)));
        // A vector of our own, for a second implementation: the header of the test above.
        header.Id.ToString().ShouldBe(KnownId);
    }

    [Fact]
    public void Reads_back_what_was_written()
    {
        EntryHeader.TryParse(Content().Complete(Payload), out var header).ShouldBeTrue();

        header.Kind.ShouldBe(EntryKind.Content);
        header.Room.ShouldBe(new RoomId(Of(1)));
        header.Author.ShouldBe(new AuthorId(Of(2)));
        header.Seq.ShouldBe(3UL);
        header.Previous.ShouldBe(new EntryId(Of(4)));
        header.Clock.ShouldBe(0x5_0000_0006UL);
        header.Epoch.ShouldBe(Of(7));
        header.Generation.ShouldBe(8U);
        header.Heads.ShouldBe([new EntryId(Of(9)), new EntryId(Of(10))]);
        header.Matches(Payload).ShouldBeTrue();
        header.Matches([.. Payload, 0]).ShouldBeFalse();
        header.Matches([]).ShouldBeFalse();
    }

    [Fact]
    public void The_payload_is_sealed_with_all_before_its_size_as_associated_data()
    {
        EntryHeader.TryParse(Content().Complete(Payload), out var header).ShouldBeTrue();

        header.AssociatedData.ToArray().ShouldBe(Content().Write());
        header.Bytes.Length.ShouldBe(header.AssociatedData.Length + 4 + 32);
    }

    [Fact]
    public void Refuses_trailing_bytes_and_a_missing_one()
    {
        var bytes = Content().Complete(Payload);
        EntryHeader.TryParse([.. bytes, 0], out _).ShouldBeFalse();
        EntryHeader.TryParse(bytes.AsSpan(..^1), out _).ShouldBeFalse();
        EntryHeader.TryParse([], out _).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_heads_that_are_unsorted_repeated_or_too_many()
    {
        Parses(Content() with { Heads = [new(Of(10)), new(Of(9))] }).ShouldBeFalse();
        Parses(Content() with { Heads = [new(Of(9)), new(Of(9))] }).ShouldBeFalse();
        Parses(Content() with { Heads = [.. Heads(EntryHeader.MaxHeads)] }).ShouldBeTrue();
        Parses(Content() with { Heads = [.. Heads(EntryHeader.MaxHeads + 1)] }).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_control_bytes_over_the_limit_and_in_content()
    {
        var control = Control(EntryKind.Add);
        Parses(control with { Control = new byte[EntryHeader.MaxControlSize] }, []).ShouldBeTrue();
        Parses(control with { Control = new byte[EntryHeader.MaxControlSize + 1] }, []).ShouldBeFalse();
        Parses(control with { Control = new byte[31] }, []).ShouldBeFalse();
        Parses(Content() with { Control = new byte[32] }).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_payloads_over_the_limit_of_their_kind()
    {
        Parses(Content(), new byte[EntryHeader.MaxContentPayload]).ShouldBeTrue();
        Parses(Content(), new byte[EntryHeader.MaxContentPayload + 1]).ShouldBeFalse();
        Parses(Content(), []).ShouldBeFalse();
        Parses(Control(EntryKind.Epoch), new byte[EntryHeader.MaxEpochPayload]).ShouldBeTrue();
        Parses(Control(EntryKind.Epoch), new byte[EntryHeader.MaxEpochPayload + 1]).ShouldBeFalse();
        Parses(Control(EntryKind.Leave), new byte[1]).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_a_first_entry_that_is_no_join_and_a_join_that_is_not_first()
    {
        Parses(Control(EntryKind.Join) with { Seq = 1, Previous = default }, []).ShouldBeTrue();
        Parses(Control(EntryKind.Join), []).ShouldBeFalse();
        Parses(Control(EntryKind.Leave) with { Seq = 1, Previous = default }, []).ShouldBeFalse();
        Parses(Content() with { Seq = 0 }).ShouldBeFalse();
        Parses(Content() with { Previous = default }).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_zeros_for_the_room_but_in_a_genesis()
    {
        Parses(Content() with { Room = default }).ShouldBeFalse();
        var genesis = Control(EntryKind.Genesis) with { Seq = 1, Previous = default };
        Parses(genesis, []).ShouldBeFalse();
        Parses(genesis with { Room = default }, []).ShouldBeTrue();
    }

    [Fact]
    public void Refuses_content_without_an_epoch_and_control_with_one()
    {
        Parses(Content() with { Epoch = default }).ShouldBeFalse();
        Parses(Control(EntryKind.Leave) with { Epoch = Of(7) }, []).ShouldBeFalse();
        Parses(Control(EntryKind.Leave) with { Generation = 1 }, []).ShouldBeFalse();
    }

    [Fact]
    public void Keeps_kinds_that_it_does_not_know()
    {
        Parses(Control((EntryKind)13), []).ShouldBeTrue();
        Parses(Control((EntryKind)255), new byte[500]).ShouldBeTrue();
    }

    [Fact]
    public void Refuses_another_version()
    {
        var bytes = Content().Complete(Payload);
        bytes[0] = 2;
        EntryHeader.TryParse(bytes, out _).ShouldBeFalse();
    }

    [Fact]
    public void No_input_makes_the_parser_throw() =>
        Prop.ForAll<byte[], int>(
                (noise, at) =>
                {
                    var bytes = Content().Complete(Payload);
                    for (var i = 0; i < noise.Length; i++)
                    {
                        bytes[(int)(((uint)at + i) % bytes.Length)] = noise[i];
                    }

                    if (EntryHeader.TryParse(bytes, out var header))
                    {
                        header.Bytes.ToArray().ShouldBe(bytes);
                    }

                    _ = EntryHeader.TryParse(noise, out _);
                    _ = JoinControl.TryParse(noise, out _);
                    _ = KeyControl.TryParse(noise, out _);
                    _ = EpochControl.TryParse(noise, out _);
                    _ = WrapControl.TryParse(noise, out _);
                    return true;
                }
            )
            .QuickCheckThrowOnFailure();

    private const string KnownId = "8d3f6f4ef4a5636024c46c47707a1e64944798226e9ce8f0c0dfb9d834290f33";

    private static EntryPrefix Content() =>
        new(
            EntryKind.Content,
            new RoomId(Of(1)),
            new AuthorId(Of(2)),
            3,
            new EntryId(Of(4)),
            0x5_0000_0006,
            Of(7),
            8,
            [new EntryId(Of(9)), new EntryId(Of(10))],
            default
        );

    private static EntryPrefix Control(EntryKind kind) =>
        Content() with
        {
            Kind = kind,
            Epoch = default,
            Generation = 0,
            Control = new byte[32],
        };

    private static bool Parses(EntryPrefix prefix, byte[]? payload = null) =>
        _ = EntryHeader.TryParse(prefix.Complete(payload ?? Payload), out _);

    private static IEnumerable<EntryId> Heads(int count) =>
        Enumerable.Range(1, count).Select(i => new EntryId(Of((byte)i)));

    private static Bytes32 Of(byte value) => new(Enumerable.Repeat(value, 32).ToArray());

    private static string Hex(byte value) => Of(value).ToString();
}
