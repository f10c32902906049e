using PeerChat.Terminal.Input;

namespace PeerChat.Terminal.Host;

/// <summary>Where a terminal reports to; called from threads of the terminal's own.</summary>
public interface ITerminalSink
{
    /// <summary>Bytes were read; the span is valid during the call only.</summary>
    void OnInput(ReadOnlySpan<byte> bytes);

    /// <summary>The terminal itself has changed: size, resumption, a signal, its end.</summary>
    void OnEvent(InputEvent input);
}
