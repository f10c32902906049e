namespace PeerChat.Tui.Languages;

/// <summary>A language that PeerChat speaks.</summary>
/// <param name="Tag">Its two-letter tag, as <c>--lang</c> takes it.</param>
/// <param name="Name">Its own name for itself.</param>
internal sealed record Language(string Tag, string Name)
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    /// <summary>The one the sources are written in.</summary>
    public static Language English { get; } = new("en", "English");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Language> All { get; } =
    [English, new("es", "español"), new("fr", "français"), new("de", "Deutsch"), new("ja", "日本語")];

    /// <summary>Plural forms: Japanese has one, the others tell one from many.</summary>
    public int Forms => Tag == "ja" ? 1 : 2;

    /// <summary>Which form goes with a number: French counts nothing as one, too.</summary>
    public int FormOf(long count) =>
        Tag switch
        {
            "ja" => 0,
            "fr" => count is 0 or 1 ? 0 : 1,
            _ => count == 1 ? 0 : 1,
        };

    /// <summary>The language with a tag; null where PeerChat does not speak it.</summary>
    public static Language? Find(string tag) =>
        All.FirstOrDefault(one => one.Tag.Equals(tag, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The language of the locale, as POSIX and GNU choose it: LC_ALL, LC_MESSAGES or LANG, the first that is set; LANGUAGE lists
    /// others to prefer, unless that is the locale C. English for those that PeerChat does not speak.
    /// </summary>
    public static Language OfLocale(Func<string, string?> environment)
    {
        var locale = LocaleVariables
            .Select(environment)
            .FirstOrDefault(value => !string.IsNullOrEmpty(value));
        if (locale is null || TagOf(locale) is "C" or "POSIX")
        {
            return English;
        }

        return (environment("LANGUAGE") ?? "")
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Append(locale)
                .Select(TagOf)
                .Select(Find)
                .FirstOrDefault(found => found is not null)
            ?? English;
    }

    // de_AT.UTF-8@euro
    private static string TagOf(string locale)
    {
        var end = locale.AsSpan().IndexOfAny('_', '.', '@');
        return end < 0 ? locale : locale[..end];
    }
}
