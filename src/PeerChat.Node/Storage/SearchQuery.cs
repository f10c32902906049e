using System.Text;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Storage;

/// <summary>What is searched for.</summary>
/// <param name="Words">The words, folded, in UTF-8; all have to be there.</param>
/// <param name="From">Whose messages; null for everybody's.</param>
/// <param name="Since">Not older than this, in milliseconds since 1970.</param>
/// <param name="Until">Not newer than this.</param>
internal sealed record SearchQuery(byte[][] Words, PeerId? From, long Since, long Until)
{
    /// <summary>The words of a text, folded: those between spaces. Where no spaces are written, all of it is one.</summary>
    public static byte[][] WordsOf(string text) =>
        [
            .. SearchFold
                .Fold(text)
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(word => word.Length)
                .Select(Encoding.UTF8.GetBytes),
        ];
}
