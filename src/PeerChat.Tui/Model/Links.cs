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
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        // Punctuation of the sentence around it
        var link = match.Value.TrimEnd('.', ',', ';', ':', '!', '?', '"', '\'', '>', '」', '。', '、', '）');
        link = link.EndsWith(')') && !link.Contains('(', StringComparison.Ordinal) ? link[..^1] : link;
        return
            link.Length <= MaxLength
            && Uri.TryCreate(link, UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
            ? link
            : null;
    }

    [GeneratedRegex(@"\bhttps?://[^\s\p{C}<>]+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
