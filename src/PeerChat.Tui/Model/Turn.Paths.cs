using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>Tab behind a command that takes a path.</summary>
internal sealed partial class Turn
{
    /// <summary>Asks for what a path can go on with; false where the cursor stands in none.</summary>
    private bool TryCompletePath(LineEditor editor)
    {
        if (PathAt(editor) is not { } start)
        {
            return false;
        }

        _effects.Add(new AppEffect.FindPaths(editor.Text[start..]));
        return true;
    }

    private void TakePaths(AppMessage.PathsFound found)
    {
        var editor = State.Shown.Editor;
        if (PathAt(editor) is not { } start || editor.Text[start..] != found.Typed)
        {
            return; // the user has gone on typing
        }

        if (found.Paths.Count == 0)
        {
            State = State with { Hint = Texts.NoSuchPath };
            return;
        }

        SetEditor(editor.WithText(editor.Text[..start] + found.Paths.Aggregate(CommonStart)));
        State = State with
        {
            Hint =
                found.Paths.Count > 1
                    ? string.Join("  ", found.Paths.Take(MaxNamesOffered).Select(LastPart))
                    : null,
        };
        NoteTyping();
    }

    /// <summary>Where the path begins that ends at the cursor; null for none.</summary>
    private static int? PathAt(LineEditor editor)
    {
        var space = editor.Text.IndexOf(' ', StringComparison.Ordinal);
        return
            space > 0
            && editor.Cursor == editor.Text.Length
            && SlashCommands.Find(SlashCommands.OfScreen, editor.Text[..space]) is { TakesPath: true }
            ? space + 1
            : null;
    }

    private static string LastPart(string path)
    {
        var end = path.TrimEnd('/', '\\');
        return path[(end.LastIndexOfAny(['/', '\\']) + 1)..];
    }
}
