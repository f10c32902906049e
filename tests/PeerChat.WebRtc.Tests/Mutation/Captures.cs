using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Tests.Connection;
using PeerChat.WebRtc.Tests.DataChannels;
using PeerChat.WebRtc.Tests.Sctp;
using PeerChat.WebRtc.Tests.Sdp;
using PeerChat.WebRtc.Tests.Stun;
using PeerChat.WebRtc.Tests.Turn;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>What two of our own stacks said to each other, as the raw material of mutation.</summary>
internal sealed class Captures
{
    // Our server asks for no cookie: record, handshake header, version, cookie of eight bytes
    private static readonly byte[] HelloVerifyRequest = Convert.FromHexString(
        "16fefd0000000000000000" + "0017" + "0300000b00000000000000" + "0b" + "fefd" + "080102030405060708"
    );

    // What the extension holds: one profile, no MKI
    private static readonly byte[] UseSrtp = [0, 2, 0, 7, 0];

    /// <summary>STUN messages.</summary>
    public List<byte[]> Stun { get; } = [];

    /// <summary>What a TURN server said: answers, challenges, indications, channel data.</summary>
    public List<byte[]> Turn { get; } = [];

    /// <summary>Certificates as peers show them: ECDSA on both curves, RSA.</summary>
    public List<byte[]> Certificates { get; } = [];

    /// <summary>Datagrams with DTLS records.</summary>
    public List<byte[]> Dtls { get; } = [];

    /// <summary>SCTP packets: set-up, data in fragments, channels, resets, giving up, closing.</summary>
    public List<byte[]> Sctp { get; } = [];

    /// <summary>Descriptions, ours and others'.</summary>
    public List<byte[]> Sdp { get; } = [];

    /// <summary>Makes them anew, always the same but for keys.</summary>
    public static Captures Make()
    {
        var captures = new Captures();
        captures.RecordConnection();
        captures.RecordChannels(interleaves: true);
        captures.RecordChannels(interleaves: false);
        captures.RecordTurn();
        captures.RecordCertificates();
        captures.RecordShutdown();
        captures.Dtls.Add(HelloVerifyRequest);
        captures.Dtls.Add(UseSrtp);
        foreach (var text in new[] { SdpSamples.Chromium, SdpSamples.Firefox })
        {
            captures.Sdp.Add(Encoding.UTF8.GetBytes(text));
        }

        return captures;
    }

    private void RecordConnection()
    {
        var pair = new ConnectionPair();
        pair.Network.Middlebox = datagram =>
        {
            (datagram.Payload.Span[0] <= 3 ? Stun : Dtls).Add(datagram.Payload.ToArray());
            return datagram;
        };
        pair.Connect();
        Sdp.Add(
            Encoding.UTF8.GetBytes(
                PeerChat.WebRtc.Sdp.SdpDocument.WriteOffer(pair.Offerer.Connection.LocalDescription)
            )
        );
        var channel = pair.Offerer.Connection.OpenChannel("channel", pair.Network.Now);
        pair.Offerer.Connection.Send(channel, isText: true, "text"u8, pair.Network.Now);
        pair.Network.Run(TimeSpan.FromSeconds(20));
        pair.Offerer.Connection.Close(pair.Network.Now);
        pair.Network.Run(TimeSpan.FromSeconds(1));
    }

    private void RecordChannels(bool interleaves)
    {
        var options = new WebRtc.Sctp.SctpOptions { InterleavesMessages = interleaves };
        var pair = new ChannelPair(seed: 3, loss: 0.1, options: options);
        pair.Associations.Filter = (_, packet) =>
        {
            Sctp.Add(packet);
            return true;
        };
        pair.Connect();
        var ordered = pair.Client.Open("ordered", new DataChannelOptions(), pair.Now);
        var lossy = pair.Client.Open(
            "lossy",
            new DataChannelOptions
            {
                IsOrdered = false,
                MaxRetransmits = 0,
                Protocol = "p",
            },
            pair.Now
        );
        var theirs = pair.Server.Open("theirs", new DataChannelOptions(), pair.Now);
        for (var i = 0; i < 20; i++)
        {
            pair.Client.Send(ordered, isText: false, new byte[i * 200], pair.Now);
            pair.Client.Send(lossy, isText: true, new byte[i * 100], pair.Now);
            pair.Server.Send(theirs, isText: false, new byte[i * 50], pair.Now);
        }

        pair.RunFor(TimeSpan.FromSeconds(40));
        pair.Client.Close(ordered, pair.Now);
        pair.Server.Close(theirs, pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(5));
        pair.Associations.Left.Abort(pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(1));
    }

    private void RecordShutdown()
    {
        var pair = new AssociationPair();
        pair.Filter = (_, packet) =>
        {
            Sctp.Add(packet);
            return true;
        };
        pair.Connect();
        pair.Left.Shutdown(pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(1));
    }

    private void RecordTurn()
    {
        var peer = Addresses.Of("198.51.100.20:4000");
        foreach (var isStream in new[] { false, true })
        {
            var world = new TurnWorld(isStream: isStream, set: server => server.NonceUses = 3)
            {
                Tap = Turn.Add,
            };
            world.Allocate();
            world.Server.FromPeer(peer, "unasked"u8.ToArray());
            world.Client.Send(peer, "hello"u8, world.Now);
            world.Run(TimeSpan.FromSeconds(1));
            world.Server.FromPeer(peer, "answer"u8.ToArray());
            world.Server.Indicate(peer, "by indication"u8.ToArray());
            world.Run(TimeSpan.FromMinutes(10));
            world.Client.Release(world.Now);
            world.Run(TimeSpan.FromSeconds(1));
        }

        Stun.AddRange(Turn);
        Stun.Add(Rfc8489Tests.ChallengeBytes("obMatJos2wAAAx", [0, 1, 0, 0, 0, 2, 0, 0])); // MD5 and SHA-256
    }

    private void RecordCertificates()
    {
        using var own = DtlsCertificate.Create(new SeededEntropy(1));
        Certificates.Add(own.Der);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        CertificateRequest[] requests =
        [
            new("CN=a", p384, HashAlgorithmName.SHA384),
            new("CN=b", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ];
        foreach (var request in requests)
        {
            using var certificate = request.CreateSelfSigned(
                DateTimeOffset.UnixEpoch,
                DateTimeOffset.MaxValue
            );
            Certificates.Add(certificate.RawData);
        }
    }
}
