using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Benchmarks.Files;

/// <summary>What the command line of <c>files</c> says.</summary>
/// <param name="Only">The parts to measure; none means all.</param>
/// <param name="Megabytes">How many MiB the great file has.</param>
/// <param name="Run">Json, program and folder, as for the other benchmarks.</param>
internal sealed record FilesOptions(IReadOnlyList<string> Only, int Megabytes, ChatOptions Run)
{
    /// <summary>A file between two, beside other programs.</summary>
    public const string Pair = "pair";

    /// <summary>Three holders beside one.</summary>
    public const string Holders = "holders";

    /// <summary>A chat line during a transfer over a slow path.</summary>
    public const string Chat = "chat";

    /// <summary>A folder of 10,000 small files.</summary>
    public const string Small = "small";

    /// <summary>Photos of 12 megapixels.</summary>
    public const string Pictures = "pictures";

    private const int DefaultMegabytes = 1024;
    private static readonly string[] Parts = [Pair, Holders, Chat, Small, Pictures];

    /// <summary>Whether a part is to be measured.</summary>
    public bool Has(string part) => Only.Count == 0 || Only.Contains(part, StringComparer.Ordinal);

    /// <summary>Reads the arguments behind <c>files</c>.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out FilesOptions? options)
    {
        var (only, megabytes, rest) = (Array.Empty<string>(), DefaultMegabytes, new List<string>());
        options = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            if (arguments[i] == "--only")
            {
                (only, i) = (value.Split(','), i + 1);
            }
            else if (arguments[i] == "--megabytes" && int.TryParse(value, out megabytes) && megabytes > 0)
            {
                i++;
            }
            else
            {
                rest.Add(arguments[i]);
            }
        }

        if (
            !only.All(one => Parts.Contains(one, StringComparer.Ordinal))
            || !ChatOptions.TryParse([.. rest], out var run)
        )
        {
            return false;
        }

        options = new FilesOptions(only, megabytes, run);
        return true;
    }
}
