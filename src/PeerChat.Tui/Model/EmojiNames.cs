namespace PeerChat.Tui.Model;

/// <summary>Emoji by the names that people know from other chats, for Tab and for reactions.</summary>
/// <remarks>A choice of the most used; any other is written as itself.</remarks>
internal static class EmojiNames
{
    private static readonly (string Name, string Emoji)[] Known =
    [
        ("+1", "👍"),
        ("-1", "👎"),
        ("100", "💯"),
        ("angry", "😠"),
        ("beer", "🍺"),
        ("bell", "🔔"),
        ("birthday", "🎂"),
        ("boom", "💥"),
        ("bug", "🐛"),
        ("bulb", "💡"),
        ("cat", "🐱"),
        ("check", "✅"),
        ("clap", "👏"),
        ("coffee", "☕"),
        ("confused", "😕"),
        ("construction", "🚧"),
        ("cry", "😢"),
        ("dog", "🐶"),
        ("earth", "🌍"),
        ("exclamation", "❗"),
        ("eyes", "👀"),
        ("fire", "🔥"),
        ("gift", "🎁"),
        ("grin", "😁"),
        ("grinning", "😀"),
        ("hammer", "🔨"),
        ("handshake", "🤝"),
        ("heart", "❤️"),
        ("heart_eyes", "😍"),
        ("hourglass", "⌛"),
        ("house", "🏠"),
        ("hug", "🤗"),
        ("innocent", "😇"),
        ("joy", "😂"),
        ("key", "🔑"),
        ("kiss", "😘"),
        ("laughing", "😆"),
        ("lock", "🔒"),
        ("moon", "🌙"),
        ("muscle", "💪"),
        ("neutral", "😐"),
        ("ok", "🆗"),
        ("ok_hand", "👌"),
        ("package", "📦"),
        ("party", "🥳"),
        ("phone", "📞"),
        ("pizza", "🍕"),
        ("point_right", "👉"),
        ("pray", "🙏"),
        ("question", "❓"),
        ("rainbow", "🌈"),
        ("raised_hands", "🙌"),
        ("rocket", "🚀"),
        ("rofl", "🤣"),
        ("rose", "🌹"),
        ("sad", "😞"),
        ("scream", "😱"),
        ("see_no_evil", "🙈"),
        ("shrug", "🤷"),
        ("skull", "💀"),
        ("sleeping", "😴"),
        ("smile", "😄"),
        ("smirk", "😏"),
        ("sob", "😭"),
        ("sparkles", "✨"),
        ("star", "⭐"),
        ("sun", "☀️"),
        ("sunglasses", "😎"),
        ("sweat_smile", "😅"),
        ("tada", "🎉"),
        ("tea", "🍵"),
        ("thinking", "🤔"),
        ("thumbsdown", "👎"),
        ("thumbsup", "👍"),
        ("tired", "😫"),
        ("tree", "🌳"),
        ("unlock", "🔓"),
        ("upside_down", "🙃"),
        ("warning", "⚠️"),
        ("wave", "👋"),
        ("wink", "😉"),
        ("x", "❌"),
        ("yum", "😋"),
        ("zap", "⚡"),
    ];

    /// <summary>The emoji of a name in colons, such as <c>:tada:</c>; null where it is no such thing.</summary>
    public static string? Find(string word) =>
        word.Length > 2 && word[0] == ':' && word[^1] == ':'
            ? Known
                .FirstOrDefault(one => one.Name.Equals(word[1..^1], StringComparison.OrdinalIgnoreCase))
                .Emoji
            : null;

    /// <summary>Those whose name begins so.</summary>
    public static IReadOnlyList<(string Name, string Emoji)> StartingWith(string start) =>
        [.. Known.Where(one => one.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase))];
}
