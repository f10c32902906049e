using System.Reflection;
using System.Text.RegularExpressions;
using PeerChat.TestKit;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>One of the tables in <c>docs/conformance</c>: what others ask for, and which of our tests shows it.</summary>
internal sealed partial class ConformanceTable
{
    /// <summary>How a row begins its last cell when nothing can be tested.</summary>
    public const string DoesNotApply = "does not apply: ";

    private static readonly HashSet<string> Tests = FindTests();

    private ConformanceTable(string name, IReadOnlyList<Row> rows) => (Name, Rows) = (name, rows);

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>The rows of all its tables, without the heads.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>All tables.</summary>
    public static IEnumerable<ConformanceTable> All =>
        Directory.GetFiles(Folder, "*.md").Order(StringComparer.Ordinal).Select(Read);

    private static string Folder => PublishedDocument.PathOf("conformance");

    /// <summary>One of them by its name.</summary>
    public static ConformanceTable Of(string name) => Read(Path.Combine(Folder, name));

    /// <summary>Whether there is a test of this class and name: here, or in the sources of another test project.</summary>
    public static bool Exists(string test)
    {
        if (Tests.Contains(test))
        {
            return true;
        }

        var (type, method) = (test.Split('.')[0], test.Split('.')[1]);
        var tests = Path.Combine(Folder, "..", "..", "tests");
        return Directory
            .EnumerateFiles(tests, $"{type}.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("PeerChat.WebRtc.Tests", StringComparison.Ordinal))
            .Any(file => File.ReadAllText(file).Contains($" {method}(", StringComparison.Ordinal));
    }

    private static ConformanceTable Read(string path)
    {
        var rows = new List<Row>();
        var isHead = true;
        foreach (var line in File.ReadLines(path))
        {
            if (!line.StartsWith('|'))
            {
                isHead = true;
                continue;
            }

            if (isHead || line.StartsWith("| ---", StringComparison.Ordinal))
            {
                isHead = false;
                continue;
            }

            var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            rows.Add(
                new Row(cells, [.. TestName().Matches(cells[^1]).Select(match => match.Groups["test"].Value)])
            );
        }

        return new ConformanceTable(Path.GetFileName(path), rows);
    }

    private static HashSet<string> FindTests() =>
        [
            .. from type in typeof(ConformanceTable).Assembly.GetTypes()
            from method in type.GetMethods(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            )
            where method.GetCustomAttributes<FactAttribute>().Any()
            select $"{type.Name}.{method.Name}",
        ];

    [GeneratedRegex(
        "`(?<test>[A-Z][A-Za-z0-9]*Tests\\.[A-Za-z0-9_]+)`",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TestName();

    /// <summary>One row.</summary>
    /// <param name="Cells">Its cells.</param>
    /// <param name="Tests">The tests that the last cell names.</param>
    internal sealed record Row(IReadOnlyList<string> Cells, IReadOnlyList<string> Tests);
}
