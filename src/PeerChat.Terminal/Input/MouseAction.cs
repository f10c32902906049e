namespace PeerChat.Terminal.Input;

/// <summary>What the mouse did.</summary>
public enum MouseAction
{
    /// <summary>A button went down.</summary>
    Press,

    /// <summary>A button came up.</summary>
    Release,

    /// <summary>It moved, with a button held or without.</summary>
    Move,

    /// <summary>The wheel turned away from the user.</summary>
    WheelUp,

    /// <summary>The wheel turned towards the user.</summary>
    WheelDown,
}
