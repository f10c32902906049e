using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>Selecting a message: one key begins with the newest, letters act on it, Esc leaves.</summary>
internal sealed partial class Turn
{
    /// <inheritdoc/>
    public bool SelectMessage()
    {
        if (
            State.Found is { } found
            && State.Shown.Log.Entries.FindIndex(entry => entry.Key == found) is >= 0 and var there
        )
        {
            Select(there);
        }
        else if (NextMessage(State.Shown.Log.Entries.Count, -1) is { } newest)
        {
            Select(newest);
        }
        else
        {
            State = State with { Hint = Texts.NothingToSelect };
        }

        return true;
    }

    /// <summary>Gives a key to the selection; false when nothing is selected.</summary>
    private bool TrySelect(KeyStroke key)
    {
        var entries = State.Shown.Log.Entries;
        if (State.Selected is not { } selected)
        {
            return false;
        }

        var index = entries.FindIndex(entry => entry.Key == selected);
        if (index < 0 || key.Is(KeyCode.Escape) || key.IsCtrl('c') || key == KeyStroke.Of('q'))
        {
            State = State with { Selected = null };
            return true;
        }

        var message = entries[index].Message!;
        if (TryAct(message, key))
        {
            return true;
        }

        switch (key)
        {
            case var _ when key.Is(KeyCode.Up) || key == KeyStroke.Of('k') || key.IsAlt('m'):
                Select(NextMessage(index, -1) ?? index);
                break;
            case var _ when key.Is(KeyCode.Down) || key == KeyStroke.Of('j'):
                Select(NextMessage(index, 1) ?? index);
                break;
            case var _ when key.IsCtrl('r'):
                OpenFinder("", chat: null);
                break;
            case var _ when key == KeyStroke.Of('y'):
                State = State with { Selected = null, Hint = Texts.Copied };
                _effects.Add(new AppEffect.Copy(message.Text));
                break;
            case var _ when key == KeyStroke.Of('o'):
                OpenLink(message);
                break;
            case var _ when key == KeyStroke.Of('i'):
                State = State with { Selected = null };
                foreach (var line in Texts.Details(message, State.Zone))
                {
                    Say(State.Current, line);
                }

                ChangeShown(pane => pane with { Scroll = Terminal.Widgets.LogScroll.AtEnd });
                break;
            default:
                State = State with { Hint = Texts.SelectKeys };
                break;
        }

        return true;
    }

    private void OpenLink(ChatMessage message)
    {
        if (IsPicture(message.File))
        {
            OpenPicture(message);
        }
        else if (Links.First(message.Text) is { } link)
        {
            State = State with { Selected = null, Hint = link };
            _effects.Add(new AppEffect.OpenLink(link));
        }
        else
        {
            State = State with { Hint = Texts.NoLink };
        }
    }

    private int? NextMessage(int from, int step)
    {
        var entries = State.Shown.Log.Entries;
        for (var i = from + step; i >= 0 && i < entries.Count; i += step)
        {
            if (entries[i].Message is not null)
            {
                return i;
            }
        }

        return null;
    }

    private void Select(int index)
    {
        State = State with { Selected = State.Shown.Log.Entries[index].Key, Found = null };
        Show(index);
        if (index == 0 || NextMessage(index, -1) is null)
        {
            LoadOlder();
        }
    }

    /// <summary>Scrolls as little as it takes to bring a line into sight.</summary>
    private void Show(int index)
    {
        var pane = State.Shown;
        var log = ScreenLayout.Of(State, State.Size).Log;
        var view = new TerminalSize(log.Columns, log.Rows).Clamped();
        var scroll = pane.Scroll.Reveal(new LogLines(pane.Log, State.Zone, view.Columns), index, view);
        ChangeShown(shown => shown with { Scroll = scroll });
    }

    /// <inheritdoc/>
    public bool GoToLastRead()
    {
        var index = State.Shown.Log.Entries.FindIndex(entry => entry.IsRule);
        if (index < 0)
        {
            State = State with { Hint = Texts.NothingNew };
            return true;
        }

        Scroll((lines, view) => Terminal.Widgets.LogScroll.At(lines, index, view));
        return true;
    }

    /// <inheritdoc/>
    public bool ToggleBare()
    {
        State = State with { IsBare = !State.IsBare };
        return true;
    }

    /// <inheritdoc/>
    public bool EditDraft()
    {
        _effects.Add(new AppEffect.Edit(State.Shown.Editor.Text));
        return true;
    }
}
