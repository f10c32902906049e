using System.Diagnostics.CodeAnalysis;
using System.Net;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Invitations;

/// <summary>An invitation as text: who brings it may ask the inviter for admission (crypto.md section 6).</summary>
/// <remarks>
/// <code>
/// version 1 | room id 32 | inviter's PeerId 32 | secret 32 | n 1 | n × (family 1, address 4 or 16, port 2) | H[0..4]
/// </code>
/// The checksum is over all before it and finds typing errors, nothing else. As text: <c>peerchat:join/</c> and the bytes, filled
/// up with zeros to a multiple of five, in the base 32 of full ids; upper case in a QR code.
/// </remarks>
/// <param name="Room">The room.</param>
/// <param name="Inviter">Whose node decides.</param>
/// <param name="Secret">32 random bytes that the room knows nothing of.</param>
/// <param name="Hints">Addresses at which the inviter was when the link was made.</param>
public sealed record InvitationLink(
    RoomId Room,
    PeerId Inviter,
    ReadOnlyMemory<byte> Secret,
    IReadOnlyList<TransportAddress> Hints
)
{
    /// <summary>What the text begins with.</summary>
    public const string Scheme = "peerchat:join/";

    /// <summary>Addresses in a link at most: with four of them a QR code still fits a terminal of 80 columns.</summary>
    public const int MaxHints = 4;

    private const byte Version = 1;
    private const int SecretSize = 32;
    private const int ChecksumSize = 4;
    private const int Digit = 5; // bytes that are a whole number of digits

    /// <summary>Reads a link, with or without what it begins with; spaces and line ends in it do not matter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out InvitationLink? link)
    {
        link = null;
        var trimmed = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (trimmed.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            trimmed = trimmed[Scheme.Length..];
        }

        const int MaxText = 400;
        var bytes = new byte[trimmed.Length * Digit / 8];
        return trimmed.Length is > 0 and <= MaxText
            && trimmed.Length % 8 == 0
            && Base32.TryDecode(trimmed, bytes)
            && TryRead(bytes, out link);
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        var hints = Hints.Take(MaxHints).ToList();
        var size = 1 + (3 * SecretSize) + 1 + hints.Sum(h => h.IsIPv6 ? 19 : 7) + ChecksumSize;
        var bytes = new byte[(size + Digit - 1) / Digit * Digit];
        var writer = new SpanWriter(bytes);
        writer.WriteByte(Version);
        Room.Value.CopyTo(writer.Advance(Bytes32.Size));
        Inviter.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteBytes(Secret.Span);
        writer.WriteByte((byte)hints.Count);
        foreach (var hint in hints)
        {
            var address = hint.ToIPAddress().GetAddressBytes();
            writer.WriteByte((byte)(address.Length == 4 ? 4 : 6));
            writer.WriteBytes(address);
            writer.WriteUInt16(hint.Port);
        }

        writer.WriteBytes(Digest.Hash(writer.Written).ToArray().AsSpan(0, ChecksumSize));
        return Scheme + Base32.Encode(bytes);
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out InvitationLink? link)
    {
        link = null;
        var reader = new SpanReader(bytes);
        if (
            !reader.TryReadByte(out var version)
            || version != Version
            || !reader.TryReadBytes(Bytes32.Size, out var room)
            || !reader.TryReadBytes(Bytes32.Size, out var inviter)
            || !reader.TryReadBytes(SecretSize, out var secret)
            || !reader.TryReadByte(out var count)
            || count > MaxHints
        )
        {
            return false;
        }

        var hints = new List<TransportAddress>();
        for (var i = 0; i < count; i++)
        {
            if (
                !reader.TryReadByte(out var family)
                || family is not (4 or 6)
                || !reader.TryReadBytes(family == 4 ? 4 : 16, out var address)
                || !reader.TryReadUInt16(out var port)
            )
            {
                return false;
            }

            hints.Add(new TransportAddress(new IPAddress(address), port));
        }

        var body = bytes[..(bytes.Length - reader.Remaining)];
        if (
            !reader.TryReadBytes(ChecksumSize, out var checksum)
            || !Digest.Hash(body).ToArray().AsSpan(0, ChecksumSize).SequenceEqual(checksum)
            || reader.Remaining >= Digit
            || reader.Rest.IndexOfAnyExcept((byte)0) >= 0
        )
        {
            return false;
        }

        link = new InvitationLink(
            new RoomId(new Bytes32(room)),
            new PeerId(new Bytes32(inviter)),
            secret.ToArray(),
            hints
        );
        return true;
    }
}
