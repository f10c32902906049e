namespace PeerChat.Tui.Model;

/// <summary>The chooser of chats: what was typed so far, and which of the chats that fit is chosen.</summary>
/// <param name="Query">Letters that the title has in this order, in whatever case.</param>
/// <param name="Selected">Index among those that fit.</param>
internal sealed record Chooser(string Query, int Selected)
{
    /// <summary>Longer than any title needs.</summary>
    public const int MaxQuery = 64;

    /// <summary>The chats that fit, those with something unread first; the one shown last, for who opens the chooser wants another.</summary>
    public IReadOnlyList<Pane> Matches(AppState state) =>
        [
            .. state
                .Panes.Where(pane => Fits(TitleOf(pane)))
                .OrderBy(pane => pane.Key == state.Current)
                .ThenByDescending(pane => pane.Highlights > 0)
                .ThenByDescending(pane => pane.Unread > 0)
                .ThenBy(pane => !TitleOf(pane).StartsWith(Query, StringComparison.OrdinalIgnoreCase)),
        ];

    /// <summary>How a pane is called here.</summary>
    public static string TitleOf(Pane pane) => pane.Chat?.Title ?? Screens.Texts.Program;

    private bool Fits(string title)
    {
        var at = 0;
        foreach (var letter in Query)
        {
            at = title.IndexOf(letter.ToString(), at, StringComparison.OrdinalIgnoreCase) + 1;
            if (at == 0)
            {
                return false;
            }
        }

        return true;
    }
}
