using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Output;

/// <summary>Turns the difference between what the terminal shows and what it should show into as few bytes as it can.</summary>
/// <remarks>
/// Expects a terminal in raw mode with automatic wrapping off. It knows where the cursor is and which style is set from
/// the frames before; <see cref="Reset"/> makes it forget.
/// </remarks>
public sealed class BufferDiff
{
    /// <summary>Bytes of a frame from which the cursor is hidden while it is drawn (or the update synchronized).</summary>
    public const int LongFrame = 256;

    /// <summary>Cells that must differ before moved rows are looked for.</summary>
    private const int MinScrolledCells = 60;

    private readonly OutputBuffer _plain = new();
    private readonly OutputBuffer _scrolled = new();
    private readonly OutputBuffer _frame = new();
    private Cell[] _moved = [];
    private int _column = CursorMotion.Unknown;
    private int _row = CursorMotion.Unknown;
    private CellStyle? _style;
    private bool? _isCursorVisible;
    private string? _title;
    private bool _isMouseOn;

    /// <summary>How many colours are sent.</summary>
    public ColorDepth Colors { get; set; } = ColorDepth.Palette16;

    /// <summary>Whether long frames are sent as one synchronized update (mode 2026); only if the terminal said it can.</summary>
    public bool UsesSynchronizedUpdates { get; set; }

    /// <summary>Whether cells may lead to an address (OSC 8).</summary>
    public bool UsesHyperlinks { get; set; }

    /// <summary>Whether only ASCII may be sent: the terminal takes each byte for a character.</summary>
    public bool UsesAsciiOnly { get; set; }

    /// <summary>Forgets what is known of the terminal's cursor, style, title and mouse.</summary>
    public void Reset()
    {
        (_column, _row) = (CursorMotion.Unknown, CursorMotion.Unknown);
        _style = null;
        _isCursorVisible = null;
        _title = null;
        _isMouseOn = false; // whoever takes the terminal anew takes it without
    }

    /// <summary>The bytes that turn one picture into another; valid until the next call. Empty for equal ones.</summary>
    /// <param name="previous">What the terminal shows.</param>
    /// <param name="next">What it should show; of the same size and with the same tables.</param>
    public ReadOnlySpan<byte> Write(CellBuffer previous, CellBuffer next)
    {
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(next);
        if (previous.Size != next.Size || previous.Tables != next.Tables)
        {
            throw new ArgumentException(
                "The buffers must be of one size and share their tables.",
                nameof(next)
            );
        }

        _frame.Clear();
        WriteTitle(next.Title);
        if (next.WantsMouse != _isMouseOn)
        {
            _frame.Append(next.WantsMouse ? ControlSequences.MouseOn : ControlSequences.MouseOff);
            _isMouseOn = next.WantsMouse;
        }

        var body = WriteBody(previous, next);
        var cursor = CursorIn(next);
        var isLong = body.Length > LongFrame;
        var isSynchronized = isLong && UsesSynchronizedUpdates;
        if (isSynchronized)
        {
            _frame.Append("\e[?2026h"u8);
        }

        if (
            (cursor is null && _isCursorVisible != false)
            || (isLong && !isSynchronized && _isCursorVisible != false)
        )
        {
            _frame.Append("\e[?25l"u8);
            _isCursorVisible = false;
        }

        _frame.Append(body.Written);
        WriteCursor(cursor);
        if (isSynchronized)
        {
            _frame.Append("\e[?2026l"u8);
        }

        return _frame.Written;
    }

    private static CellPosition? CursorIn(CellBuffer buffer) =>
        buffer.Cursor is { } cursor
        && cursor.Column >= 0
        && cursor.Row >= 0
        && cursor.Column < buffer.Size.Columns
        && cursor.Row < buffer.Size.Rows
            ? cursor
            : null;

    private void WriteTitle(string? title)
    {
        if (title is null || string.Equals(title, _title, StringComparison.Ordinal))
        {
            return;
        }

        _frame.Append(ControlSequences.Title(UsesAsciiOnly ? AsciiForm.Of(title) : title));
        _title = title;
    }

    private void WriteCursor(CellPosition? cursor)
    {
        if (cursor is not { } place)
        {
            return;
        }

        CursorMotion.Write(_frame, _column, _row, place.Column, place.Row);
        (_column, _row) = (place.Column, place.Row);
        if (_isCursorVisible != true)
        {
            _frame.Append("\e[?25h"u8);
            _isCursorVisible = true;
        }
    }

    private OutputBuffer WriteBody(CellBuffer previous, CellBuffer next)
    {
        var (columns, rows) = (next.Size.Columns, next.Size.Rows);
        var plain = Writer(_plain, next);
        plain.WriteRows(previous.Cells, next.Cells);
        if (
            CountDifferent(previous.Cells, next.Cells) >= MinScrolledCells
            && ScrollDetector.Find(previous.Cells, next.Cells, columns, rows) is { } shift
        )
        {
            Array.Resize(ref _moved, previous.Cells.Length);
            previous.Cells.CopyTo(_moved);
            ScrollDetector.Apply(_moved, columns, shift);
            var scrolled = Writer(_scrolled, next);
            scrolled.Scroll(shift, rows);
            scrolled.WriteRows(_moved, next.Cells);
            if (_scrolled.Length < _plain.Length)
            {
                Keep(scrolled);
                return _scrolled;
            }
        }

        Keep(plain);
        return _plain;
    }

    private FrameWriter Writer(OutputBuffer output, CellBuffer next)
    {
        output.Clear();
        return new FrameWriter(output, next.Tables, next.Size.Columns)
        {
            Colors = Colors,
            Palette = next.Palette,
            HasLinks = UsesHyperlinks,
            IsAscii = UsesAsciiOnly,
            Column = _column,
            Row = _row,
            Style = _style,
        };
    }

    private void Keep(FrameWriter writer)
    {
        writer.CloseLink();
        (_column, _row, _style) = (writer.Column, writer.Row, writer.Style);
    }

    private static int CountDifferent(ReadOnlySpan<Cell> left, ReadOnlySpan<Cell> right)
    {
        var count = 0;
        for (var i = 0; i < left.Length; i++)
        {
            count += left[i] == right[i] ? 0 : 1;
        }

        return count;
    }
}
