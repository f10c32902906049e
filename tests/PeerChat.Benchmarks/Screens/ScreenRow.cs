using System.Globalization;
using System.Text.Json.Nodes;

namespace PeerChat.Benchmarks.Screens;

/// <summary>What one program came to; what was not measured is missing, and the notes say why.</summary>
/// <param name="name">The program.</param>
internal sealed class ScreenRow(string name)
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    /// <summary>The columns, in their order, with the decimals shown.</summary>
    public static IReadOnlyList<(string Key, string Title, int Decimals)> Columns { get; } =
    [
        ("start", "start, ms", 0),
        ("startLeast", "least", 0),
        ("resident", "memory, MB", 1),
        ("residentFull", "after 10,000 lines", 1),
        ("key", "B/key, end", 0),
        ("keyMiddle", "B/key, middle", 0),
        ("lineColumn", "B/line, column", 0),
        ("lineBare", "B/line, bare", 0),
        ("burst", "10,000 lines, s", 2),
        ("burstCpu", "CPU, s", 2),
        ("burstBytes", "KB", 0),
        ("burstKey", "key meanwhile, ms", 1),
        ("burstKeyMost", "most", 1),
        ("pageUp", "page up, B", 0),
        ("oldest", "oldest, B", 0),
        ("oldestTime", "ms", 1),
        ("idleWakes", "idle 30 s: wake-ups", 0),
        ("idleTicks", "ticks", 0),
        ("idleBytes", "B", 0),
        ("paste", "paste 5,000, s", 2),
        ("pasteBytes", "B", 0),
        ("pasteSent", "sent", 0),
        ("end", "SIGTERM, ms", 0),
    ];

    /// <summary>The program.</summary>
    public string Name { get; } = name;

    /// <summary>What is missing and why, and what was seen besides.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>A figure; not a number where there is none.</summary>
    public double this[string key]
    {
        get => _values.GetValueOrDefault(key, double.NaN);
        set => _values[key] = value;
    }

    /// <summary>The titles of a table whose rows are figures and whose columns are programs.</summary>
    public static void Write(IReadOnlyList<ScreenRow> rows, TextWriter output)
    {
        output.WriteLine($"| 80 × 24 | {string.Join(" | ", rows.Select(row => row.Name))} |");
        output.WriteLine($"|{string.Concat(Enumerable.Repeat(" --- |", rows.Count + 1))}");
        foreach (var (key, title, decimals) in Columns)
        {
            output.WriteLine(
                $"| {title} | {string.Join(" | ", rows.Select(row => Form(row[key], decimals)))} |"
            );
        }

        foreach (var row in rows)
        {
            row.Notes.ForEach(note => output.WriteLine($"{row.Name}: {note}"));
        }
    }

    /// <summary>One JSON object.</summary>
    public string ToJson()
    {
        var json = new JsonObject { ["v"] = 1, ["name"] = Name };
        foreach (var (key, _, _) in Columns)
        {
            json[key] = double.IsNaN(this[key]) ? null : Math.Round(this[key], 3);
        }

        json["notes"] = new JsonArray([.. Notes.Select(note => JsonValue.Create(note))]);
        return json.ToJsonString();
    }

    private static string Form(double value, int decimals) =>
        double.IsNaN(value) ? "–" : value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
}
