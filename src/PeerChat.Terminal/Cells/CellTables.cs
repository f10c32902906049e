using System.Buffers;
using System.Text;
using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Cells;

/// <summary>Numbers for clusters and styles, shared by the buffers that are compared with each other.</summary>
/// <remarks>A cluster of one code point is its own number, so only joined and accented ones are kept here.</remarks>
public sealed class CellTables
{
    /// <summary>Clusters kept before the unused ones are forgotten; senders could invent new ones without end.</summary>
    internal const int MaxClusters = 8192;

    /// <summary>Styles kept before the unused ones are forgotten.</summary>
    internal const int MaxStyles = 1024;

    // Above every code point
    private const int FirstInterned = 0x0100_0000;

    private readonly List<string> _clusters = [];
    private readonly Dictionary<string, int> _clusterNumbers = new(StringComparer.Ordinal);
    private readonly List<CellStyle> _styles = [];
    private readonly List<ushort> _blankStyles = [];
    private readonly Dictionary<CellStyle, ushort> _styleNumbers = [];

    /// <summary>Empty tables; style 0 is the default.</summary>
    public CellTables() => AddStyle(CellStyle.Default);

    /// <summary>Whether it is time for <see cref="Compact"/>.</summary>
    internal bool IsCrowded => _clusters.Count > MaxClusters || _styles.Count > MaxStyles;

    internal int ClusterNumber(ReadOnlySpan<char> cluster)
    {
        if (
            Rune.DecodeFromUtf16(cluster, out var rune, out var length) == OperationStatus.Done
            && length == cluster.Length
        )
        {
            return rune.Value;
        }

        var lookup = _clusterNumbers.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(cluster, out var number))
        {
            number = FirstInterned + _clusters.Count;
            var text = cluster.ToString();
            _clusters.Add(text);
            _clusterNumbers.Add(text, number);
        }

        return number;
    }

    internal string ClusterText(int number) =>
        number switch
        {
            >= FirstInterned => _clusters[number - FirstInterned],
            >= 0 => new Rune(number).ToString(),
            _ => "?",
        };

    /// <summary>Writes a cluster as UTF-8; the destination has room for the longest.</summary>
    internal int EncodeCluster(int number, Span<byte> destination)
    {
        if (number < FirstInterned)
        {
            return new Rune(number).EncodeToUtf8(destination);
        }

        return Encoding.UTF8.GetBytes(_clusters[number - FirstInterned], destination);
    }

    internal int ClusterBytes(int number) =>
        number < FirstInterned
            ? new Rune(number).Utf8SequenceLength
            : Encoding.UTF8.GetByteCount(_clusters[number - FirstInterned]);

    /// <summary>Columns behind a doubtful cluster that a terminal may draw over, if it counts each code point alone.</summary>
    internal int Reach(Cell cell)
    {
        var columns = 0;
        foreach (var rune in ClusterText(cell.Cluster).EnumerateRunes())
        {
            columns += rune.Value is >= 0x1F000 || TextWidth.Of(rune) == 2 ? 2 : 1;
        }

        return Math.Max(1, columns - cell.Width);
    }

    internal ushort StyleNumber(CellStyle style)
    {
        if (_styleNumbers.TryGetValue(style, out var number))
        {
            return number;
        }

        // 65,536 styles in one frame: not from any palette of ours; the plain look will do
        return _styles.Count > ushort.MaxValue - 2 ? (ushort)0 : AddStyle(style);
    }

    internal CellStyle Style(ushort number) => _styles[number];

    /// <summary>The style that looks the same on a blank.</summary>
    internal ushort BlankStyle(ushort number) => _blankStyles[number];

    /// <summary>Forgets the clusters and styles that none of the buffers shows, and numbers the rest anew.</summary>
    internal void Compact(params ReadOnlySpan<CellBuffer> buffers)
    {
        var clusters = _clusters.ToArray();
        var styles = _styles.ToArray();
        _clusters.Clear();
        _clusterNumbers.Clear();
        _styles.Clear();
        _blankStyles.Clear();
        _styleNumbers.Clear();
        _ = AddStyle(CellStyle.Default);
        foreach (var buffer in buffers)
        {
            foreach (ref var cell in buffer.Cells)
            {
                var cluster =
                    cell.Cluster >= FirstInterned
                        ? ClusterNumber(clusters[cell.Cluster - FirstInterned])
                        : cell.Cluster;
                cell = cell with { Cluster = cluster, Style = StyleNumber(styles[cell.Style]) };
            }
        }
    }

    private ushort AddStyle(CellStyle style)
    {
        var number = (ushort)_styles.Count;
        _styles.Add(style);
        _styleNumbers.Add(style, number);
        _blankStyles.Add(number);
        var blank = style.OnBlank();
        _blankStyles[number] = blank == style ? number : StyleNumber(blank);
        return number;
    }
}
