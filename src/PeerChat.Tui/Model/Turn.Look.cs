using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>What the user chooses of the screen while it runs; it is kept for the next start.</summary>
internal sealed partial class Turn
{
    /// <inheritdoc/>
    public bool ChooseTheme(string? name)
    {
        if (name is null)
        {
            Say(State.Current, Texts.Themes(State.Look.Theme.Name));
            return true;
        }

        if (Theme.Find(name) is not { } theme)
        {
            return false;
        }

        State = State with { Look = State.Look with { Theme = theme }, Hint = Texts.ThemeIs(theme.Name) };
        Remember(SharedParameters.Theme, theme.Name);
        return true;
    }

    /// <inheritdoc/>
    public bool UseMouse(string? wanted)
    {
        if (wanted is not (null or "on" or "off"))
        {
            return false;
        }

        var hasMouse = wanted is null ? !State.Look.HasMouse : wanted == "on";
        State = State with
        {
            Look = State.Look with { HasMouse = hasMouse },
            Hint = hasMouse ? Texts.MouseOn : Texts.MouseOff,
        };
        Remember(SharedParameters.Mouse, hasMouse ? "yes" : "no");
        return true;
    }

    /// <inheritdoc/>
    public bool NotifyOf(string? what)
    {
        if (what is null)
        {
            Say(State.Current, Texts.Notifies(State.Look.Notify));
            return true;
        }

        if (SharedParameters.NotifyChoices.IndexOf(what) is not (>= 0 and var index))
        {
            return false;
        }

        State = State with { Look = State.Look with { Notify = (NotifyAbout)index } };
        Say(State.Current, Texts.Notifies(State.Look.Notify));
        Remember(SharedParameters.Notify, what);
        return true;
    }

    private void Remember(Parameter parameter, string value) =>
        _effects.Add(new AppEffect.Remember(parameter.Name[2..], value));
}
