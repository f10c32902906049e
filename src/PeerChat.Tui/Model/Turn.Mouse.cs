using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>The mouse, where the user switched it on: the wheel scrolls, a click opens a chat or selects a message.</summary>
internal sealed partial class Turn
{
    /// <summary>Rows that a notch of the wheel scrolls, as browsers and terminals do.</summary>
    private const int WheelRows = 3;

    private void HandleMouse(InputEvent.Mouse mouse)
    {
        // What was reported before the switch took effect
        if (!State.Look.HasMouse || State.Question is { IsModal: true } || State.Chooser is not null)
        {
            return;
        }

        var layout = ScreenLayout.Of(State, State.Size);
        switch (mouse)
        {
            case { Action: MouseAction.WheelUp } when State.Finder is null:
                Scroll((lines, view) => State.Shown.Scroll.Scroll(lines, view, -WheelRows));
                break;
            case { Action: MouseAction.WheelDown } when State.Finder is null:
                Scroll((lines, view) => State.Shown.Scroll.Scroll(lines, view, WheelRows));
                break;
            case { Action: MouseAction.Press, Button: MouseButton.Left }:
                Click(layout, mouse.Position);
                break;
            default:
                break;
        }
    }

    private void Click(ScreenLayout layout, CellPosition place)
    {
        State = State with { Hint = null, HasRung = false };
        if (layout.List.Contains(place))
        {
            var number = ChatListView.TopOf(State, layout.List.Rows) + place.Row - layout.List.Row;
            if (number < State.Panes.Count)
            {
                Go(State.Panes[number].Key);
            }
        }
        else if (State.Finder is null && layout.Log.Contains(place))
        {
            ClickLog(layout.Log, place);
        }
    }

    private void ClickLog(Rectangle log, CellPosition place)
    {
        var pane = State.Shown;
        var lines = new LogLines(pane.Log, State.Zone, log.Columns);
        var view = new TerminalSize(log.Columns, log.Rows);
        var index = pane.Scroll.LineAt(lines, view, place.Row - log.Row);
        if (
            index < 0
            || pane.Log.Entries[index] is not { Message: not null } entry
            || entry.Key == State.Selected
        )
        {
            State = State with { Selected = null };
            return;
        }

        Select(index);
        State = State with { Hint = Texts.SelectKeys };
    }
}
