using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Server.Exchange;

/// <summary>What ids, tokens and keys may be.</summary>
internal static class PeerServerId
{
    /// <summary>The longest id; PeerJS has 36 characters, we have 40.</summary>
    public const int MaxLength = 64;

    /// <summary>The longest token or key.</summary>
    public const int MaxTokenLength = 128;

    /// <summary>
    /// Whether it is an id by the rule of the PeerJS client: runs of letters and digits, with one blank, underscore or hyphen between
    /// two. The npm server takes anything, so that others would have to clean what they show.
    /// </summary>
    public static bool IsId([NotNullWhen(true)] string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength })
        {
            return false;
        }

        var wasLetter = false;
        foreach (var c in text)
        {
            var isLetter = char.IsAsciiLetterOrDigit(c);
            if (!isLetter && (!wasLetter || c is not (' ' or '_' or '-')))
            {
                return false;
            }

            wasLetter = isLetter;
        }

        return wasLetter;
    }

    /// <summary>Whether it can be a token: visible ASCII.</summary>
    public static bool IsToken([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxTokenLength } && text.All(c => c is > ' ' and <= '~');
}
