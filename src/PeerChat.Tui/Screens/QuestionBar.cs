using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Text;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>The bar above the input line in which a question waits for its answer.</summary>
internal static class QuestionBar
{
    /// <summary>Rows that the whole question takes.</summary>
    public static int RowsAt(AppState state, Asked asked, int columns) =>
        TextWrap.CountRows(Sentence(state, asked, keysFirst: false), columns);

    /// <summary>Draws the question over a region, the keys first where not all of it can be seen.</summary>
    public static void Draw(CellRegion region, AppState state, Asked asked)
    {
        var style = CellStyle.Reverse.With(CellAttributes.Bold);
        region.Clear(style);
        var text = Sentence(state, asked, RowsAt(state, asked, region.Columns) > region.Rows);
        var rows = new List<TextRow>();
        TextWrap.Wrap(text, region.Columns, rows);
        for (var row = 0; row < rows.Count && row < region.Rows; row++)
        {
            var end = region.Write(0, row, text.AsSpan(rows[row].Start, rows[row].Length), style);
            if (Turn.TakesLetters(state, asked))
            {
                region.SetCursor(Math.Min(end, region.Columns - 1), row);
            }
        }
    }

    private static string Sentence(AppState state, Asked asked, bool keysFirst)
    {
        var areLetters = Turn.TakesLetters(state, asked);
        var text = Text(state, asked);
        return keysFirst
            ? $"{ShortKeys(asked, areLetters)} {text}"
            : text + (asked is Asked.Choice ? "\n" : " ") + Keys(asked, areLetters);
    }

    private static string Text(AppState state, Asked asked) =>
        asked switch
        {
            Asked.Request request => Texts.RequestAsks(request.Received, state.Questions.Count - 1),
            Asked.Outbox outbox => Texts.OutboxAsks(outbox.Question),
            Asked.Announce announce => Texts.AnnounceAsks(announce.Question.Name),
            Asked.Beyond beyond => Texts.BeyondAsks(beyond.Question),
            Asked.Choice choice => Texts.ChoiceAsks(choice.Needed.Target)
                + string.Concat(
                    choice.Needed.Claims.Select(
                        (claim, index) =>
                            $"\n[{index + 1}] {Texts.Person(OneLine(claim.Name), claim.ShortId)}  {OneLine(claim.Address)}"
                    )
                ),
            Asked.Paste paste => Texts.PasteAsks(
                paste.Text.AsSpan().Count('\n') + 1,
                System.Text.Encoding.UTF8.GetByteCount(paste.Text)
            ),
            Asked.Recall recall => Texts.RecallAsks(
                LogLines.OneLine(recall.Message.Text, LogLines.MaxExcerptColumns)
            ),
            _ => "",
        };

    private static string Keys(Asked asked, bool areLetters)
    {
        if (asked is Asked.Choice choice)
        {
            var last = Math.Min(9, choice.Needed.Claims.Length);
            return areLetters
                ? $"[1-{last}] {Texts.ChooseLabel}  [{Texts.EscapeKey}] {Texts.LaterLabel}"
                : $"[/choose N] {Texts.ChooseLabel}";
        }

        var before = areLetters ? "" : Texts.AltKey;
        var (yes, no) = asked switch
        {
            Asked.Request => (Texts.AcceptLabel, Texts.DeclineLabel),
            Asked.Outbox => (Texts.SendLabel, Texts.DiscardLabel),
            _ => (Texts.YesLabel, Texts.NoLabel),
        };
        var later = asked.IsModal || !areLetters ? "" : $"  [{Texts.EscapeKey}] {Texts.LaterLabel}";
        return $"[{before}y] {yes}  [{before}n] {no}{later}";
    }

    private static string ShortKeys(Asked asked, bool areLetters) =>
        asked switch
        {
            Asked.Choice when !areLetters => "[/choose N]",
            Asked.Choice choice => $"[1-{Math.Min(9, choice.Needed.Claims.Length)}]",
            _ => areLetters ? "[y/n]" : $"[{Texts.AltKey}y/n]",
        };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
