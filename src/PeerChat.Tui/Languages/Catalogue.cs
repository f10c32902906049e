using System.Globalization;

namespace PeerChat.Tui.Languages;

/// <summary>
/// The texts of one language, from <c>Languages/TAG.txt</c>: a line <c>&gt; English text</c>, below it the translation, for sentences
/// about a number of things one line a plural form. English has no file and costs no start anything.
/// </summary>
internal sealed class Catalogue
{
    private readonly Dictionary<string, string[]> _forms;
    private readonly Lazy<IReadOnlyList<SentencePattern>> _patterns;

    private Catalogue(Language language, Dictionary<string, string[]> forms)
    {
        (Language, _forms) = (language, forms);
        _patterns = new(() => [.. forms.Keys.Select(SentencePattern.Of).OfType<SentencePattern>()]);
        Numbers = NumbersOf(language.Tag);
    }

    /// <summary>No other words than those of the sources.</summary>
    public static Catalogue English { get; } = new(Language.English, []);

    /// <summary>The language.</summary>
    public Language Language { get; }

    /// <summary>How it writes numbers.</summary>
    public NumberFormatInfo Numbers { get; }

    /// <summary>All texts with their forms.</summary>
    public IReadOnlyDictionary<string, string[]> Texts => _forms;

    /// <summary>The texts of a language, read from the program's own resources.</summary>
    public static Catalogue Of(Language language)
    {
        if (language == Language.English)
        {
            return English;
        }

        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream($"{language.Tag}.txt")!;
        using var reader = new StreamReader(stream);
        return new Catalogue(language, Read(reader.ReadToEnd()));
    }

    /// <summary>Reads a file of texts.</summary>
    public static Dictionary<string, string[]> Read(string file)
    {
        var forms = new Dictionary<string, string[]>(700, StringComparer.Ordinal);
        string? key = null;
        foreach (var range in file.AsSpan().Split('\n'))
        {
            var line = file.AsSpan(range).TrimEnd('\r');
            if (line.StartsWith("> "))
            {
                key = line[2..].ToString();
                forms[key] = [];
            }
            else if (line.Length > 0 && line[0] != '#' && key is not null)
            {
                forms[key] = [.. forms[key], line.ToString()];
            }
        }

        return forms;
    }

    /// <summary>A form of a text; null where it is not translated.</summary>
    public string? Find(string english, int form) =>
        _forms.TryGetValue(english, out var forms) && form < forms.Length ? forms[form] : null;

    /// <summary>A finished English sentence in this language, or as it is.</summary>
    public string Recognize(string text)
    {
        if (_forms.Count == 0 || text.Length == 0)
        {
            return text;
        }

        if (Find(text, 0) is { } whole)
        {
            return whole;
        }

        foreach (var pattern in _patterns.Value)
        {
            if (pattern.Match(text) is { } values)
            {
                return Sentence.Fill(_forms[pattern.Template][^1], [.. values.Select(Recognize)]);
            }
        }

        return text;
    }

    // Without ICU there are no cultures to ask
    private static NumberFormatInfo NumbersOf(string tag)
    {
        var numbers = (NumberFormatInfo)NumberFormatInfo.InvariantInfo.Clone();
        (numbers.NumberGroupSeparator, numbers.NumberDecimalSeparator) = tag switch
        {
            "es" or "de" => (".", ","),
            "fr" => ("\u00a0", ","),
            _ => (",", "."),
        };
        return NumberFormatInfo.ReadOnly(numbers);
    }
}
