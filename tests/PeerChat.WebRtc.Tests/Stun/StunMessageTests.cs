using System.Buffers.Binary;
using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Stun;

public sealed class StunMessageTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("a password of 22 chars");
    private static readonly StunTransactionId Id = new(0x01020304, 0x05060708090A0B0C);

    private static byte[] Write(Action<Writing> write, bool signed = true)
    {
        var writing = new Writing();
        write(writing);
        var buffer = new byte[StunMessage.MaxSize];
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, Id);
        foreach (var step in writing.Steps)
        {
            step(ref writer);
        }

        return (signed ? writer.Finish(Key) : writer.FinishUnsigned()).ToArray();
    }

    [Fact]
    public void Reads_back_what_it_writes()
    {
        var bytes = Write(w =>
        {
            w.Add((ref StunMessageWriter m) => m.WriteUsername("peer", "ours5"));
            w.Add((ref StunMessageWriter m) => m.WritePriority(7));
            w.Add((ref StunMessageWriter m) => m.WriteRole(isControlling: true, 8));
            w.Add((ref StunMessageWriter m) => m.WriteUseCandidate());
            w.Add((ref StunMessageWriter m) => m.WriteErrorCode(StunErrorCode.RoleConflict));
        });

        StunMessage.TryParse(bytes, out var message).ShouldBeTrue();
        message.Header.TransactionId.ShouldBe(Id);
        Encoding.ASCII.GetString(message.Username).ShouldBe("peer:ours5");
        message.Priority.ShouldBe(7u);
        message.IceControlling.ShouldBe(8ul);
        message.UseCandidate.ShouldBeTrue();
        message.ErrorCode.ShouldBe(487);
        message.VerifyIntegrity(Key).ShouldBeTrue();
    }

    [Fact]
    public void Reads_back_any_address()
    {
        var bytes = Gen.Choose(0, 255).Select(i => (byte)i);
        var addresses =
            from length in Gen.Elements(4, 16)
            from address in bytes.ArrayOf(length)
            from port in Gen.Choose(0, 65535)
            select TransportAddress.FromBytes(address, port);
        Prop.ForAll(
                addresses.ToArbitrary(),
                address =>
                {
                    var message = Write(w =>
                        w.Add((ref StunMessageWriter m) => m.WriteMappedAddress(address))
                    );
                    return StunMessage.TryParse(message, out var parsed) && parsed.MappedAddress == address;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Never_throws_on_any_bytes()
    {
        var seed = Write(w =>
        {
            w.Add((ref StunMessageWriter m) => m.WriteUsername("peer", "ours"));
            w.Add((ref StunMessageWriter m) => m.WriteErrorCode(StunErrorCode.BadRequest));
            w.Add(
                (ref StunMessageWriter m) =>
                    m.WriteMappedAddress(new TransportAddress(IPAddress.IPv6Loopback, 9))
            );
        });
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = seed.AsSpan(0, random.Next(seed.Length + 1)).ToArray();
            for (var n = random.Next(5); n > 0 && bytes.Length > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (bytes.Length >= StunHeader.Size)
            {
                // right lengths let the parser go deeper
                BinaryPrimitives.WriteUInt16BigEndian(
                    bytes.AsSpan(2),
                    (ushort)(bytes.Length - StunHeader.Size)
                );
            }

            if (StunMessage.TryParse(bytes, out var message))
            {
                message.VerifyIntegrity(Key);
            }
        }
    }

    [Fact]
    public void Reports_unknown_attributes_that_must_be_understood_and_skips_the_others()
    {
        var bytes = Write(w =>
        {
            w.AddRaw(0x7FFF, [1, 2, 3]);
            w.AddRaw(0xC057, [1, 2, 3, 4]);
        });

        StunMessage.TryParse(bytes, out var message).ShouldBeTrue();
        message.UnknownAttributes.ToArray().ShouldBe([(ushort)0x7FFF]);
    }

    [Fact]
    public void Reports_no_more_unknown_attributes_than_the_limit()
    {
        var bytes = Write(w =>
        {
            for (ushort i = 0; i < 100; i++)
            {
                w.AddRaw((ushort)(0x7000 + i), []);
            }
        });

        StunMessage.TryParse(bytes, out var message).ShouldBeTrue();
        message.UnknownAttributes.Length.ShouldBe(StunMessage.MaxUnknownAttributes);
    }

    [Fact]
    public void Takes_the_first_of_repeated_attributes()
    {
        var bytes = Write(w =>
        {
            w.Add((ref StunMessageWriter m) => m.WritePriority(1));
            w.Add((ref StunMessageWriter m) => m.WritePriority(2));
            w.Add((ref StunMessageWriter m) => m.WriteUsername("user", "one1"));
            w.Add((ref StunMessageWriter m) => m.WriteUsername("user", "two2"));
        });

        StunMessage.TryParse(bytes, out var message).ShouldBeTrue();
        message.Priority.ShouldBe(1u);
        Encoding.ASCII.GetString(message.Username).ShouldBe("user:one1");
    }

    [Fact]
    public void Ignores_what_follows_the_integrity()
    {
        var signed = Write(w => w.Add((ref StunMessageWriter m) => m.WritePriority(1)));
        var withoutFingerprint = signed.AsSpan(..^8).ToArray();
        byte[] bytes = [.. withoutFingerprint, 0x00, 0x25, 0x00, 0x00];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)(bytes.Length - StunHeader.Size));

        StunMessage.TryParse(bytes, out var message).ShouldBeTrue();
        message.UseCandidate.ShouldBeFalse();
        message.VerifyIntegrity(Key).ShouldBeTrue();
    }

    [Fact]
    public void Refuses_attributes_behind_the_fingerprint_and_beyond_the_end()
    {
        var signed = Write(w => w.Add((ref StunMessageWriter m) => m.WritePriority(1)));
        byte[] longer = [.. signed, 0x80, 0x22, 0x00, 0x00];
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(2), (ushort)(longer.Length - StunHeader.Size));
        StunMessage.TryParse(longer, out _).ShouldBeFalse();

        var overlong = Write(w => { }, signed: false);
        overlong[^5] = 5; // the length of FINGERPRINT, one too much
        StunMessage.TryParse(overlong, out _).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_a_message_longer_than_the_limit()
    {
        static byte[] OfSize(int size)
        {
            var bytes = new byte[size];
            new StunHeader(StunMessageType.BindingRequest, (ushort)(size - StunHeader.Size), Id).Write(bytes);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(StunHeader.Size), 0x8022);
            BinaryPrimitives.WriteUInt16BigEndian(
                bytes.AsSpan(StunHeader.Size + 2),
                (ushort)(size - StunHeader.Size - 4)
            );
            return bytes;
        }

        StunMessage.TryParse(OfSize(StunMessage.MaxSize), out _).ShouldBeTrue();
        StunMessage.TryParse(OfSize(StunMessage.MaxSize + 4), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 0xC0)] // the two top bits of a STUN message are zero
    [InlineData(3, 0x01)] // a length that is no multiple of four
    [InlineData(4, 0x01)] // another cookie
    [InlineData(3, 0x04)] // a length beyond the datagram
    public void Refuses_a_wrong_header(int index, byte flip)
    {
        var bytes = Write(w => { }, signed: false);
        bytes[index] ^= flip;
        StunHeader.TryParse(bytes, out _).ShouldBeFalse();
    }

    private delegate void Step(ref StunMessageWriter writer);

    private sealed class Writing
    {
        public List<Step> Steps { get; } = [];

        public void Add(Step step) => Steps.Add(step);

        public void AddRaw(ushort type, byte[] value) =>
            Steps.Add((ref StunMessageWriter writer) => writer.WriteRaw((StunAttributeType)type, value));
    }
}
