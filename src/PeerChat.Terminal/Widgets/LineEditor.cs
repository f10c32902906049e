using System.Collections.Immutable;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;

namespace PeerChat.Terminal.Widgets;

/// <summary>A text being written: moved in and deleted by cluster, with readline's keys, undo and history.</summary>
/// <remarks>A state, replaced with every key. The cursor always stands between two clusters.</remarks>
public sealed record LineEditor
{
    /// <summary>UTF-16 units that fit in; the same as a paste.</summary>
    public const int MaxLength = VtParser.MaxPasteBytes;

    /// <summary>Lines of history kept (readline keeps 500).</summary>
    public const int MaxHistory = 500;

    /// <summary>Steps that can be undone.</summary>
    public const int MaxUndo = 100;

    // A big paste must not be kept a hundred times
    private const int MaxUndoLength = 4 * MaxLength;

    private LineEditor() { }

    private enum Kind
    {
        Other,
        Typing,
        Killing,
    }

    /// <summary>No text and no history.</summary>
    public static LineEditor Empty { get; } = new();

    /// <summary>The text; lines end with <c>\n</c>.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Index of the UTF-16 unit that the cursor stands before.</summary>
    public int Cursor { get; private init; }

    /// <summary>Texts finished before, the oldest first.</summary>
    public ImmutableList<string> History { get; init; } = [];

    private ImmutableList<EditorSnapshot> Undone { get; init; } = [];

    private string Killed { get; init; } = "";

    private int HistoryPlace { get; init; }

    private string Draft { get; init; } = "";

    private int? WantedColumn { get; init; }

    private Kind Last { get; init; }

    /// <summary>The editor with another text, the cursor at its end; history stays.</summary>
    public LineEditor WithText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var normal = EditorText.Normalize(text);
        var cut = normal[..Math.Min(normal.Length, MaxLength)];
        return Remember() with { Text = cut, Cursor = cut.Length, Last = Kind.Other, WantedColumn = null };
    }

    /// <summary>The editor with the cursor at another place (moved to the end of the cluster it would fall into).</summary>
    public LineEditor WithCursor(int place) =>
        this with
        {
            Cursor = EditorText.Snap(Text, Math.Clamp(place, 0, Text.Length)),
            Last = Kind.Other,
            WantedColumn = null,
        };

    /// <summary>Empties the editor and puts its text into the history, unless it is the same as the last.</summary>
    public LineEditor Finish()
    {
        var history =
            Text.Length == 0
            || (History.Count > 0 && string.Equals(History[^1], Text, StringComparison.Ordinal))
                ? History
                : History.Add(Text);
        history = history.Count > MaxHistory ? history.RemoveAt(0) : history;
        return Empty with { History = history, HistoryPlace = history.Count, Killed = Killed };
    }

    /// <summary>Puts text in at the cursor, as typing or pasting does; what would be too long is cut.</summary>
    public LineEditor Insert(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var normal = EditorText.Normalize(text);
        normal = normal[..Math.Min(normal.Length, MaxLength - Text.Length)];
        var isTyping = normal.Length <= 2 && normal is not ("\n" or " ");
        // A word is undone at once, not letter by letter
        var before = isTyping && Last == Kind.Typing ? this : Remember();
        var joined = string.Concat(Text.AsSpan(0, Cursor), normal, Text.AsSpan(Cursor));
        return before with
        {
            Text = joined,
            Cursor = EditorText.Snap(joined, Cursor + normal.Length),
            Last = isTyping ? Kind.Typing : Kind.Other,
            WantedColumn = null,
        };
    }

    /// <summary>Takes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="columns">Columns the text is drawn in, for moving up and down.</param>
    public (LineEditor Editor, EditorOutcome Outcome) Handle(KeyStroke key, int columns)
    {
        if (key.Is(KeyCode.Enter))
        {
            return (this, EditorOutcome.Submitted);
        }

        var next = key.IsText ? Insert(key.Character.ToString()) : Move(key, columns) ?? Change(key);
        return next is null ? (this, EditorOutcome.NotHandled) : (next, EditorOutcome.Handled);
    }

    /// <summary>Rows the text takes, for a region that grows with it.</summary>
    public int RowsAt(int columns) => new EditorLayout(Text, columns).Rows.Count;

    /// <summary>Draws the text, scrolled so that the cursor can be seen, and places the terminal's cursor.</summary>
    public void Draw(CellRegion region, CellStyle style = default)
    {
        var layout = new EditorLayout(Text, region.Columns);
        var (row, column) = layout.Find(Cursor);
        var top = Math.Max(0, row - region.Rows + 1);
        for (var i = 0; i < region.Rows && top + i < layout.Rows.Count; i++)
        {
            var shown = layout.Rows[top + i];
            _ = region.Write(0, i, Text.AsSpan(shown.Start, shown.Length), style);
        }

        region.SetCursor(Math.Min(column, region.Columns - 1), row - top);
    }

    private LineEditor? Move(KeyStroke key, int columns) =>
        key switch
        {
            { Code: KeyCode.Left, Modifiers: KeyModifiers.None } => To(EditorText.Previous(Text, Cursor)),
            { Code: KeyCode.Right, Modifiers: KeyModifiers.None } => To(EditorText.Next(Text, Cursor)),
            { Code: KeyCode.Left, Modifiers: KeyModifiers.Ctrl } => To(EditorText.WordStart(Text, Cursor)),
            { Code: KeyCode.Right, Modifiers: KeyModifiers.Ctrl } => To(EditorText.WordEnd(Text, Cursor)),
            { Code: KeyCode.Home, Modifiers: KeyModifiers.None } => To(EditorText.LineStart(Text, Cursor)),
            { Code: KeyCode.End, Modifiers: KeyModifiers.None } => To(EditorText.LineEnd(Text, Cursor)),
            { Code: KeyCode.Home, Modifiers: KeyModifiers.Ctrl } => To(0),
            { Code: KeyCode.End, Modifiers: KeyModifiers.Ctrl } => To(Text.Length),
            { Code: KeyCode.Up, Modifiers: KeyModifiers.None } => Vertical(columns, -1),
            { Code: KeyCode.Down, Modifiers: KeyModifiers.None } => Vertical(columns, 1),
            _ when key.IsCtrl('b') => To(EditorText.Previous(Text, Cursor)),
            _ when key.IsCtrl('f') => To(EditorText.Next(Text, Cursor)),
            _ when key.IsCtrl('a') => To(EditorText.LineStart(Text, Cursor)),
            _ when key.IsCtrl('e') => To(EditorText.LineEnd(Text, Cursor)),
            _ when key.IsAlt('b') => To(EditorText.WordStart(Text, Cursor)),
            _ when key.IsAlt('f') => To(EditorText.WordEnd(Text, Cursor)),
            _ => null,
        };

    private LineEditor? Change(KeyStroke key) =>
        key switch
        {
            { Code: KeyCode.Enter, Modifiers: KeyModifiers.Alt or KeyModifiers.Shift } => Insert("\n"),
            { Code: KeyCode.Backspace, Modifiers: KeyModifiers.None or KeyModifiers.Shift } => Delete(
                EditorText.Previous(Text, Cursor),
                Cursor
            ),
            { Code: KeyCode.Backspace, Modifiers: KeyModifiers.Alt or KeyModifiers.Ctrl } => Kill(
                EditorText.WordStart(Text, Cursor),
                Cursor
            ),
            { Code: KeyCode.Delete, Modifiers: KeyModifiers.None } => Delete(
                Cursor,
                EditorText.Next(Text, Cursor)
            ),
            { Code: KeyCode.Delete, Modifiers: KeyModifiers.Ctrl } => Kill(
                Cursor,
                EditorText.WordEnd(Text, Cursor)
            ),
            _ when key.IsCtrl('j') => Insert("\n"),
            _ when key.IsCtrl('h') => Delete(EditorText.Previous(Text, Cursor), Cursor),
            // On an empty line Ctrl-D belongs to the program (end of input)
            _ when key.IsCtrl('d') && Text.Length > 0 => Delete(Cursor, EditorText.Next(Text, Cursor)),
            _ when key.IsCtrl('k') => Kill(Cursor, KillEnd()),
            _ when key.IsCtrl('u') => Kill(EditorText.LineStart(Text, Cursor), Cursor),
            _ when key.IsCtrl('w') => Kill(EditorText.BlankWordStart(Text, Cursor), Cursor),
            _ when key.IsAlt('d') => Kill(Cursor, EditorText.WordEnd(Text, Cursor)),
            _ when key.IsCtrl('y') => (this with { Last = Kind.Other }).Insert(Killed),
            _ when key.IsCtrl('_') || key.IsAlt('_') => Undo(),
            _ => null,
        };

    private LineEditor To(int place) => this with { Cursor = place, Last = Kind.Other, WantedColumn = null };

    private LineEditor Vertical(int columns, int rows)
    {
        var layout = new EditorLayout(Text, columns);
        var (row, column) = layout.Find(Cursor);
        var target = row + rows;
        if (target < 0)
        {
            return Recall(HistoryPlace - 1);
        }

        if (target >= layout.Rows.Count)
        {
            return Recall(HistoryPlace + 1);
        }

        var wanted = WantedColumn ?? column;
        return To(layout.PlaceAt(target, wanted)) with { WantedColumn = wanted };
    }

    private LineEditor Recall(int place)
    {
        if (place < 0 || place > History.Count || HistoryPlace > History.Count)
        {
            return this;
        }

        var draft = HistoryPlace == History.Count ? Text : Draft;
        var text = place == History.Count ? draft : History[place];
        return WithText(text) with { HistoryPlace = place, Draft = draft };
    }

    // The end of the line, or of the line break if it stands there already
    private int KillEnd()
    {
        var end = EditorText.LineEnd(Text, Cursor);
        return end == Cursor && end < Text.Length ? end + 1 : end;
    }

    private LineEditor Delete(int from, int to) =>
        from == to ? this : Remember().Without(from, to) with { Last = Kind.Other };

    private LineEditor Kill(int from, int to)
    {
        if (from == to)
        {
            return this;
        }

        // Kills in a row add up, so that one Ctrl-Y brings all back
        var cut = Text[from..to];
        var killed = (Last == Kind.Killing, from < Cursor) switch
        {
            (false, _) => cut,
            (true, true) => cut + Killed,
            (true, false) => Killed + cut,
        };
        return Remember().Without(from, to) with { Killed = killed, Last = Kind.Killing };
    }

    private LineEditor Without(int from, int to)
    {
        var text = Text.Remove(from, to - from);
        return this with { Text = text, Cursor = EditorText.Snap(text, from), WantedColumn = null };
    }

    private LineEditor Undo() =>
        Undone.Count == 0
            ? this
            : this with
            {
                Text = Undone[^1].Text,
                Cursor = Undone[^1].Cursor,
                Undone = Undone.RemoveAt(Undone.Count - 1),
                Last = Kind.Other,
                WantedColumn = null,
            };

    private LineEditor Remember()
    {
        var undone = Undone.Add(new EditorSnapshot(Text, Cursor));
        while (
            undone.Count > MaxUndo
            || (undone.Count > 1 && undone.Sum(step => (long)step.Text.Length) > MaxUndoLength)
        )
        {
            undone = undone.RemoveAt(0);
        }

        return this with
        {
            Undone = undone,
        };
    }
}
