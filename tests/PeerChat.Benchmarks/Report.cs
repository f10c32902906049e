using System.Text.Json.Nodes;

namespace PeerChat.Benchmarks;

/// <summary>All figures of a run, and on what machine they were taken.</summary>
internal sealed class Report
{
    private readonly List<Figure> _figures = [];
    private readonly string _loadBefore = Load();

    /// <summary>Adds a line.</summary>
    public void Add(string name, double value, string unit, double? budget = null, string note = "") =>
        _figures.Add(new Figure(name, value, unit, budget, note));

    /// <summary>Adds middle and 99th percentile.</summary>
    public void Add(string name, Samples samples, string unit, string note = "")
    {
        var count = $"{samples.Count} times{(note.Length > 0 ? ", " : "")}{note}";
        Add($"{name}, median", samples.Median, unit, note: count);
        Add($"{name}, p99", samples.Percentile(99), unit);
    }

    /// <summary>Writes the report.</summary>
    public void Write(TextWriter output, bool json)
    {
        if (json)
        {
            WriteJson(output);
            return;
        }

        output.WriteLine($"{Environment.ProcessorCount} cores, load {_loadBefore} before and {Load()} after");
        foreach (var figure in _figures)
        {
            var value = double.IsNaN(figure.Value) ? "-" : $"{figure.Value:0.##} {figure.Unit}";
            var budget = figure.Budget is { } most ? $"≤ {most:0.##}" : "";
            var met = figure.IsMet switch
            {
                true => "met",
                false => "NOT met",
                null => "",
            };
            output.WriteLine(
                $"{figure.Name, -52} {value, 14}  {budget, -8} {met, -8} {figure.Note}".TrimEnd()
            );
        }
    }

    private void WriteJson(TextWriter output)
    {
        var figures = new JsonArray();
        foreach (var figure in _figures)
        {
            figures.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["name"] = figure.Name,
                        ["value"] = double.IsNaN(figure.Value) ? null : figure.Value,
                        ["unit"] = figure.Unit,
                        ["budget"] = figure.Budget,
                        ["met"] = figure.IsMet,
                        ["note"] = figure.Note,
                    }
            );
        }

        var report = new JsonObject
        {
            ["v"] = 1,
            ["cores"] = Environment.ProcessorCount,
            ["loadBefore"] = _loadBefore,
            ["loadAfter"] = Load(),
            ["figures"] = figures,
        };
        output.WriteLine(report.ToJsonString());
    }

    private static string Load() =>
        OperatingSystem.IsLinux() ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
