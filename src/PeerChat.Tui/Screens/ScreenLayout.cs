using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>Where everything is on a screen of some size; empty rectangles where there is no room.</summary>
/// <param name="List">The list of chats.</param>
/// <param name="Log">The messages.</param>
/// <param name="People">The people of a room.</param>
/// <param name="Status">The status line.</param>
/// <param name="Question">The question bar.</param>
/// <param name="Input">The input line with its prompt.</param>
/// <param name="Text">The input line without its prompt.</param>
internal readonly record struct ScreenLayout(
    Rectangle List,
    Rectangle Log,
    Rectangle People,
    Rectangle Status,
    Rectangle Question,
    Rectangle Input,
    Rectangle Text
)
{
    /// <summary>Columns from which on the list of chats has a column of its own.</summary>
    public const int ListFrom = 70;

    /// <summary>Columns of that list, with the line at its right.</summary>
    public const int ListColumns = 20;

    /// <summary>Columns from which on the people of a room have a column of their own.</summary>
    public const int PeopleFrom = 100;

    /// <summary>Columns of that, with the line at its left.</summary>
    public const int PeopleColumns = 20;

    // Under this, a prompt would take a good part of the row
    private const int PromptFrom = 12;

    /// <summary>The layout of a state.</summary>
    public static ScreenLayout Of(AppState state, TerminalSize size)
    {
        var all = new Rectangle(0, 0, size.Columns, size.Rows);
        var prompt = size.Columns >= PromptFrom ? Texts.Prompt.Length : 0;
        var wantedRows = state.Shown.Editor.RowsAt(size.Columns - prompt);
        var (rest, input) = all.SplitBottom(Math.Clamp(wantedRows, 1, Math.Max(1, size.Rows / 3)));
        var question = default(Rectangle);
        if (state.Question is { } asked)
        {
            // Where nothing is left, the question is more important than what is being typed
            (rest, question) = rest.Rows == 0 ? (default, input) : SplitQuestion(rest, state, asked);
        }

        var status = default(Rectangle);
        if (rest.Rows >= 2)
        {
            (rest, status) = rest.SplitBottom(1);
        }

        var (list, log) =
            size.Columns >= ListFrom && !state.IsBare ? rest.SplitLeft(ListColumns) : (default, rest);
        var people = default(Rectangle);
        if (
            size.Columns >= PeopleFrom
            && !state.IsBare
            && state.Shown.Chat is { Kind: not (ChatKind.Direct or ChatKind.Guest), Members.Length: > 0 }
        )
        {
            (people, log) = (
                log with
                {
                    Column = log.EndColumn - PeopleColumns,
                    Columns = PeopleColumns,
                },
                log with
                {
                    Columns = log.Columns - PeopleColumns,
                }
            );
        }

        return new ScreenLayout(
            list,
            log,
            people,
            status,
            question,
            input,
            input.SplitLeft(prompt).Remainder
        );
    }

    // A line of the log and the status line stay if there is room for them
    private static (Rectangle, Rectangle) SplitQuestion(Rectangle rest, AppState state, Asked asked)
    {
        var wanted = QuestionBar.RowsAt(state, asked, rest.Columns);
        return rest.SplitBottom(Math.Min(wanted, rest.Rows > 4 ? rest.Rows - 2 : rest.Rows));
    }
}
