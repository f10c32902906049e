using PeerChat.Terminal.Input;

namespace PeerChat.Tui.Model;

internal sealed partial class Turn
{
    private void OpenChooser() => State = State with { Chooser = new Chooser("", 0), Selected = null };

    private void HandleChooser(Chooser chooser, KeyStroke key)
    {
        var matches = chooser.Matches(State);
        switch (key)
        {
            case var _ when key.Is(KeyCode.Escape) || key.IsCtrl('c') || key.IsCtrl('g'):
                State = State with { Chooser = null };
                break;
            case var _ when key.Is(KeyCode.Enter):
                State = State with { Chooser = null };
                if (matches.Count > 0)
                {
                    Go(matches[Math.Clamp(chooser.Selected, 0, matches.Count - 1)].Key);
                }

                break;
            case var _ when key.Is(KeyCode.Up) || key.IsCtrl('p'):
                Choose(chooser.Query, Math.Max(0, chooser.Selected - 1));
                break;
            case var _ when key.Is(KeyCode.Down) || key.IsCtrl('n') || key.Is(KeyCode.Tab) || key.IsCtrl('k'):
                Choose(chooser.Query, Math.Min(Math.Max(0, matches.Count - 1), chooser.Selected + 1));
                break;
            case var _ when key.Is(KeyCode.Backspace) && chooser.Query.Length > 0:
                var elements = System.Globalization.StringInfo.ParseCombiningCharacters(chooser.Query);
                Choose(chooser.Query[..elements[^1]], 0);
                break;
            case var _ when key.IsText && chooser.Query.Length < Chooser.MaxQuery:
                Choose(chooser.Query + key.Character, 0);
                break;
            default:
                break;
        }
    }

    private void Choose(string query, int selected) =>
        State = State with { Chooser = new Chooser(query, selected) };
}
