using System.Globalization;

namespace PeerChat.Node.Profiles;

/// <summary>What the values of a configuration key may be.</summary>
public sealed class ConfigType
{
    /// <summary>The longest text a value may be, in characters: far above any name, path or id.</summary>
    public const int MaxTextLength = 1024;

    private readonly Func<string, bool> _accepts;

    private ConfigType(string allowed, string example, Func<string, bool> accepts)
    {
        Allowed = allowed;
        Example = example;
        _accepts = accepts;
    }

    /// <summary>Yes or no; <c>true</c>, <c>on</c>, <c>false</c> and <c>off</c> are understood too.</summary>
    public static ConfigType YesNo { get; } =
        new("yes or no", "no", value => ParseYesNo(value) is not null) { Choices = ["yes", "no"] };

    /// <summary>A duration as <see cref="DurationText"/> reads it.</summary>
    public static ConfigType Time { get; } =
        new(
            "a time such as 500ms, 30s, 5m or 1h (at most 7 days)",
            "30s",
            value => DurationText.TryParse(value, out _)
        );

    /// <summary>Any text of one line that is not empty.</summary>
    public static ConfigType Text { get; } =
        new(
            $"a text of 1 to {MaxTextLength.ToString("N0", CultureInfo.InvariantCulture)} characters",
            "text",
            value => value.Length is > 0 and <= MaxTextLength && !value.Any(char.IsControl)
        );

    /// <summary>What a value may be, to complete the sentence "… must be".</summary>
    public string Allowed { get; }

    /// <summary>A value that is allowed, for a file that explains itself.</summary>
    public string Example { get; }

    /// <summary>The words a value is chosen from; empty where it is no choice.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>Whether a value is several, with commas between.</summary>
    public bool IsList { get; private init; }

    /// <summary>A whole number within bounds, both included.</summary>
    public static ConfigType Number(long least, long most) =>
        new(
            $"a number from {least} to {most}",
            least.ToString(CultureInfo.InvariantCulture),
            value =>
                long.TryParse(
                    value,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                && number >= least
                && number <= most
        );

    /// <summary>A text of a form that others know.</summary>
    internal static ConfigType Of(string allowed, string example, Func<string, bool> accepts) =>
        new(allowed, example, value => value.Length <= MaxTextLength && accepts(value));

    /// <summary>One of some words, in lower case.</summary>
    public static ConfigType Choice(params string[] words) =>
        new(
            words.Length == 1 ? words[0] : string.Join(", ", words[..^1]) + " or " + words[^1],
            words[0],
            value => words.Contains(value, StringComparer.Ordinal)
        )
        {
            Choices = words,
        };

    /// <summary>Several values of one kind, with commas between.</summary>
    public static ConfigType ListOf(ConfigType item) =>
        new(
            $"a list with commas between, of which each is {item.Allowed}",
            item.Example,
            value => Split(value) is { Count: > 0 } items && items.All(item.Accepts)
        )
        {
            IsList = true,
            Choices = item.Choices,
        };

    /// <summary>Whether a value is one of the allowed.</summary>
    public bool Accepts(string value) => _accepts(value);

    /// <summary>The values of a list; what stands between two commas without a text is left out.</summary>
    public static IReadOnlyList<string> Split(string value) =>
        value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Reads yes or no; null where it is neither.</summary>
    public static bool? ParseYesNo(string value) =>
        value.ToLowerInvariant() switch
        {
            "yes" or "true" or "on" => true,
            "no" or "false" or "off" => false,
            _ => null,
        };
}
