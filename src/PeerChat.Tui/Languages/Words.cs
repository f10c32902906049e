using System.Globalization;

namespace PeerChat.Tui.Languages;

/// <summary>
/// Everything that a user reads goes through here. The English text in the source is the key; <c>Languages/es.txt</c> and its
/// neighbours hold the others (decision 0050).
/// </summary>
internal static class Words
{
    private static readonly AsyncLocal<Scope?> Scoped = new();
    private static volatile Catalogue _chosen = Catalogue.English;

    /// <summary>The language spoken now.</summary>
    public static Language Language => Current.Language;

    /// <summary>How numbers are written in it.</summary>
    public static NumberFormatInfo Numbers => Current.Numbers;

    private static Catalogue Current => Scoped.Value?.Catalogue ?? _chosen;

    /// <summary>Speaks another language from now on.</summary>
    public static void Choose(Language language)
    {
        if (Scoped.Value is { } scope)
        {
            scope.Catalogue = Catalogue.Of(language);
        }
        else
        {
            _chosen = Catalogue.Of(language);
        }
    }

    /// <summary>Speaks another language until the end of a block, and only there: tests of several languages run side by side.</summary>
    public static IDisposable Within(Language language) => Scoped.Value = new Scope(Catalogue.Of(language));

    /// <summary>A text without places, or one of the command table.</summary>
    public static string Of(string english) => Current.Find(english, 0) ?? english;

    /// <summary>A sentence with what stands in its places.</summary>
    public static string Of(Sentence sentence) => Make(sentence, sentence, null);

    /// <summary>A sentence about a number of things, in the form that goes with the number.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">The English form for one.</param>
    /// <param name="other">The English form for all other numbers, which is the key of the translations.</param>
    public static string Count(long count, Sentence one, Sentence other) =>
        Make(Language.English.FormOf(count) == 0 ? one : other, other, count);

    /// <summary>
    /// A sentence that was made elsewhere, by the node or by the library that reads the command line. Those speak English, to programs
    /// too; which sentence it is shows by its form. One that is not known stays as it is.
    /// </summary>
    public static string FromNode(string text) => Current.Recognize(text);

    private static string Make(Sentence english, Sentence key, long? count)
    {
        var current = Current;
        var form = current.Find(key.Template, count is { } number ? current.Language.FormOf(number) : 0);
        return form is null
            ? Sentence.Fill(english.Template, english.Values)
            : Sentence.Fill(form, key.Values);
    }

    private sealed class Scope(Catalogue catalogue) : IDisposable
    {
        public Catalogue Catalogue { get; set; } = catalogue;

        public void Dispose() => Scoped.Value = null;
    }
}
