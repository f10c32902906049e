using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;

namespace PeerChat.Terminal.Host;

/// <summary>A terminal as the program uses it: real, or made up for a test.</summary>
/// <remarks>Disposing it gives the terminal back as it was found.</remarks>
public interface ITerminal : IDisposable
{
    /// <summary>The size at this moment.</summary>
    TerminalSize Size { get; }

    /// <summary>Takes the screen and begins to report to the sink. Called once.</summary>
    void Start(ITerminalSink sink);

    /// <summary>Writes a frame; returns when the terminal has taken it, or has been found gone.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Stops the program as Ctrl-Z does, and reports <see cref="InputEvent.Resumed"/> when it goes on.</summary>
    /// <returns>False where there is no job control; then nothing happens.</returns>
    bool Suspend();

    /// <summary>Lends the terminal to another program, such as an editor: gives it back and reads nothing from it.</summary>
    void Release();

    /// <summary>Takes a lent terminal again, and reports <see cref="InputEvent.Resumed"/>.</summary>
    void Reclaim();
}
