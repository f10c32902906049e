using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Hello;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Hello;

public sealed class CommonRoomsTests
{
    private static readonly ReadOnlyMemory<byte>[] Rooms =
    [
        .. Enumerable.Range(0, 20).Select(i => (ReadOnlyMemory<byte>)Digest.Hash([(byte)i]).ToArray()),
    ];

    [Fact]
    public void Equal_knowledge_shows_a_match_and_nothing_else_does()
    {
        var alice = Write(isClient: true, Rooms[..6]);
        var bob = Write(isClient: false, Rooms[4..10]);

        CommonRooms.TryMatch(bob, HelloPair.Channel(true), Rooms[..6], out var forAlice).ShouldBeTrue();
        CommonRooms.TryMatch(alice, HelloPair.Channel(false), Rooms[4..10], out var forBob).ShouldBeTrue();
        forAlice.ShouldBe([4, 5]);
        forBob.ShouldBe([0, 1]);
    }

    [Fact]
    public void The_size_is_the_same_with_no_room_and_with_sixteen()
    {
        Write(isClient: true, []).Length.ShouldBe(256);
        var full = Write(isClient: true, Rooms[..16]);
        full.Length.ShouldBe(256);
        CommonRooms.TryMatch(full, HelloPair.Channel(false), Rooms, out var matches).ShouldBeTrue();
        matches.ShouldBe(Enumerable.Range(0, 16));
        Should.Throw<ArgumentException>(() => Write(isClient: true, Rooms[..17]));
    }

    [Fact]
    public void Unused_values_are_random_and_the_order_tells_nothing()
    {
        var values = Write(isClient: true, []).Chunk(16).Select(Convert.ToHexString).ToList();
        values.Distinct(StringComparer.Ordinal).Count().ShouldBe(16);
        var places = Enumerable
            .Range(0, 50)
            .Select(seed =>
            {
                var frame = CommonRooms.Write(new SeededEntropy(seed), HelloPair.Channel(true), Rooms[..1]);
                var empty = new SeededEntropy(seed).Bytes(256);
                return Enumerable
                    .Range(0, 16)
                    .Single(i => !frame.AsSpan(i * 16, 16).SequenceEqual(empty.AsSpan(i * 16, 16)));
            });
        places.Distinct().Count().ShouldBeGreaterThan(8);
    }

    [Fact]
    public void An_echo_and_another_connection_match_nothing()
    {
        var frame = Write(isClient: true, Rooms[..3]);
        CommonRooms.TryMatch(frame, HelloPair.Channel(true), Rooms[..3], out var echo).ShouldBeTrue();
        echo.ShouldBeEmpty();
        CommonRooms
            .TryMatch(frame, HelloPair.Channel(false, connection: 2), Rooms[..3], out var other)
            .ShouldBeTrue();
        other.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(257)]
    public void Refuses_another_size(int size) =>
        CommonRooms.TryMatch(new byte[size], HelloPair.Channel(true), Rooms, out _).ShouldBeFalse();

    private static byte[] Write(bool isClient, ReadOnlyMemory<byte>[] rooms) =>
        CommonRooms.Write(new SeededEntropy(isClient ? 1 : 2), HelloPair.Channel(isClient), rooms);
}
