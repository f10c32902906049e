using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>
/// Datagrams from an address that passed no check, in each phase of a connection (Enable Security 2024: a ClientHello from
/// anywhere took sessions of several servers down).
/// </summary>
public sealed class UnvalidatedAddressTests
{
    private static readonly TransportAddress Stranger = Addresses.Of("10.0.0.66:6666");

    private static readonly string[] Phases =
    [
        "described",
        "checking",
        "securing",
        "connected",
        "in use",
        "restart offered",
        "restarting",
        "restarted",
    ];

    /// <summary>Phase, what comes, and whether the connection goes through a relay, where the stranger is let in too.</summary>
    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, bool>();
            foreach (var phase in Phases)
            {
                foreach (
                    var kind in new[]
                    {
                        "client hello",
                        "alert",
                        "copied DTLS",
                        "copied STUN",
                        "unsigned check",
                        "error answer",
                        "noise",
                    }
                )
                {
                    cases.Add(phase, kind, false);
                    cases.Add(phase, kind, true);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Change_nothing(string phase, string kind, bool isRelayed)
    {
        var undisturbed = Play(phase, kind, isRelayed, isDisturbed: false);
        var disturbed = Play(phase, kind, isRelayed, isDisturbed: true);
        disturbed.ShouldBe(undisturbed); // the same events, the same datagrams, at the same times
    }

    // How it went: when the two were connected, what was sent until the end, what arrived.
    private static string Play(string phase, string kind, bool isRelayed, bool isDisturbed)
    {
        // A relay is asked for public addresses only
        var answerer = new ConnectionNode(false, 2, isRelayed ? "198.51.100.2:2000" : "10.0.0.2:2000");
        var pair = new ConnectionPair(answerer: answerer);
        if (isRelayed)
        {
            pair.Offerer.AddRelay("203.0.113.9:5000", pair.Network.Now);
        }

        byte[]? dtls = null;
        byte[]? stun = null;
        var answers = 0;
        var fromUs = 0;
        pair.Network.Middlebox = datagram =>
        {
            var isStun = datagram.Payload.Span[0] <= 3;
            dtls = isStun ? dtls : datagram.Payload.ToArray();
            stun = isStun ? datagram.Payload.ToArray() : stun;
            answers += datagram.Remote == Stranger ? 1 : 0;
            fromUs += datagram.Remote == Stranger ? 0 : 1;
            var isDirect =
                datagram.Local == pair.Offerer.Addresses[0] || datagram.Remote == pair.Offerer.Addresses[0];
            return datagram.Remote == Stranger || (isRelayed && isDirect) ? null : datagram;
        };
        if (phase == "described")
        {
            _ = pair.Offerer.Connection.LocalDescription;
            Disturb();
        }

        pair.Meet();
        if (phase == "checking")
        {
            Disturb();
        }

        RunTo(() => pair.Offerer.Connection.State >= PeerConnectionState.Securing);
        if (phase == "securing")
        {
            Disturb();
        }

        RunTo(() => pair.Offerer.IsConnected && pair.Answerer.IsConnected);
        var connected = pair.Network.Now;
        if (phase == "connected")
        {
            Disturb();
        }

        var channel = pair.Offerer.Connection.OpenChannel("c", pair.Network.Now);
        pair.Offerer.Connection.Send(channel, isText: false, new byte[5000], pair.Network.Now);
        RunTo(() => pair.Answerer.Messages.Any());
        if (phase == "in use")
        {
            Disturb();
        }

        pair.Offerer.Connection.Send(channel, isText: false, new byte[50], pair.Network.Now);
        RunTo(() => pair.Answerer.Messages.Count() == 2);
        if (phase.StartsWith("restart", StringComparison.Ordinal))
        {
            Restart();
            pair.Offerer.Connection.Send(channel, isText: false, new byte[50], pair.Network.Now);
            RunTo(() => pair.Answerer.Messages.Count() == 3);
        }

        var done = pair.Network.Now;
        pair.Network.Run(TimeSpan.FromSeconds(30));
        pair.Offerer.Connection.SelectedRemote.ShouldBe(pair.Answerer.Addresses[0]);
        pair.Offerer.Connection.IsRelayed.ShouldBe(isRelayed);
        answers.ShouldBe(0);
        return $"{connected} {done} {fromUs} {pair.Offerer.Connection.State} {pair.Answerer.Connection.State}";

        void RunTo(Func<bool> condition) =>
            pair.Network.RunUntil(condition, TimeSpan.FromSeconds(5)).ShouldBeTrue();

        void Restart()
        {
            var (one, other, now) = (pair.Offerer, pair.Answerer, pair.Network.Now);
            one.Connection.TryOfferRestart(one.Addresses.Take(1).ToList(), one.Relayed, now, out var offer)
                .ShouldBeTrue();
            if (phase == "restart offered")
            {
                Disturb();
            }

            other
                .Connection.TryAnswerRestart(offer!, other.Addresses, [], now, out var answer)
                .ShouldBeTrue();
            one.Connection.TryCompleteRestart(answer!, now).ShouldBeTrue();
            pair.Network.Run(TimeSpan.FromMilliseconds(1));
            if (phase == "restarting")
            {
                Disturb();
            }

            pair.Network.Run(TimeSpan.FromSeconds(1));
            one.Connection.LocalDescription.Ufrag.ShouldBe(offer!.Ufrag);
            if (phase == "restarted")
            {
                Disturb();
            }
        }

        void Disturb()
        {
            foreach (var victim in new[] { pair.Offerer, pair.Answerer })
            {
                foreach (var address in isDisturbed ? victim.Addresses : [])
                {
                    for (var i = 0; i < 20; i++)
                    {
                        var bytes = Datagram(kind, dtls, stun, i);
                        victim.HandleDatagram(pair.Network.Now, address, Stranger, bytes);
                    }
                }
            }
        }
    }

    private static byte[] Datagram(string kind, byte[]? dtls, byte[]? stun, int seed)
    {
        var random = new Random(seed);
        var id = new byte[12];
        random.NextBytes(id);
        switch (kind)
        {
            case "client hello":
                return ClientHello(seed);
            case "alert":
                return [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40];
            case "copied DTLS" when dtls is not null:
                return [.. dtls];
            case "copied STUN" when stun is not null && (stun[0] & 1) != 0: // an answer; a copied check is answered, as it is signed
                return [.. stun];
            case "unsigned check":
                return [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. id];
            case "error answer":
                return [1, 0x11, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. id];
            default:
                var noise = new byte[random.Next(1, 1300)];
                random.NextBytes(noise);
                return noise;
        }
    }

    private static byte[] ClientHello(int seed)
    {
        var entropy = new SeededEntropy(seed);
        using var certificate = DtlsCertificate.Create(entropy);
        using var client = new DtlsConnection(true, certificate, new byte[32], entropy);
        client.Start(Instant.Origin, null);
        client.TryTakeTransmit(out var hello).ShouldBeTrue();
        return hello.ToArray();
    }
}
