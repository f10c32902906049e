using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Hello;

/// <summary>What a hello starts from.</summary>
public sealed record HelloParameters
{
    /// <summary>Bytes of a knock key.</summary>
    public const int KnockKeySize = 32;

    /// <summary>The DTLS association and one's own role in it.</summary>
    public required ChannelBinding Channel { get; init; }

    /// <summary>Why the two are connected.</summary>
    public required HelloContext Context { get; init; }

    /// <summary>Whether this side dialled. In an invitation the joiner is the dialler, whoever made the offer.</summary>
    public required bool IsDialler { get; init; }

    /// <summary>Who we are.</summary>
    public required OwnIdentity Identity { get; init; }

    /// <summary>The name we go by.</summary>
    public required DisplayName Name { get; init; }

    /// <summary>The knock key of the context; empty for a stranger and only then.</summary>
    public ReadOnlyMemory<byte> KnockKey { get; init; }

    /// <summary>Who must answer; null when anybody may. Needed for a contact and by the joiner of an invitation.</summary>
    public PeerId? Expected { get; init; }

    /// <summary>What we speak.</summary>
    public HelloVersions Versions { get; init; } = HelloVersions.Current;

    /// <summary>What is wrong with these parameters; null when nothing is.</summary>
    internal string? FindProblem()
    {
        var keySize = Context == HelloContext.Stranger ? 0 : KnockKeySize;
        var needsExpected =
            Context == HelloContext.Contact || (Context == HelloContext.Invitation && IsDialler);
        return !Enum.IsDefined(Context) ? "The context is unknown."
            : KnockKey.Length != keySize ? $"The knock key of this context has {keySize} bytes."
            : needsExpected && Expected is null ? "This context needs the identity that is dialled."
            : Expected == Identity.PeerId ? "An identity does not dial itself."
            : Expected is { Value.IsZero: true } ? "Zeros are nobody's id."
            : Versions.Min > Versions.Max ? "The range of versions is empty."
            : null;
    }
}
