using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Input;

/// <summary>What comes from the terminal: keys, pastes, answers, and changes of the terminal itself.</summary>
public abstract record InputEvent
{
    private InputEvent() { }

    /// <summary>A key was pressed.</summary>
    public sealed record Key(KeyStroke Stroke) : InputEvent;

    /// <summary>Text was pasted: line ends are <c>\n</c>, of other controls only tabs are left.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="IsCut">Whether it was longer than <see cref="VtParser.MaxPasteBytes"/> and its rest is missing.</param>
    public sealed record Paste(string Text, bool IsCut) : InputEvent;

    /// <summary>The terminal window got or lost the focus.</summary>
    public sealed record Focus(bool HasFocus) : InputEvent;

    /// <summary>The mouse did something.</summary>
    public sealed record Mouse(
        MouseAction Action,
        MouseButton Button,
        CellPosition Position,
        KeyModifiers Modifiers
    ) : InputEvent;

    /// <summary>Answer to the question what the terminal is (DA1); it ends every round of questions.</summary>
    public sealed record DeviceAttributes(string Parameters) : InputEvent;

    /// <summary>Answer to the question where the cursor is.</summary>
    public sealed record CursorReport(CellPosition Position) : InputEvent;

    /// <summary>Answer to the question whether a mode is known (DECRPM).</summary>
    public sealed record ModeReport(int Mode, ModeStatus Status) : InputEvent;

    /// <summary>Answer to the question which keyboard flags are set (the kitty protocol).</summary>
    public sealed record KeyboardReport(int Flags) : InputEvent;

    /// <summary>Answer to the question for the terminal's name and version (XTVERSION).</summary>
    public sealed record TerminalName(string Name) : InputEvent;

    /// <summary>An answer in an operating system command, such as <c>11;rgb:…</c>.</summary>
    public sealed record CommandReply(string Text) : InputEvent;

    /// <summary>An answer of kitty's graphics protocol, without its <c>G</c>.</summary>
    public sealed record GraphicsReply(string Text) : InputEvent;

    /// <summary>Answer to the question how many pixels a cell has.</summary>
    public sealed record CellSizeReport(int Width, int Height) : InputEvent;

    /// <summary>All answers about graphics have come.</summary>
    public sealed record GraphicsFound(Host.TerminalGraphics Graphics) : InputEvent;

    /// <summary>A sequence that has no meaning here; its text is for a key dump only.</summary>
    public sealed record Unrecognized(string Sequence) : InputEvent;

    /// <summary>The terminal has another size.</summary>
    public sealed record Resized(TerminalSize Size) : InputEvent;

    /// <summary>The program has the terminal again after it was stopped or lent it; all must be drawn anew.</summary>
    public sealed record Resumed : InputEvent;

    /// <summary>The terminal is gone: end of input or an error. Nothing can be shown any more.</summary>
    public sealed record Gone : InputEvent;

    /// <summary>The program is asked to end.</summary>
    public sealed record Signal(TerminalSignal Kind) : InputEvent;

    /// <summary>A key that would stop the program (SIGTSTP from outside); see <see cref="Host.ITerminal.Suspend"/>.</summary>
    public sealed record StopRequested : InputEvent;
}
