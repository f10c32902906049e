using System.Globalization;
using System.Reflection;

namespace PeerChat.Node.Storage;

/// <summary>The numbered steps from an empty file to the current schema, embedded as <c>0001_name.sql</c>.</summary>
internal static class Migrations
{
    /// <summary>SQLite's application id of a PeerChat history: "PCht".</summary>
    public const int ApplicationId = 0x50436874;

    private const string Folder = "PeerChat.Node.Storage.Migrations.";
    private const int DigitCount = 4;

    private static readonly string[] Names =
    [
        .. Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The version that this program writes.</summary>
    public static int CurrentVersion => Names.Length;

    /// <summary>The numbers that the files carry; 1, 2, … without a gap.</summary>
    public static IEnumerable<int> Numbers =>
        Names.Select(name =>
            int.Parse(name.AsSpan(Folder.Length, DigitCount), NumberStyles.None, CultureInfo.InvariantCulture)
        );

    /// <summary>The step that leads to a version, as SQL.</summary>
    public static string StepTo(int version)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Names[version - 1])!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
