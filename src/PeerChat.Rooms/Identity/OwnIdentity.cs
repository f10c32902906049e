using System.Diagnostics;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Identity;

/// <summary>One's own identity with both private keys; S signs only "auth" and "author", A is used only for K_pair.</summary>
/// <remarks>
/// The name has "Own" because <c>Identity</c> alone would be the namespace for every file outside of it.
/// </remarks>
public sealed class OwnIdentity
{
    internal const string AuthUse = "auth";
    internal const string AuthorUse = "author";

    private readonly ISigningKey _signing;
    private readonly IAgreementKey _agreement;

    /// <summary>Restores an identity from its keys.</summary>
    /// <exception cref="ArgumentException">A public part is not a point, or both keys are the same.</exception>
    public OwnIdentity(ISigningKey signing, IAgreementKey agreement)
    {
        _signing = signing;
        _agreement = agreement;
        Public = PublicIdentity.TryParse(
            [.. signing.PublicKey.Span, .. agreement.PublicKey.Span],
            out var identity
        )
            ? identity
            : throw new ArgumentException(
                "Both keys of an identity are points, and not the same.",
                nameof(agreement)
            );
    }

    /// <summary>What others may know.</summary>
    public PublicIdentity Public { get; }

    /// <summary>H(L("id") ‖ S ‖ A).</summary>
    public PeerId PeerId => Public.PeerId;

    /// <summary>Makes a new identity.</summary>
    public static OwnIdentity Create(IKeySource keys) => new(keys.NewSigningKey(), keys.NewAgreementKey());

    /// <summary>Restores an identity from the two scalars of 32 bytes that the keystore holds.</summary>
    public static OwnIdentity Import(
        IKeySource keys,
        ReadOnlySpan<byte> signingScalar,
        ReadOnlySpan<byte> agreementScalar
    ) => new(keys.ImportSigningKey(signingScalar), keys.ImportAgreementKey(agreementScalar));

    /// <summary>The scalar of S for the keystore; nothing else may see it.</summary>
    public byte[] ExportSigningScalar() => _signing.ExportScalar();

    /// <summary>The scalar of A for the keystore; nothing else may see it.</summary>
    public byte[] ExportAgreementScalar() => _agreement.ExportScalar();

    /// <summary>The certificate Sign(S, "author", room id ‖ author id) that binds an author key to this identity.</summary>
    public byte[] CertifyAuthor(RoomId room, AuthorId author) =>
        _signing.Sign(AuthorUse, AuthorMessage(room, author));

    /// <summary>The secrets shared with another identity; both sides compute the same without a message.</summary>
    /// <exception cref="ArgumentException">The other identity is this one.</exception>
    public PairSecrets PairWith(PublicIdentity other)
    {
        if (other.PeerId == PeerId)
        {
            throw new ArgumentException("An identity has no pair secret with itself.", nameof(other));
        }

        var shared =
            _agreement.DeriveSharedSecret(other.AgreementKey.Span)
            ?? throw new UnreachableException("A public identity holds points of the curve only.");
        return PairSecrets.Derive(shared, PeerId, other.PeerId);
    }

    internal static byte[] AuthorMessage(RoomId room, AuthorId author) =>
        [.. room.Value.ToArray(), .. author.Value.ToArray()];

    internal byte[] SignAuth(ReadOnlySpan<byte> message) => _signing.Sign(AuthUse, message);
}
