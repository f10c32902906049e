namespace PeerChat.Terminal.Input;

/// <summary>Which key was pressed.</summary>
public enum KeyCode
{
    /// <summary>One that types a character, or a letter with Ctrl or Alt; see <see cref="KeyStroke.Character"/>.</summary>
    Character,

    /// <summary>Enter.</summary>
    Enter,

    /// <summary>Tab.</summary>
    Tab,

    /// <summary>Backspace.</summary>
    Backspace,

    /// <summary>Escape.</summary>
    Escape,

    /// <summary>Arrow up.</summary>
    Up,

    /// <summary>Arrow down.</summary>
    Down,

    /// <summary>Arrow left.</summary>
    Left,

    /// <summary>Arrow right.</summary>
    Right,

    /// <summary>Home.</summary>
    Home,

    /// <summary>End.</summary>
    End,

    /// <summary>Page up.</summary>
    PageUp,

    /// <summary>Page down.</summary>
    PageDown,

    /// <summary>Insert.</summary>
    Insert,

    /// <summary>Delete.</summary>
    Delete,

    /// <summary>The middle of a keypad with Num Lock off.</summary>
    Begin,

    /// <summary>A function key; see <see cref="KeyStroke.Function"/>.</summary>
    Function,
}
