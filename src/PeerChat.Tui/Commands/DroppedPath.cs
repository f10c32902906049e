using System.Text;

namespace PeerChat.Tui.Commands;

/// <summary>Paths as people type them and as terminals paste them when files are dropped on them.</summary>
internal static class DroppedPath
{
    /// <summary>A path with <c>~</c> for the home folder; others stay as they are.</summary>
    public static string Expand(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
            : path;

    /// <summary>
    /// Reads what a terminal pastes for a file: between quotes, with backslashes before blanks, as a file: address, or plain. Null where it
    /// is none of that, or nothing lies there.
    /// </summary>
    public static string? Read(string text, Func<string, bool> exists)
    {
        text = text.Trim();
        if (text.Length == 0 || text.Contains('\n', StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var candidate in (string?[])[text, Unquoted(text), Unescaped(text), OfAddress(text)])
        {
            if (
                candidate is not null
                && Expand(candidate) is var path
                && Path.IsPathFullyQualified(path)
                && exists(path)
            )
            {
                return path;
            }
        }

        return null;
    }

    private static string? Unquoted(string text) =>
        text.Length > 2 && text[0] == text[^1] && text[0] is '\'' or '"'
            ? text[1..^1].Replace("'\\''", "'", StringComparison.Ordinal)
            : null;

    private static string? Unescaped(string text)
    {
        if (OperatingSystem.IsWindows() || !text.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            plain.Append(text[at]);
        }

        return plain.ToString();
    }

    private static string? OfAddress(string text) =>
        text.StartsWith("file://", StringComparison.Ordinal)
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Host.Length == 0
            ? address.LocalPath
            : null;
}
