using System.Text;
using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan;

/// <summary>How offers and answers travel by UDP, from the very socket that ICE uses.</summary>
/// <remarks>
/// <code>
/// +-----------+---------+------+--------+-------------+------+-------------+------+
/// | D7 50 43 53 | version | kind | tag 20 | name length | name | blob length | blob |
/// |     4     |    1    |   1  |   20   |      1      | 0-128|      2      |0-2200|
/// +-----------+---------+------+--------+-------------+------+-------------+------+
/// </code>
/// The first byte lies above everything that shares the socket: STUN 0-3, DTLS 20-63, TURN channels 64-79,
/// RTP 128-191 (RFC 7983 section 7).
/// </remarks>
/// <param name="Kind">What it carries.</param>
/// <param name="Tag">Twenty bytes by which the listener recognises whom the offer is for.</param>
/// <param name="DiallerName">The name under which a dialler of a bare name goes; in offers only.</param>
/// <param name="Blob">The sealed offer or answer; empty for <see cref="SignalKind.Open"/>.</param>
public sealed record SignalDatagram(
    SignalKind Kind,
    ReadOnlyMemory<byte> Tag,
    string? DiallerName,
    ReadOnlyMemory<byte> Blob
)
{
    /// <summary>Bytes of a tag: an HMAC cut to 160 bits.</summary>
    public const int TagSize = 20;

    /// <summary>The longest dialler name in bytes of UTF-8, as announced on the network.</summary>
    public const int MaxNameSize = 128;

    /// <summary>The longest sealed blob: 2,048 bytes of padded plaintext and what sealing adds.</summary>
    public const int MaxBlobSize = 2200;

    /// <summary>The longest datagram; larger ones are refused before they are looked at.</summary>
    public const int MaxSize = 2400;

    /// <summary>The first byte, by which the socket's owner tells signals from STUN, DTLS, TURN and RTP.</summary>
    public const byte FirstByte = 0xD7;

    private const byte Version = 1;
    private const int FixedSize = 4 + 1 + 1 + TagSize + 1 + 2;

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private static ReadOnlySpan<byte> Magic => [FirstByte, (byte)'P', (byte)'C', (byte)'S'];

    /// <summary>Whether a datagram on a shared socket claims to be a signal; the rest may still be broken.</summary>
    public static bool IsSignal(ReadOnlySpan<byte> datagram) => datagram.StartsWith(Magic);

    /// <summary>Reads a datagram; false unless every byte is accounted for.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out SignalDatagram datagram)
    {
        datagram = null!;
        if (source.Length is < FixedSize or > MaxSize || !IsSignal(source))
        {
            return false;
        }

        var reader = new SpanReader(source[Magic.Length..]);
        if (
            !reader.TryReadByte(out var version)
            || version != Version
            || !reader.TryReadByte(out var kindByte)
            || !reader.TryReadBytes(TagSize, out var tag)
            || !reader.TryReadByte(out var nameLength)
            || !reader.TryReadBytes(nameLength, out var nameBytes)
            || !reader.TryReadUInt16(out var blobLength)
            || !reader.TryReadBytes(blobLength, out var blob)
            || !reader.AtEnd
        )
        {
            return false;
        }

        var kind = (SignalKind)kindByte;
        if (!Fits(kind, nameLength, blobLength) || !LanName.TryRead(nameBytes, out var name))
        {
            return false;
        }

        datagram = new SignalDatagram(kind, tag.ToArray(), name, blob.ToArray());
        return true;
    }

    /// <summary>The datagram as a new array.</summary>
    /// <exception cref="InvalidOperationException">A part is too long, or does not belong to the kind.</exception>
    public byte[] ToArray()
    {
        Span<byte> bytes = stackalloc byte[MaxSize];
        return bytes[..Write(bytes)].ToArray();
    }

    /// <summary>Writes the datagram, and returns how many bytes it took; <see cref="MaxSize"/> always suffices.</summary>
    /// <exception cref="InvalidOperationException">A part is too long, or does not belong to the kind.</exception>
    public int Write(Span<byte> destination)
    {
        var name = DiallerName is null ? [] : StrictUtf8.GetBytes(DiallerName);
        if (Tag.Length != TagSize || !Fits(Kind, name.Length, Blob.Length) || !LanName.TryRead(name, out _))
        {
            throw new InvalidOperationException("The parts of this signal do not make a datagram.");
        }

        var writer = new SpanWriter(destination);
        writer.WriteBytes(Magic);
        writer.WriteByte(Version);
        writer.WriteByte((byte)Kind);
        writer.WriteBytes(Tag.Span);
        writer.WriteByte((byte)name.Length);
        writer.WriteBytes(name);
        writer.WriteUInt16((ushort)Blob.Length);
        writer.WriteBytes(Blob.Span);
        return writer.Position;
    }

    private static bool Fits(SignalKind kind, int nameLength, int blobLength) =>
        kind switch
        {
            SignalKind.Offer => nameLength <= MaxNameSize && blobLength is > 0 and <= MaxBlobSize,
            SignalKind.Answer => nameLength == 0 && blobLength is > 0 and <= MaxBlobSize,
            SignalKind.Open => nameLength == 0 && blobLength == 0,
            _ => false,
        };
}
