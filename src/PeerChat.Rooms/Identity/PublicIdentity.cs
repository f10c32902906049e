using System.Diagnostics.CodeAnalysis;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Identity;

/// <summary>What others know of an identity: signing key S, agreement key A and the PeerId made of both (crypto.md section 1).</summary>
public sealed class PublicIdentity : IEquatable<PublicIdentity>
{
    /// <summary>Bytes of S ‖ A.</summary>
    public const int Size = 2 * P256.PointSize;

    private readonly byte[] _bytes;

    private PublicIdentity(byte[] bytes)
    {
        _bytes = bytes;
        PeerId = new PeerId(Digest.Labelled("id", bytes));
    }

    /// <summary>S, the ECDSA key, 65 bytes.</summary>
    public ReadOnlyMemory<byte> SigningKey => _bytes.AsMemory(0, P256.PointSize);

    /// <summary>A, the ECDH key, 65 bytes.</summary>
    public ReadOnlyMemory<byte> AgreementKey => _bytes.AsMemory(P256.PointSize);

    /// <summary>H(L("id") ‖ S ‖ A).</summary>
    public PeerId PeerId { get; }

    /// <summary>Reads S ‖ A; refuses other lengths, what is not a point of the curve, and one key in both places.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out PublicIdentity? identity)
    {
        identity = null;
        if (source.Length != Size)
        {
            return false;
        }

        var signing = source[..P256.PointSize];
        var agreement = source[P256.PointSize..];
        // Equal x means one scalar up to its sign, and the two keys are never the same scalar.
        if (
            !P256.IsPoint(signing)
            || !P256.IsPoint(agreement)
            || signing[1..33].SequenceEqual(agreement[1..33])
        )
        {
            return false;
        }

        identity = new PublicIdentity(source.ToArray());
        return true;
    }

    /// <summary>Writes S ‖ A.</summary>
    public void Write(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <summary>S ‖ A in a new array.</summary>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>Whether the certificate says that the author of this room belongs to this identity.</summary>
    public bool VerifyAuthor(RoomId room, AuthorId author, ReadOnlySpan<byte> certificate) =>
        P256.Verify(
            SigningKey.Span,
            OwnIdentity.AuthorUse,
            OwnIdentity.AuthorMessage(room, author),
            certificate
        );

    /// <inheritdoc/>
    public bool Equals(PublicIdentity? other) => other is not null && other.PeerId == PeerId;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicIdentity);

    /// <inheritdoc/>
    public override int GetHashCode() => PeerId.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => PeerIdText.Format(PeerId);

    internal bool VerifyAuth(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        P256.Verify(SigningKey.Span, OwnIdentity.AuthUse, message, signature);
}
