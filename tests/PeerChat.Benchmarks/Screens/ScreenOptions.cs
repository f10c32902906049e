namespace PeerChat.Benchmarks.Screens;

/// <summary>What the command line of <c>screen</c> says.</summary>
/// <param name="Only">The programs to measure; none means all.</param>
/// <param name="Json">Whether each row is a JSON object on a line of its own.</param>
/// <param name="Program">The peerchat that is measured.</param>
/// <param name="Folder">Where profiles are made.</param>
/// <param name="IsShort">Without the half minute of idleness.</param>
/// <param name="Parts">What to measure of them; none means all.</param>
internal sealed record ScreenOptions(
    IReadOnlyList<string> Only,
    bool Json,
    string Program,
    string Folder,
    bool IsShort = false,
    IReadOnlyList<string>? Parts = null
)
{
    /// <summary>The names of the parts, for <c>--parts</c>: a machine that is not quiet for long is measured in pieces.</summary>
    public static IReadOnlyList<string> AllParts { get; } = ["starts", "idle", "talk"];

    /// <summary>Whether a part is to be measured.</summary>
    public bool Has(string part) => (Parts is null || Parts.Contains(part)) && !(part == "idle" && IsShort);

    /// <summary>Reads the arguments behind <c>screen</c>.</summary>
    public static bool TryParse(ReadOnlySpan<string> arguments, out ScreenOptions options)
    {
        options = new ScreenOptions(
            [],
            Json: false,
            Path.Combine(AppContext.BaseDirectory, "peerchat"),
            Path.GetTempPath()
        );
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--json" or "--short")
            {
                options =
                    arguments[i] == "--json" ? options with { Json = true } : options with { IsShort = true };
                continue;
            }

            if (i + 1 == arguments.Length)
            {
                return false;
            }

            var value = arguments[i + 1];
            switch (arguments[i++])
            {
                case "--only":
                    options = options with { Only = value.Split(',') };
                    break;
                case "--parts":
                    options = options with { Parts = value.Split(',') };
                    break;
                case "--program":
                    options = options with { Program = Path.GetFullPath(value) };
                    break;
                case "--folder":
                    options = options with { Folder = Path.GetFullPath(value) };
                    break;
                default:
                    return false;
            }
        }

        return options.Only.All(ScreenPrograms.Names.Contains)
            && (options.Parts ?? []).All(AllParts.Contains);
    }
}
