namespace PeerChat.Tui.Model;

/// <summary>Whether a message names somebody.</summary>
internal static class Mentions
{
    /// <summary>Whether a text has the name as a word of its own, in whatever case.</summary>
    public static bool Has(string text, string name)
    {
        if (name.Length == 0)
        {
            return false;
        }

        for (
            var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase)
        )
        {
            var end = at + name.Length;
            if (
                (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (end == text.Length || !char.IsLetterOrDigit(text[end]))
            )
            {
                return true;
            }
        }

        return false;
    }
}
