using System.Text;

namespace PeerChat.Rooms.Tests.Vectors;

/// <summary>A text file of known answers: lines "name = value", comments after #.</summary>
internal sealed class VectorFile
{
    private readonly Dictionary<string, string> _values;

    private VectorFile(Dictionary<string, string> values) => _values = values;

    public IEnumerable<string> Names => _values.Keys;

    public static VectorFile Load(string name) =>
        new(
            Lines(name)
                .Select(line => line.Split(" = ", 2))
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal)
        );

    public static IEnumerable<string> Lines(string name) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", name), Encoding.UTF8)
            .Where(line => line.Length > 0 && line[0] != '#');

    public string Text(string name) => _values[name];

    public byte[] Bytes(string name) => Convert.FromHexString(_values[name]);
}
