using System.Text.RegularExpressions;

namespace PeerChat.Tui.Languages;

/// <summary>Sentences of the node that name a verb of the command line, as somebody in a chat wants them: with what does it there.</summary>
internal static partial class SlashWords
{
    /// <summary>What stands for each verb that the node names and that has a form of its own in a chat.</summary>
    public static IReadOnlyDictionary<string, string> Forms { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["rooms"] = "/chats",
            ["contacts"] = "/contacts",
            ["room create"] = "/create",
            ["file list"] = "/files",
            ["unblock"] = "/unblock",
            ["doctor"] = "/doctor",
        };

    /// <summary>A sentence in the user's language with the slash commands in place of those verbs.</summary>
    public static string Of(string sentence) =>
        Quoted().Replace(sentence, match => Forms.GetValueOrDefault(match.Groups["verb"].Value, match.Value));

    // Each language has quotation marks of its own, French with a space inside
    [GeneratedRegex(
        "['„“«「]\\u00a0?peerchat (?<verb>[a-z ]+[a-z])\\u00a0?['“”»」]",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Quoted();
}
