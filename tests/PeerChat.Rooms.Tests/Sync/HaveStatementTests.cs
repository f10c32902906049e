using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Sync;
using PeerChat.Rooms.Tests.Rooms;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Sync;

public class HaveStatementTests
{
    [Fact]
    public void Signs_room_author_counter_and_the_sorted_heads()
    {
        var key = new SeededKeySource(1).NewSigningKey();
        var statement = HaveStatement.Create(new RoomId(Of(1)), key, 5, [Head(2, 7), Head(3, 8)]);

        Convert
            .ToHexStringLower(statement.Bytes.Span)
            .ShouldBe(
                string.Concat(
                    Of(1).ToString(),
                    AuthorKey.IdOf(key.PublicKey).ToString(),
                    "0000000000000005",
                    Of(2).ToString(),
                    "0000000000000007",
                    Of(7).ToString(),
                    Of(3).ToString(),
                    "0000000000000008",
                    Of(8).ToString()
                )
            );
        statement.Verify(key.PublicKey.Span).ShouldBeTrue();
        HaveStatement.TryRestore(statement.Stored, out var back).ShouldBeTrue();
        back.Verify(key.PublicKey.Span).ShouldBeTrue();
        back.Heads.Count.ShouldBe(2);
    }

    [Fact]
    public void Refuses_unsorted_and_repeated_heads_trailing_bytes_and_seq_0()
    {
        Parses([Head(3, 8), Head(2, 7)]).ShouldBeFalse();
        Parses([Head(3, 0)]).ShouldBeFalse();
        Parses([Head(2, 7), Head(3, 8)]).ShouldBeTrue();
        Parses([]).ShouldBeTrue();
        var good = Statement([Head(2, 7)]);
        byte[] twice = [.. good.Bytes.Span, .. good.Bytes.Span[72..]];
        HaveStatement.TryParse(twice, good.Signature.Span, out _).ShouldBeFalse();
        byte[] trailing = [.. good.Bytes.Span, 0];
        HaveStatement.TryParse(trailing, good.Signature.Span, out _).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_more_heads_than_a_room_has_authors()
    {
        var many = Statement([]).Bytes.ToArray().Concat(new byte[72 * 1025]).ToArray();
        HaveStatement.TryParse(many, new byte[64], out _).ShouldBeFalse();
    }

    [Fact]
    public void No_input_makes_the_parser_throw() =>
        Prop.ForAll<byte[]>(noise =>
            {
                _ = HaveStatement.TryParse(noise, new byte[64], out _);
                _ = HaveStatement.TryRestore(noise, out _);
                _ = HaveStatement.TryParse([.. new byte[72], .. noise], noise, out _);
                return true;
            })
            .QuickCheckThrowOnFailure();

    private static bool Parses(KeyValuePair<AuthorId, LogHead>[] heads)
    {
        var statement = Statement(heads);
        return HaveStatement.TryParse(statement.Bytes.Span, statement.Signature.Span, out _);
    }

    private static HaveStatement Statement(KeyValuePair<AuthorId, LogHead>[] heads) =>
        HaveStatement.Create(new RoomId(Of(1)), new SeededKeySource(1).NewSigningKey(), 5, heads);

    private static KeyValuePair<AuthorId, LogHead> Head(byte author, ulong seq) =>
        new(new AuthorId(Of(author)), new LogHead(seq, new EntryId(Of((byte)seq))));

    private static Bytes32 Of(byte value) => new(Enumerable.Repeat(value, 32).ToArray());
}
