using System.Text;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity.Unicode;

namespace PeerChat.Rooms.Identity;

/// <summary>A name without the difference of upper and lower case; two names that fold alike are one name to a user.</summary>
/// <remarks>
/// Each code point is mapped to upper and then to lower case by Unicode's simple mappings, the result normalised to Form C.
/// Independent of language and of ICU; lengths may change by normalising only.
/// </remarks>
public readonly record struct FoldedName
{
    private readonly string _text;

    internal FoldedName(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            folded.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).ToString());
        }

        _text = Nfc.TryNormalize(folded.ToString(), out var normalized) ? normalized : text;
    }

    /// <summary>H(L("profile") ‖ UTF-8): what the folder of a profile is named after, whatever characters the name has.</summary>
    public Bytes32 FolderHash => Digest.Labelled("profile", ToUtf8());

    /// <summary>The folded name in UTF-8.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text ?? string.Empty);

    /// <inheritdoc/>
    public override string ToString() => _text ?? string.Empty;
}
