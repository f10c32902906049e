using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace PeerChat.Tui.Languages;

/// <summary>
/// What is written as <c>$"…"</c> where a user reads it: taken apart into its English form with numbered places,
/// <c>There is no command {0}.</c>, and what stands in them, so that another language can be put in.
/// </summary>
[InterpolatedStringHandler]
internal ref struct Sentence
{
    private readonly StringBuilder _template;
    private readonly List<string> _values;

    /// <summary>Called by the compiler.</summary>
    public Sentence(int literalLength, int formattedCount)
    {
        _template = new StringBuilder(literalLength + (3 * formattedCount));
        _values = new List<string>(formattedCount);
    }

    /// <summary>The English form, which is the key of the translations.</summary>
    public readonly string Template => _template.ToString();

    /// <summary>What stands in the numbered places.</summary>
    public readonly IReadOnlyList<string> Values => _values;

    /// <summary>Called by the compiler.</summary>
    public readonly void AppendLiteral(string text) => _template.Append(text);

    /// <summary>Called by the compiler.</summary>
    public readonly void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>Called by the compiler.</summary>
    public readonly void AppendFormatted<T>(T value, string? format)
    {
        _template.Append('{').Append(_values.Count.ToString(CultureInfo.InvariantCulture)).Append('}');
        _values.Add(
            value is IFormattable number ? number.ToString(format, Words.Numbers) : value?.ToString() ?? ""
        );
    }

    /// <summary>A form with its places filled.</summary>
    public static string Fill(string template, IReadOnlyList<string> values)
    {
        var text = new StringBuilder(template.Length + 32);
        for (var i = 0; i < template.Length; i++)
        {
            if (
                template[i] == '{'
                && i + 2 < template.Length
                && template[i + 2] == '}'
                && template[i + 1] - '0' is >= 0 and var place
                && place < values.Count
            )
            {
                text.Append(values[place]);
                i += 2;
            }
            else
            {
                text.Append(template[i]);
            }
        }

        return text.ToString();
    }
}
