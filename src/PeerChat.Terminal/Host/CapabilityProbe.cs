using PeerChat.Terminal.Input;

namespace PeerChat.Terminal.Host;

/// <summary>Asks a terminal what it can do, and collects the answers; nobody waits for them.</summary>
/// <remarks>The last question, DA1, is answered by every terminal, so its answer tells that no other will come.</remarks>
public sealed class CapabilityProbe
{
    private const int SynchronizedUpdates = 2026;
    private const int GraphemeClusters = 2027;

    private bool _awaitsWidth;

    /// <summary>The questions: two modes, the name, and DA1. To be sent behind the first frame.</summary>
    public static ReadOnlySpan<byte> Questions => "\e[?2026$p\e[?2027$p\e[>0q\e[c"u8;

    /// <summary>Draws a character of two bytes in the second row (the answer from the first looks like a key) and asks how far that went.</summary>
    /// <remarks>To be sent only where the locale is not UTF-8; all must be drawn anew afterwards.</remarks>
    public static ReadOnlySpan<byte> WidthQuestion => "\e[2;1H\u00E9\e[6n"u8;

    /// <summary>The width question has been sent.</summary>
    public void ExpectWidth() => _awaitsWidth = true;

    /// <summary>What has been answered so far.</summary>
    public TerminalCapabilities Capabilities { get; private set; } = TerminalCapabilities.None;

    /// <summary>Takes an event in; true when it was an answer, which concerns nobody else.</summary>
    public bool HandleEvent(InputEvent input)
    {
        switch (input)
        {
            case InputEvent.ModeReport { Mode: SynchronizedUpdates } report:
                Capabilities = Capabilities with { SynchronizedUpdates = CanBeSet(report.Status) };
                return true;
            case InputEvent.ModeReport { Mode: GraphemeClusters } report:
                Capabilities = Capabilities with { GraphemeClusters = CanBeSet(report.Status) };
                return true;
            case InputEvent.TerminalName name:
                Capabilities = Capabilities with { Name = name.Name };
                return true;
            case InputEvent.CursorReport report when _awaitsWidth:
                _awaitsWidth = false;
                Capabilities = Capabilities with { IsUtf8 = report.Position.Column == 1 };
                return true;
            case InputEvent.DeviceAttributes:
                Capabilities = Capabilities with { IsComplete = true };
                return true;
            default:
                return false;
        }
    }

    private static bool CanBeSet(ModeStatus status) =>
        status is ModeStatus.Set or ModeStatus.Reset or ModeStatus.PermanentlySet;
}
