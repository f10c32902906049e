using PeerChat.Primitives;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Tests.Identity;
using PeerChat.Rooms.Tests.Vectors;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Hello;

public sealed class HelloVectorTests
{
    private static readonly VectorFile Vectors = VectorFile.Load("hello.txt");

    [Fact]
    public void The_channel_binding_is_the_known_hash() =>
        Channel(true).Value.ToArray().ShouldBe(Vectors.Bytes("channel binding"));

    [Theory]
    [InlineData(true, "client", "server")]
    [InlineData(false, "server", "client")]
    public void Holds_the_known_hello_with_a_second_implementation(bool isClient, string own, string peer)
    {
        var (self, other) = isClient
            ? (TestIdentities.Alice, TestIdentities.Bob)
            : (TestIdentities.Bob, TestIdentities.Alice);
        var session = new HelloSession(
            Instant.Origin,
            new HelloParameters
            {
                Channel = Channel(isClient),
                Context = HelloContext.Contact,
                IsDialler = isClient,
                Identity = self,
                Name = DisplayName.Of(isClient ? "alice" : "bob"),
                KnockKey = self.PairWith(other.Public).Signal.KnockKey,
                Expected = other.PeerId,
            }
        );

        session.TryTakeFrame(out var hello).ShouldBeTrue();
        hello.ShouldBe(Vectors.Bytes(own + " hello"));
        session.HandleFrame(Instant.Origin, Vectors.Bytes(peer + " hello"));
        session.TryTakeFrame(out var auth).ShouldBeTrue();
        auth.ShouldNotBeNull();
        auth[..^64].ShouldBe(Vectors.Bytes(own + " auth")[..^64]);
        self.Public.VerifyAuth(Vectors.Bytes(own + " signed message"), auth.AsSpan(^64..)).ShouldBeTrue();

        session.HandleFrame(Instant.Origin, Vectors.Bytes(peer + " auth"));
        HelloPair.ShouldKnow(session, other, isClient ? "bob" : "alice");
    }

    [Fact]
    public void Names_a_common_room_by_the_known_value()
    {
        var key = Enumerable.Repeat((byte)0x33, 32).ToArray();
        var frame = CommonRooms.Write(new TestKit.SeededEntropy(1), Channel(true), [key]);
        frame.Chunk(16).ShouldContain(value => value.SequenceEqual(Vectors.Bytes("client room value")));
        frame = CommonRooms.Write(new TestKit.SeededEntropy(1), Channel(false), [key]);
        frame.Chunk(16).ShouldContain(value => value.SequenceEqual(Vectors.Bytes("server room value")));
    }

    private static ChannelBinding Channel(bool isClient) =>
        ChannelBinding.Derive(
            isClient,
            new Bytes32(Vectors.Bytes("client certificate hash")),
            new Bytes32(Vectors.Bytes("server certificate hash")),
            Vectors.Bytes("exporter")
        );
}
