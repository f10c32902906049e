using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>The words for which files come without being asked for.</summary>
internal static class AutoFetchWords
{
    /// <summary>The word by which a chat goes by what holds for all.</summary>
    public const string Default = "default";

    /// <summary>What there is to choose, from the least to the most.</summary>
    public static IReadOnlyList<string> All { get; } = ["nothing", "pictures", "all"];

    /// <summary>What a word means; null for the default and for what is no such word.</summary>
    public static AutoFetch? ValueOf(string? word) =>
        word switch
        {
            "nothing" => AutoFetch.Nothing,
            "pictures" => AutoFetch.Pictures,
            "all" => AutoFetch.All,
            _ => null,
        };

    /// <summary>The word for it.</summary>
    public static string Of(AutoFetch value) => All[(int)value];

    /// <summary>The command that a word makes; null where it is none of them. Without a word it asks what holds.</summary>
    public static NodeCommand? Command(string? word, string? chat) =>
        word is null ? new NodeCommand.GetChatOptions(chat)
        : word == Default || All.Contains(word, StringComparer.Ordinal)
            ? new NodeCommand.SetAutoFetch(ValueOf(word), chat)
        : null;
}
