using FsCheck;
using FsCheck.Fluent;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Widgets;

public sealed class LineEditorTests
{
    private static readonly KeyStroke Left = new(KeyCode.Left);
    private static readonly KeyStroke Right = new(KeyCode.Right);
    private static readonly KeyStroke Up = new(KeyCode.Up);
    private static readonly KeyStroke Down = new(KeyCode.Down);
    private static readonly KeyStroke Backspace = new(KeyCode.Backspace);

    [Theory]
    [InlineData("日本👩‍👩‍👧‍👦", "日本")]
    [InlineData("日本", "日")]
    [InlineData("e\u0301", "")]
    [InlineData("한글", "한")]
    [InlineData("\u1112\u1161\u11ab", "")]
    [InlineData("🇯🇵🇰🇷", "🇯🇵")]
    [InlineData("a\n", "a")]
    [InlineData("👍🏽1️⃣", "👍🏽")]
    public void One_backspace_removes_what_a_reader_sees_as_one(string text, string left) =>
        Press(LineEditor.Empty.WithText(text), Backspace).Text.ShouldBe(left);

    [Fact]
    public void The_cursor_moves_by_what_a_reader_sees_as_one()
    {
        var editor = LineEditor.Empty.WithText("a👩‍👩‍👧‍👦e\u0301");

        editor = Press(editor, Left);
        editor.Cursor.ShouldBe(12);
        editor = Press(editor, Left);
        editor.Cursor.ShouldBe(1);
        Press(editor, Right).Cursor.ShouldBe(12);
        Press(editor, new KeyStroke(KeyCode.Delete)).Text.ShouldBe("ae\u0301");
    }

    [Fact]
    public void A_family_typed_code_point_by_code_point_becomes_one()
    {
        var editor = LineEditor.Empty;
        foreach (var rune in "👩‍👩‍👧‍👦".EnumerateRunes())
        {
            editor = Press(editor, new KeyStroke(KeyCode.Character, KeyModifiers.None, rune));
        }

        editor.Cursor.ShouldBe(11);
        Press(editor, Backspace).Text.ShouldBe("");
    }

    [Theory]
    [InlineData("one two-three", 13, "Ctrl+w", "one ")]
    [InlineData("one two-three", 13, "Alt+Backspace", "one two-")]
    [InlineData("one two  ", 9, "Ctrl+w", "one ")]
    [InlineData("one two", 0, "Alt+d", " two")]
    [InlineData("one two", 3, "Ctrl+k", "one")]
    [InlineData("one two", 3, "Ctrl+u", " two")]
    [InlineData("a\nb", 1, "Ctrl+k", "ab")]
    [InlineData("one\ntwo", 6, "Ctrl+u", "one\no")]
    [InlineData("ab", 1, "Ctrl+d", "a")]
    [InlineData("ab", 1, "Ctrl+h", "b")]
    [InlineData("日本 語", 4, "Ctrl+w", "日本 ")]
    [InlineData("x 👩‍👩‍👧‍👦👍🏽", 17, "Alt+Backspace", "x ")]
    public void Deletes_as_readline_does_and_yanks_it_back(string text, int cursor, string key, string left)
    {
        var editor = Press(LineEditor.Empty.WithText(text).WithCursor(cursor), KeyOf(key));

        editor.Text.ShouldBe(left);
        if (key is not ("Ctrl+d" or "Ctrl+h"))
        {
            Press(editor, KeyStroke.Ctrl('y')).Text.ShouldBe(text);
        }
    }

    [Theory]
    [InlineData("Ctrl+a", 4)]
    [InlineData("Ctrl+e", 11)]
    [InlineData("Home", 4)]
    [InlineData("End", 11)]
    [InlineData("Alt+b", 4)]
    [InlineData("Alt+f", 7)]
    [InlineData("Ctrl+Left", 4)]
    [InlineData("Ctrl+Right", 7)]
    [InlineData("Ctrl+b", 5)]
    [InlineData("Ctrl+f", 7)]
    [InlineData("Ctrl+Home", 0)]
    [InlineData("Ctrl+End", 16)]
    public void Moves_as_readline_does(string key, int cursor) =>
        Press(LineEditor.Empty.WithText("one\ntwo six\nfour").WithCursor(6), KeyOf(key))
            .Cursor.ShouldBe(cursor);

    [Fact]
    public void Kills_in_a_row_come_back_together()
    {
        var editor = LineEditor.Empty.WithText("one two three");
        editor = Press(editor, KeyStroke.Ctrl('w'), KeyStroke.Ctrl('w'));

        editor.Text.ShouldBe("one ");
        Press(editor, KeyStroke.Ctrl('y')).Text.ShouldBe("one two three");
    }

    [Fact]
    public void Undoes_word_by_word()
    {
        var editor = Type(LineEditor.Empty, "hello world");
        editor = Press(editor, KeyStroke.Ctrl('w'));

        editor = Press(editor, KeyStroke.Ctrl('_'));
        editor.Text.ShouldBe("hello world");
        editor = Press(editor, KeyStroke.Ctrl('_'));
        editor.Text.ShouldBe("hello ");
        editor = Press(editor, KeyStroke.Ctrl('_'), KeyStroke.Ctrl('_'));
        editor.Text.ShouldBe("");
        Press(editor, KeyStroke.Ctrl('_')).Text.ShouldBe("");
    }

    [Fact]
    public void Enter_submits_and_Alt_Enter_and_Ctrl_J_break_the_line()
    {
        var editor = Type(LineEditor.Empty, "a");
        editor = Press(editor, new KeyStroke(KeyCode.Enter, KeyModifiers.Alt));
        editor = Type(Press(Type(editor, "b"), KeyStroke.Ctrl('j')), "c");

        editor.Text.ShouldBe("a\nb\nc");
        editor.Handle(new KeyStroke(KeyCode.Enter), 80).Outcome.ShouldBe(EditorOutcome.Submitted);
    }

    [Fact]
    public void Shift_Enter_breaks_the_line_where_the_terminal_can_say_it()
    {
        var (editor, outcome) = Type(LineEditor.Empty, "a")
            .Handle(new KeyStroke(KeyCode.Enter, KeyModifiers.Shift), 80);

        editor.Text.ShouldBe("a\n");
        outcome.ShouldNotBe(EditorOutcome.Submitted);
    }

    [Fact]
    public void Leaves_other_keys_to_the_program()
    {
        foreach (
            var key in new[]
            {
                KeyStroke.Ctrl('n'),
                KeyStroke.Ctrl('d'),
                KeyStroke.Alt('a'),
                new(KeyCode.Tab),
                new(KeyCode.Function, Function: 1),
            }
        )
        {
            LineEditor.Empty.Handle(key, 80).Outcome.ShouldBe(EditorOutcome.NotHandled);
        }
    }

    [Fact]
    public void Goes_through_history_and_keeps_what_was_being_written()
    {
        var editor = Type(Type(Type(LineEditor.Empty, "first").Finish(), "second").Finish(), "draft");

        editor = Press(editor, Up);
        editor.Text.ShouldBe("second");
        editor = Press(editor, Up, Up);
        editor.Text.ShouldBe("first");
        editor = Press(editor, Down);
        editor.Text.ShouldBe("second");
        editor = Press(editor, Down, Down);
        editor.Text.ShouldBe("draft");
    }

    [Fact]
    public void Moves_up_and_down_in_wrapped_rows_before_it_leaves_the_text()
    {
        var editor = LineEditor.Empty.WithText("abcdefgh\nij").WithCursor(8);

        (var moved, _) = editor.Handle(Up, 5);
        moved.Cursor.ShouldBe(3);
        (moved, _) = moved.Handle(Down, 5);
        moved.Cursor.ShouldBe(8);
        (moved, _) = moved.Handle(Down, 5);
        moved.Cursor.ShouldBe(11);
        (moved, _) = moved.Handle(Up, 5);
        moved.Cursor.ShouldBe(8);
    }

    [Fact]
    public void Grows_with_its_text_and_scrolls_to_the_cursor()
    {
        var editor = LineEditor.Empty.WithText("one\ntwo\n日本語日本語");
        editor.RowsAt(8).ShouldBe(4);

        Shown(editor, 8, 4).ShouldBe("one\ntwo\n日本語日\n本語");
        Shown(editor, 8, 2).ShouldBe("日本語日\n本語");
        Shown(editor.WithCursor(0), 8, 2).ShouldBe("one\ntwo");
        Shown(LineEditor.Empty.WithText("12345678"), 8, 2).ShouldBe("12345678\n");
    }

    [Fact]
    public void Places_the_cursor_behind_the_text_also_when_the_row_is_full()
    {
        var buffer = new CellBuffer(new TerminalSize(4, 2));
        LineEditor.Empty.WithText("日本").Draw(buffer.Region);
        buffer.Cursor.ShouldBe(new CellPosition(0, 1));

        LineEditor.Empty.WithText("日").Draw(buffer.Region);
        buffer.Cursor.ShouldBe(new CellPosition(2, 0));
    }

    [Fact]
    public void Takes_a_paste_without_its_controls_and_within_its_limit()
    {
        LineEditor.Empty.Insert("a\r\nb\u001b[2Jc\td").Text.ShouldBe("a\nb[2Jc\td");
        LineEditor
            .Empty.Insert(new string('x', LineEditor.MaxLength))
            .Insert("yz")
            .Text.Length.ShouldBe(LineEditor.MaxLength);
    }

    [Fact]
    public void Forgets_the_oldest_history()
    {
        var editor = LineEditor.Empty;
        for (var i = 0; i <= LineEditor.MaxHistory; i++)
        {
            editor = editor.WithText($"{i}").Finish();
        }

        editor.History.Count.ShouldBe(LineEditor.MaxHistory);
        editor.History[0].ShouldBe("1");
    }

    [Fact]
    public void Whatever_is_pressed_the_cursor_stands_between_clusters()
    {
        var keys = Gen.Frequency(
            (
                4,
                Gen.Elements("a", " ", "\u0301", "日", "👩", "\u200d", "🏽", "🇯", "\n", "한", "\u1161")
                    .Select(text => (Func<LineEditor, LineEditor>)(editor => editor.Insert(text)))
            ),
            (
                4,
                Gen.Elements(
                        "Left",
                        "Right",
                        "Up",
                        "Down",
                        "Home",
                        "End",
                        "Backspace",
                        "Delete",
                        "Ctrl+w",
                        "Ctrl+k",
                        "Ctrl+u",
                        "Ctrl+y",
                        "Ctrl+_",
                        "Alt+b",
                        "Alt+f",
                        "Alt+d",
                        "Alt+Backspace"
                    )
                    .Select(name =>
                        (Func<LineEditor, LineEditor>)(editor => editor.Handle(KeyOf(name), 7).Editor)
                    )
            )
        );
        Prop.ForAll(
                Gen.ListOf(keys).ToArbitrary(),
                steps =>
                {
                    var editor = steps.Aggregate(LineEditor.Empty, (current, step) => step(current));
                    Boundaries(editor.Text).ShouldContain(editor.Cursor);
                    var buffer = new CellBuffer(new TerminalSize(7, 3));
                    editor.Draw(buffer.Region);
                    buffer.Cursor.ShouldNotBeNull();
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static HashSet<int> Boundaries(string text)
    {
        var boundaries = new HashSet<int>();
        var start = 0;
        foreach (var line in text.Split('\n'))
        {
            boundaries.Add(start);
            foreach (var cluster in new TextClusters(line))
            {
                boundaries.Add(start + cluster.End);
            }

            start += line.Length + 1;
        }

        return boundaries;
    }

    private static string Shown(LineEditor editor, int columns, int rows)
    {
        var buffer = new CellBuffer(new TerminalSize(columns, rows));
        editor.Draw(buffer.Region);
        return buffer.ToString();
    }

    private static LineEditor Type(LineEditor editor, string text) =>
        text.Aggregate(editor, (current, character) => Press(current, KeyStroke.Of(character)));

    private static LineEditor Press(LineEditor editor, params KeyStroke[] keys) =>
        keys.Aggregate(editor, (current, key) => current.Handle(key, 80).Editor);

    private static KeyStroke KeyOf(string name)
    {
        var parts = name.Split('+');
        var modifiers = parts.Length > 1 ? Enum.Parse<KeyModifiers>(parts[0]) : KeyModifiers.None;
        return parts[^1].Length == 1
            ? KeyStroke.Of(parts[^1][0], modifiers)
            : new KeyStroke(Enum.Parse<KeyCode>(parts[^1]), modifiers);
    }
}
