using System.Buffers;

namespace PeerChat.WebRtc.Sdp;

/// <summary>Words of SDP: split at spaces, and made of the characters that RFC 8866 section 9 allows in a token.</summary>
internal static class SdpToken
{
    private static readonly SearchValues<char> TokenChars = SearchValues.Create(
        "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~"
    );

    /// <summary>Takes the next word off the front; empty when there is none.</summary>
    public static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        var end = rest.IndexOf(' ');
        var word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..];
        return word;
    }

    /// <summary>Whether a text is one token.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text.IndexOfAnyExcept(TokenChars) < 0;

    /// <summary>Whether a text is the name of a transport: tokens with slashes between them.</summary>
    public static bool IsProtocol(ReadOnlySpan<char> text)
    {
        while (true)
        {
            var slash = text.IndexOf('/');
            if (slash < 0)
            {
                return IsToken(text);
            }

            if (!IsToken(text[..slash]))
            {
                return false;
            }

            text = text[(slash + 1)..];
        }
    }
}
