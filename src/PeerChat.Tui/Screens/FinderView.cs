using System.Globalization;
using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;
using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>The search: what was found above the input line, the words in it.</summary>
internal static class FinderView
{
    /// <summary>Characters of a text that are looked at for its one row; few rows are wider.</summary>
    private const int MaxExcerpt = 400;

    /// <summary>Draws what was found over the lower rows of the log.</summary>
    public static void Draw(CellRegion log, AppState state, Finder finder)
    {
        if (finder.Asked is null)
        {
            return;
        }

        var found = finder.Found ?? [];
        var rows = Math.Clamp(found.Length, 1, Math.Max(1, log.Rows - 1));
        var region = log.Slice(new Rectangle(0, Math.Max(0, log.Rows - rows), log.Columns, rows));
        region.Clear();
        if (found.Length == 0)
        {
            var said = finder.Found is null ? Texts.Searching : Texts.NothingFound;
            _ = region.Write(0, 0, said, CellStyle.Dim);
            return;
        }

        var list = new ListState(0).Select(finder.Selected, found.Length, rows);
        list.Draw(region, [.. found.Select(message => Line(state, message))], "> ");
    }

    /// <summary>Draws the words, with the cursor behind them.</summary>
    public static void DrawQuery(CellRegion input, AppState state, Finder finder)
    {
        var title = finder.Chat is { } chat ? state.Find(chat)?.Chat?.Title ?? chat : null;
        var prompt = Texts.FinderPrompt(title);
        // Where the title is long, the words are more important
        var room = Math.Max(0, input.Columns - TextWidth.Of(finder.Query) - 1);
        var column = input.Write(
            0,
            0,
            TextWidth.Ellipsize(prompt, Math.Min(room, prompt.Length * 2)),
            CellStyle.Bold
        );
        column = input.Write(column, 0, finder.Query);
        input.SetCursor(Math.Min(column, input.Columns - 1), 0);
    }

    private static StyledText Line(AppState state, ChatMessage message)
    {
        var chat = state.Find(message.Chat)?.Chat?.Title ?? message.Chat;
        var time = LogLines.TimeOf(message, state.Zone);
        return StyledText
            .Of(time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), CellStyle.Dim)
            .Add(" ")
            .Add(LogLines.OneLine(chat, LogLines.MaxNameColumns), CellStyle.Bold)
            .Add(" ")
            .Add(LogLines.OneLine(message.From, LogLines.MaxNameColumns), Marks.OfAuthor(message))
            .Add("  ")
            .Add(LogLines.OneLine(message.Text, MaxExcerpt));
    }
}
