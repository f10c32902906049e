using System.Text;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Storage;

/// <summary>Makes texts alike that a reader takes for the same word: case, composition, and the two widths of Latin letters in Japanese.</summary>
internal static class SearchFold
{
    private const char FullWidthFirst = '\uFF01';
    private const char FullWidthLast = '\uFF5E';
    private const char FullWidthSpace = '\u3000';

    /// <summary>The folded text.</summary>
    public static string Fold(string text)
    {
        if (IsPlain(text))
        {
            return text.ToLowerInvariant();
        }

        var narrow = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            narrow.Append(
                letter switch
                {
                    >= FullWidthFirst and <= FullWidthLast => (char)(letter - FullWidthFirst + '!'),
                    FullWidthSpace => ' ',
                    'ß' or 'ẞ' => 's',
                    _ => letter,
                }
            );
            if (letter is 'ß' or 'ẞ')
            {
                narrow.Append('s');
            }
        }

        return CaseFold.Of(narrow.ToString());
    }

    private static bool IsPlain(string text) => Ascii.IsValid(text);
}
