using System.Text.RegularExpressions;

namespace PeerChat.Tui.Model;

/// <summary>Web addresses in messages.</summary>
internal static partial class Links
{
    /// <summary>Longer than any address that is passed on by hand; what is longer is no address to open unseen.</summary>
    public const int MaxLength = 2048;

    /// <summary>The first address in a text; null for none. Only http and https: nothing else may be started by a message.</summary>
    public static string? First(string text)
    {
        foreach (var (start, length) in In(text))
        {
            return text.Substring(start, length);
        }

        return null;
    }

    /// <summary>Where the addresses of a text are.</summary>
    public static IEnumerable<(int Start, int Length)> In(string text)
    {
        // Most messages have none, and this runs for each that is drawn
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            yield break;
        }

        for (var match = Pattern().Match(text); match.Success; match = match.NextMatch())
        {
            // Punctuation of the sentence around it
            var link = match.Value.TrimEnd(
                '.',
                ',',
                ';',
                ':',
                '!',
                '?',
                '"',
                '\'',
                '>',
                '」',
                '。',
                '、',
                '）'
            );
            link = link.EndsWith(')') && !link.Contains('(', StringComparison.Ordinal) ? link[..^1] : link;
            if (
                link.Length <= MaxLength
                && Uri.TryCreate(link, UriKind.Absolute, out var uri)
                && uri.Host.Length > 0
            )
            {
                yield return (match.Index, link.Length);
            }
        }
    }

    [GeneratedRegex(@"\bhttps?://[^\s\p{C}<>]+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
