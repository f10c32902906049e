namespace PeerChat.Terminal.Input;

/// <summary>A button of the mouse.</summary>
public enum MouseButton
{
    /// <summary>None, or not told.</summary>
    None,

    /// <summary>Left.</summary>
    Left,

    /// <summary>Middle.</summary>
    Middle,

    /// <summary>Right.</summary>
    Right,
}
