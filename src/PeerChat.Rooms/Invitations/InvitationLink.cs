using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Invitations;

/// <summary>An invitation as text: who brings it may ask the inviter for admission (crypto.md section 6).</summary>
/// <remarks>
/// <code>
/// version 1 | room id 32 | inviter's PeerId 32 | secret 32 | hints | H[0..4]
/// </code>
/// The checksum is over all before it and finds typing errors, nothing else. As text: <c>peerchat:join/</c> and the bytes, filled
/// up with zeros to a multiple of five, in the base 32 of full ids; upper case in a QR code.
/// </remarks>
/// <param name="Room">The room.</param>
/// <param name="Inviter">Whose node decides.</param>
/// <param name="Secret">32 random bytes that the room knows nothing of.</param>
/// <param name="Hints">Where the inviter may be met.</param>
public sealed record InvitationLink(RoomId Room, PeerId Inviter, ReadOnlyMemory<byte> Secret, LinkHints Hints)
{
    /// <summary>What the text begins with.</summary>
    public const string Scheme = "peerchat:join/";

    private const byte Version = 1;
    private const int SecretSize = 32;
    private const int MaxText = 1_000;

    /// <summary>Reads a link, with or without what it begins with; spaces and line ends in it do not matter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out InvitationLink? link)
    {
        link = null;
        if (LinkText.Read(Scheme, text, MaxText) is not { } bytes)
        {
            return false;
        }

        var reader = new SpanReader(bytes);
        if (
            !reader.TryReadByte(out var version)
            || version != Version
            || !reader.TryReadBytes(Bytes32.Size, out var room)
            || !reader.TryReadBytes(Bytes32.Size, out var inviter)
            || !reader.TryReadBytes(SecretSize, out var secret)
            || !LinkHints.TryRead(ref reader, out var hints)
            || !LinkText.EndsWell(bytes, ref reader)
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

    /// <summary>The text.</summary>
    public override string ToString()
    {
        var writer = new SpanWriter(new byte[1 + (3 * SecretSize) + Hints.Size]);
        writer.WriteByte(Version);
        Room.Value.CopyTo(writer.Advance(Bytes32.Size));
        Inviter.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteBytes(Secret.Span);
        Hints.Write(ref writer);
        return LinkText.Write(Scheme, writer.Written);
    }
}
