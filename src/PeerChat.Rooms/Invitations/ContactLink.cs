using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Invitations;

/// <summary>A contact link as text: who brings it becomes a contact of its owner, and the owner theirs.</summary>
/// <remarks>
/// <code>
/// version 1 | owner's PeerId 32 | secret 32 | expiry u32, minutes since 1970, 0 for never | hints | H[0..4]
/// </code>
/// Written as <see cref="InvitationLink"/> is, behind <c>peerchat:meet/</c>. Expiry and use count are the owner's decision; the
/// expiry stands in the link only so that who brings it late is told at once.
/// </remarks>
/// <param name="Owner">Whose link it is.</param>
/// <param name="Secret">32 random bytes.</param>
/// <param name="Expires">When it ends; null for never.</param>
/// <param name="Hints">Where the owner may be met.</param>
public sealed record ContactLink(
    PeerId Owner,
    ReadOnlyMemory<byte> Secret,
    WallTime? Expires,
    LinkHints Hints
)
{
    /// <summary>What the text begins with.</summary>
    public const string Scheme = "peerchat:meet/";

    private const byte Version = 1;
    private const int SecretSize = 32;
    private const int MaxText = 1_000;
    private const long MillisecondsPerMinute = 60_000;

    /// <summary>Reads a link, with or without what it begins with; spaces and line ends in it do not matter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ContactLink? link)
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
            || !reader.TryReadBytes(Bytes32.Size, out var owner)
            || !reader.TryReadBytes(SecretSize, out var secret)
            || !reader.TryReadUInt32(out var minutes)
            || !LinkHints.TryRead(ref reader, out var hints)
            || !LinkText.EndsWell(bytes, ref reader)
        )
        {
            return false;
        }

        link = new ContactLink(
            new PeerId(new Bytes32(owner)),
            secret.ToArray(),
            minutes == 0 ? null : new WallTime(minutes * MillisecondsPerMinute),
            hints
        );
        return !link.Owner.Value.IsZero;
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        var writer = new SpanWriter(new byte[1 + (2 * SecretSize) + 4 + Hints.Size]);
        writer.WriteByte(Version);
        Owner.Value.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteBytes(Secret.Span);
        writer.WriteUInt32((uint)((Expires?.UnixMilliseconds ?? 0) / MillisecondsPerMinute));
        Hints.Write(ref writer);
        return LinkText.Write(Scheme, writer.Written);
    }
}
