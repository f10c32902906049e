using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Extensions;
using PeerChat.WebRtc.Dtls.Messages;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

public sealed class MessageParserTests
{
    private delegate bool Parser(ReadOnlySpan<byte> source, out IHandshakeMessage? message);

    private static readonly Dictionary<string, Parser> Parsers = new(StringComparer.Ordinal)
    {
        [nameof(ClientHello)] = (s, out m) => Keep(ClientHello.TryParse(s, out var x), x, out m),
        [nameof(ServerHello)] = (s, out m) => Keep(ServerHello.TryParse(s, out var x), x, out m),
        [nameof(HelloVerifyRequest)] = (s, out m) =>
            Keep(HelloVerifyRequest.TryParse(s, out var x), x, out m),
        [nameof(CertificateMessage)] = (s, out m) =>
            Keep(CertificateMessage.TryParse(s, out var x), x, out m),
        [nameof(ServerKeyExchange)] = (s, out m) => Keep(ServerKeyExchange.TryParse(s, out var x), x, out m),
        [nameof(CertificateRequest)] = (s, out m) =>
            Keep(CertificateRequest.TryParse(s, out var x), x, out m),
        [nameof(ServerHelloDone)] = (s, out m) => Keep(ServerHelloDone.TryParse(s, out var x), x, out m),
        [nameof(ClientKeyExchange)] = (s, out m) => Keep(ClientKeyExchange.TryParse(s, out var x), x, out m),
        [nameof(CertificateVerify)] = (s, out m) => Keep(CertificateVerify.TryParse(s, out var x), x, out m),
        [nameof(Finished)] = (s, out m) => Keep(Finished.TryParse(s, out var x), x, out m),
    };

    private static readonly HelloExtensions AllExtensions = new()
    {
        Groups = [23, 29],
        PointFormats = [0, 1],
        SignatureSchemes = [0x0403, 0x0804],
        UseSrtp = new UseSrtp([7, 1], Mki: [9]),
        ExtendedMasterSecret = true,
        RenegotiatedConnection = [],
    };

    private static readonly Dictionary<string, IHandshakeMessage> Samples = new(StringComparer.Ordinal)
    {
        [nameof(ClientHello)] = new ClientHello(
            0xFEFD,
            Filled(32),
            [],
            Filled(20),
            [0xC02C, 0xFF],
            AllExtensions
        ),
        [nameof(ServerHello)] = new ServerHello(
            0xFEFD,
            Filled(32),
            Filled(32),
            0xC02B,
            0,
            AllExtensions with
            {
                Groups = null,
                SignatureSchemes = null,
            }
        ),
        [nameof(HelloVerifyRequest)] = new HelloVerifyRequest(0xFEFF, Filled(255)),
        [nameof(CertificateMessage)] = new CertificateMessage(Filled(400)),
        [nameof(ServerKeyExchange)] = new ServerKeyExchange(
            NamedGroup.Secp256r1,
            Filled(65),
            SignatureScheme.EcdsaSha256,
            Filled(71)
        ),
        [nameof(CertificateRequest)] = new CertificateRequest([64, 1], PeerCertificate.Schemes),
        [nameof(ServerHelloDone)] = default(ServerHelloDone),
        [nameof(ClientKeyExchange)] = new ClientKeyExchange(Filled(65)),
        [nameof(CertificateVerify)] = new CertificateVerify(SignatureScheme.RsaPkcs1Sha256, Filled(256)),
        [nameof(Finished)] = new Finished(Filled(12)),
    };

    public static TheoryData<string> Names => [.. Samples.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Round_trips(string name)
    {
        var bytes = BodyOf(Samples[name]);
        Parsers[name](bytes, out var parsed).ShouldBeTrue();
        BodyOf(parsed!).ShouldBe(bytes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Refuses_every_shorter_body_and_a_longer_one(string name)
    {
        var bytes = BodyOf(Samples[name]);
        for (var length = 0; length < bytes.Length; length++)
        {
            // A hello may end before its extensions (RFC 5246 section 7.4.1.2); nothing else may be cut.
            if (Parsers[name](bytes.AsSpan(0, length), out var parsed))
            {
                name.ShouldBeOneOf(nameof(ClientHello), nameof(ServerHello));
                BodyOf(parsed!).Length.ShouldBeLessThanOrEqualTo(length + 2);
            }
        }

        Parsers[name]([.. bytes, 0], out _).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Survives_random_bytes_and_flipped_bytes(string name)
    {
        Prop.ForAll<byte[]>(bytes => Survives(name, bytes)).QuickCheckThrowOnFailure();
        var sample = BodyOf(Samples[name]);
        Prop.ForAll<(ushort Position, byte Value)[]>(flips =>
            {
                var bytes = sample.ToArray();
                foreach (var (position, value) in flips.Where(_ => bytes.Length > 0))
                {
                    bytes[position % bytes.Length] = value;
                }

                Survives(name, bytes);
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Headers_and_alerts_round_trip_and_survive_random_bytes()
    {
        Prop.ForAll<byte, ushort, ushort>(
                (type, sequence, length) =>
                {
                    var record = new RecordHeader(
                        (ContentType)type,
                        0xFEFD,
                        1,
                        sequence,
                        (ushort)(length % 16384)
                    );
                    var bytes = new byte[RecordHeader.Size + record.Length];
                    record.Write(bytes);
                    RecordHeader.TryParse(bytes, out var parsedRecord).ShouldBeTrue();
                    parsedRecord.ShouldBe(record);
                    RecordHeader.TryParse(bytes.AsSpan(0, bytes.Length - 1), out _).ShouldBeFalse();

                    var handshake = new HandshakeHeader(
                        (HandshakeType)type,
                        length,
                        sequence,
                        length / 2,
                        length / 4
                    );
                    bytes = new byte[HandshakeHeader.Size + handshake.FragmentLength];
                    handshake.Write(bytes);
                    HandshakeHeader.TryParse(bytes, out var parsedHandshake).ShouldBeTrue();
                    parsedHandshake.ShouldBe(handshake);
                }
            )
            .QuickCheckThrowOnFailure();
        Prop.ForAll<byte[]>(bytes =>
            {
                _ = RecordHeader.TryParse(bytes, out _);
                _ = HandshakeHeader.TryParse(bytes, out _);
                _ = Alert.TryParse(bytes, out _);
                _ = UseSrtp.TryParse(bytes, out _);
            })
            .QuickCheckThrowOnFailure();
        Alert.TryParse([3, 0], out _).ShouldBeFalse();
        Alert.TryParse([2, 40, 2, 40], out _).ShouldBeFalse();
    }

    [Fact]
    public void A_fragment_outside_its_message_is_refused()
    {
        var bytes = new byte[HandshakeHeader.Size + 10];
        new HandshakeHeader(HandshakeType.Certificate, 10, 0, 1, 10).Write(bytes);
        HandshakeHeader.TryParse(bytes, out _).ShouldBeFalse();
        new HandshakeHeader(HandshakeType.Certificate, 0xFFFFFF, 0, 0xFFFFFF, 0xFFFFFF).Write(bytes);
        HandshakeHeader.TryParse(bytes, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_repeated_extension_is_refused()
    {
        byte[] block = [0, 8, 0, 23, 0, 0, 0, 23, 0, 0];
        var reader = new SpanReader(block);
        HelloExtensions.TryParse(ref reader, isServerHello: false, out _).ShouldBeFalse();
    }

    [Fact]
    public void More_extensions_than_the_limit_are_refused()
    {
        Parses(HelloExtensions.MaxCount).ShouldBeTrue();
        Parses(HelloExtensions.MaxCount + 1).ShouldBeFalse();

        static bool Parses(int count)
        {
            var block = new byte[2 + (count * 4)];
            var writer = new SpanWriter(block);
            writer.WriteUInt16((ushort)(count * 4));
            for (var i = 0; i < count; i++)
            {
                writer.WriteUInt32((uint)(1000 + i) << 16);
            }

            var reader = new SpanReader(block);
            return HelloExtensions.TryParse(ref reader, isServerHello: false, out _);
        }
    }

    [Fact]
    public void Garbage_never_throws_at_a_connection()
    {
        using var pair = DtlsPair.Connected();
        using var fresh = new DtlsPair(seed: 2);
        fresh.Start();
        Prop.ForAll<byte, bool, byte[]>(
                (type, epoch, body) =>
                {
                    var datagram = new byte[RecordHeader.Size + body.Length];
                    var header = new RecordHeader(
                        (ContentType)(20 + (type % 5)),
                        0xFEFD,
                        (ushort)(epoch ? 1 : 0),
                        5,
                        (ushort)body.Length
                    );
                    header.Write(datagram);
                    body.CopyTo(datagram, RecordHeader.Size);
                    foreach (var side in new[] { pair.Client, pair.Server, fresh.Client, fresh.Server })
                    {
                        side.Connection.HandleDatagram(Instant.Origin, datagram);
                        side.Connection.HandleDatagram(Instant.Origin, body);
                        side.Drain();
                    }
                }
            )
            .QuickCheckThrowOnFailure();
        pair.Client.CloseReason.ShouldBeNull();
        pair.Server.CloseReason.ShouldBeNull();
    }

    private static void Survives(string name, byte[] bytes)
    {
        if (Parsers[name](bytes, out var message) && bytes.Length < 400)
        {
            BodyOf(message!);
        }
    }

    private static byte[] BodyOf(IHandshakeMessage message)
    {
        var buffer = new byte[HandshakeMessage.MaxLength];
        return buffer[..message.Write(buffer)];
    }

    private static byte[] Filled(int length) => [.. Enumerable.Range(1, length).Select(i => (byte)i)];

    private static bool Keep(bool ok, IHandshakeMessage? parsed, out IHandshakeMessage? message)
    {
        message = ok ? parsed : null;
        return ok;
    }
}
