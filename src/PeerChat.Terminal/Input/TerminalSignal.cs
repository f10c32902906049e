namespace PeerChat.Terminal.Input;

/// <summary>A request from outside that the program end; the values are the signals' numbers.</summary>
public enum TerminalSignal
{
    /// <summary>The terminal was closed.</summary>
    HangUp = 1,

    /// <summary>Interrupted by another program (Ctrl-C is a key in raw mode).</summary>
    Interrupt = 2,

    /// <summary>Quit, by another program.</summary>
    Quit = 3,

    /// <summary>Asked to end.</summary>
    Terminate = 15,
}
