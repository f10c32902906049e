namespace PeerChat.Tui.Languages;

/// <summary>The form of an English sentence, by which a finished one is known again.</summary>
internal sealed class SentencePattern
{
    /// <summary>Fewer letters between the places than this would fit too many sentences.</summary>
    private const int LeastFixed = 8;

    private readonly string[] _fixed;
    private readonly int[] _places;

    private SentencePattern(string template, string[] between, int[] places) =>
        (Template, _fixed, _places) = (template, between, places);

    /// <summary>The form with its numbered places.</summary>
    public string Template { get; }

    /// <summary>The pattern of a form; null where it has no places, or hardly anything else.</summary>
    public static SentencePattern? Of(string template)
    {
        var (between, places, start) = (new List<string>(), new List<int>(), 0);
        for (var i = 0; i + 2 < template.Length; i++)
        {
            if (template[i] == '{' && char.IsAsciiDigit(template[i + 1]) && template[i + 2] == '}')
            {
                between.Add(template[start..i]);
                places.Add(template[i + 1] - '0');
                start = i + 3;
                i += 2;
            }
        }

        between.Add(template[start..]);
        return places.Count > 0 && between.Sum(text => text.Length) >= LeastFixed
            ? new SentencePattern(template, [.. between], [.. places])
            : null;
    }

    /// <summary>What stands in the places of a finished sentence; null where it is another one.</summary>
    public string[]? Match(string text)
    {
        var last = _fixed[^1];
        if (
            !text.StartsWith(_fixed[0], StringComparison.Ordinal)
            || !text.EndsWith(last, StringComparison.Ordinal)
        )
        {
            return null;
        }

        var (values, at, end) = (new string[_places.Max() + 1], _fixed[0].Length, text.Length - last.Length);
        Array.Fill(values, "");
        for (var i = 0; i < _places.Length; i++)
        {
            var next =
                i == _places.Length - 1 ? end
                : at <= end ? text.IndexOf(_fixed[i + 1], at, StringComparison.Ordinal)
                : -1;
            if (next < at || next > end)
            {
                return null;
            }

            values[_places[i]] = text[at..next];
            at = next + _fixed[i + 1].Length;
        }

        return values;
    }
}
