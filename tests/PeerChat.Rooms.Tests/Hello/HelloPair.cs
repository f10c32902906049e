using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Tests.Identity;
using Shouldly;

namespace PeerChat.Rooms.Tests.Hello;

/// <summary>Two ends of one connection: alice dials as DTLS client, bob answers. Tests change what they need.</summary>
internal sealed class HelloPair
{
    public static readonly ReadOnlyMemory<byte> RoomKnock = Digest.Hash("room"u8).ToArray();

    public HelloPair(
        HelloContext context,
        Func<HelloParameters, HelloParameters>? alice = null,
        Func<HelloParameters, HelloParameters>? bob = null
    )
    {
        var parameters = Parameters(context, isAlice: true);
        Alice = new HelloSession(Instant.Origin, alice?.Invoke(parameters) ?? parameters);
        parameters = Parameters(context, isAlice: false);
        Bob = new HelloSession(Instant.Origin, bob?.Invoke(parameters) ?? parameters);
    }

    public HelloSession Alice { get; }

    public HelloSession Bob { get; }

    public List<byte[]> FromAlice { get; } = [];

    public List<byte[]> FromBob { get; } = [];

    public static ChannelBinding Channel(bool isClient, byte connection = 1) =>
        ChannelBinding.Derive(
            isClient,
            Digest.Hash([connection, 1]),
            Digest.Hash([connection, 2]),
            Digest.Hash([connection, 3]).ToArray()
        );

    public static HelloParameters Parameters(HelloContext context, bool isAlice, byte connection = 1)
    {
        var (self, other) = isAlice
            ? (TestIdentities.Alice, TestIdentities.Bob)
            : (TestIdentities.Bob, TestIdentities.Alice);
        var dialledOnly = context is HelloContext.Invitation or HelloContext.Stranger;
        return new HelloParameters
        {
            Channel = Channel(isAlice, connection),
            Context = context,
            IsDialler = isAlice,
            Identity = self,
            Name = DisplayName.Of(isAlice ? "alice" : "bob"),
            KnockKey =
                context == HelloContext.Stranger ? default
                : context == HelloContext.Contact ? self.PairWith(other.Public).Signal.KnockKey
                : RoomKnock,
            Expected = context == HelloContext.Contact || (dialledOnly && isAlice) ? other.PeerId : null,
        };
    }

    /// <summary>Carries frames both ways until nothing moves; the tampering sees each frame with its number per direction.</summary>
    public void Run(
        Func<int, byte[], byte[]>? tamperWithAlice = null,
        Func<int, byte[], byte[]>? tamperWithBob = null
    )
    {
        while (true)
        {
            // Both flights are under way before either arrives, as on a real path.
            var (fromAlice, fromBob) = (Take(Alice), Take(Bob));
            if (fromAlice.Count + fromBob.Count == 0)
            {
                return;
            }

            Deliver(fromAlice, Bob, FromAlice, tamperWithAlice);
            Deliver(fromBob, Alice, FromBob, tamperWithBob);
        }
    }

    public static HelloEvent Only(HelloSession session)
    {
        session.TryTakeEvent(out var helloEvent).ShouldBeTrue();
        session.TryTakeEvent(out _).ShouldBeFalse("one event only");
        return helloEvent!;
    }

    public static void ShouldFail(HelloSession session, HelloFailure reason)
    {
        var failed = Only(session).ShouldBeOfType<HelloEvent.Failed>();
        failed.Reason.ShouldBe(reason);
        failed.Sentence.ShouldEndWith(".");
        session.IsFinished.ShouldBeTrue();
        session.NextDeadline.ShouldBeNull();
        session.TryTakeFrame(out _).ShouldBeFalse();

        // Dead means dead, and it says so once.
        session.HandleFrame(Instant.Origin, [1, 2, 3]);
        session.HandleDeadline(Instant.Origin + TimeSpan.FromDays(1));
        session.HandleClosed();
        session.TryTakeEvent(out _).ShouldBeFalse();
        session.TryTakeFrame(out _).ShouldBeFalse();
    }

    public static HelloEvent.Authenticated ShouldKnow(HelloSession session, OwnIdentity peer, string name)
    {
        var authenticated = Only(session).ShouldBeOfType<HelloEvent.Authenticated>();
        authenticated.Peer.ShouldBe(peer.Public);
        authenticated.Name.ToString().ShouldBe(name);
        session.IsFinished.ShouldBeTrue();
        session.NextDeadline.ShouldBeNull();
        return authenticated;
    }

    private static List<byte[]> Take(HelloSession session)
    {
        var frames = new List<byte[]>();
        while (session.TryTakeFrame(out var frame))
        {
            frames.Add(frame);
        }

        return frames;
    }

    private static void Deliver(
        List<byte[]> frames,
        HelloSession to,
        List<byte[]> log,
        Func<int, byte[], byte[]>? tamper
    )
    {
        foreach (var frame in frames)
        {
            var number = log.Count;
            log.Add(frame);
            if (!to.IsFinished)
            {
                to.HandleFrame(Instant.Origin, tamper?.Invoke(number, [.. frame]) ?? frame);
            }
        }
    }
}
