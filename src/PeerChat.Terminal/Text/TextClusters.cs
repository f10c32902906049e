using System.Buffers;
using System.Globalization;
using System.Text;

namespace PeerChat.Terminal.Text;

/// <summary>Walks a text cluster by cluster; the only place that decides what is a cluster and how wide it is.</summary>
/// <remarks>Grapheme clusters as in UAX #29, further split where a character must be shown by name.</remarks>
/// <param name="text">Any UTF-16, also malformed.</param>
public ref struct TextClusters(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _position = 0;

    /// <summary>The cluster reached by <see cref="MoveNext"/>.</summary>
    public TextCluster Current { get; private set; }

    /// <summary>So that foreach works.</summary>
    public readonly TextClusters GetEnumerator() => this;

    /// <summary>Goes to the next cluster; false at the end.</summary>
    public bool MoveNext()
    {
        if (_position >= _text.Length)
        {
            return false;
        }

        Current = Read(_text[_position..]) with { Start = _position };
        _position += Current.Length;
        return true;
    }

    /// <summary>The first cluster of a text that is not empty.</summary>
    internal static TextCluster Read(ReadOnlySpan<char> text)
    {
        var first = text[0];
        if (first is >= ' ' and < '\x7F' && (text.Length == 1 || text[1] < '\x80'))
        {
            return new TextCluster(0, 1, 1, 1, ClusterForm.Plain);
        }

        if (first == '\t')
        {
            return new TextCluster(0, 1, 0, TextCluster.TabColumns, ClusterForm.Tab);
        }

        if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done)
        {
            return Shown(first, 1);
        }

        return CharacterRules.IsShownAtStart(rune)
            ? Shown(rune.Value, length)
            : ReadDrawn(text, rune, length);
    }

    private static TextCluster Shown(int codePoint, int length) =>
        new(0, length, 0, VisibleForm.Columns(codePoint), ClusterForm.Shown);

    private static TextCluster ReadDrawn(ReadOnlySpan<char> text, Rune first, int firstLength)
    {
        var limit = Math.Min(text.Length, TextCluster.MaxLength);
        if (limit < text.Length && char.IsHighSurrogate(text[limit - 1]))
        {
            limit--;
        }

        var length = StringInfo.GetNextTextElementLength(text[..limit]);
        if (length == firstLength)
        {
            return Single(first, firstLength);
        }

        if (CharacterRules.IsTagFlag(text[..length]))
        {
            return new TextCluster(0, length, length, 2, ClusterForm.Doubtful);
        }

        var measure = new ClusterMeasure(first);
        var position = firstLength;
        var drawn = firstLength;
        while (position < length)
        {
            if (
                Rune.DecodeFromUtf16(text[position..length], out var rune, out var runeLength)
                    != OperationStatus.Done
                || !measure.TryAdd(rune, position + runeLength == length)
            )
            {
                break;
            }

            position += runeLength;
            drawn = measure.IsFull ? drawn : position;
        }

        return measure.Finish(position, drawn);
    }

    private static TextCluster Single(Rune rune, int length)
    {
        var columns = TextWidth.Of(rune);
        if (columns == 0)
        {
            return new TextCluster(0, length, length, 1, ClusterForm.OnDottedCircle);
        }

        var form = TextWidth.IsDoubtful(rune) ? ClusterForm.Doubtful : ClusterForm.Plain;
        return new TextCluster(0, length, length, columns, form);
    }
}
