namespace PeerChat.Terminal.Input;

/// <summary>Keys held down with another; the values are xterm's parameter less one.</summary>
[Flags]
public enum KeyModifiers
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Shift.</summary>
    Shift = 1,

    /// <summary>Alt, also sent as an ESC before the key.</summary>
    Alt = 2,

    /// <summary>Ctrl.</summary>
    Ctrl = 4,

    /// <summary>Super, the Windows or Command key.</summary>
    Super = 8,
}
