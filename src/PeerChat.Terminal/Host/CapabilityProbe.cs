using PeerChat.Terminal.Input;

namespace PeerChat.Terminal.Host;

/// <summary>Asks a terminal what it can do, and collects the answers; nobody waits for them.</summary>
/// <remarks>The last question, DA1, is answered by every terminal, so its answer tells that no other will come.</remarks>
public sealed class CapabilityProbe
{
    private const int SynchronizedUpdates = 2026;
    private const int GraphemeClusters = 2027;

    /// <summary>Pixels of a cell's side beyond which an answer is not believed.</summary>
    private const int MaxCellSide = 512;

    private const string SixelAttribute = "4"; // DEC STD 070 4.1.2; xterm, foot, mlterm, contour, WezTerm, tmux from 3.4 on
    private bool _awaitsWidth;
    private bool _awaitsGraphics;
    private bool _hasKitty;
    private (int Width, int Height) _cell;
    private TerminalGraphics? _graphics;

    /// <summary>The questions: two modes, the name, and DA1. To be sent behind the first frame.</summary>
    public static ReadOnlySpan<byte> Questions => "\e[?2026$p\e[?2027$p\e[>0q\e[c"u8;

    /// <summary>Draws a character of two bytes in the second row (the answer from the first looks like a key) and asks how far that went.</summary>
    /// <remarks>To be sent only where the locale is not UTF-8; all must be drawn anew afterwards.</remarks>
    public static ReadOnlySpan<byte> WidthQuestion => "\e[2;1H\u00E9\e[6n"u8;

    /// <summary>How large a cell is in pixels, and DA1, which tells of sixels.</summary>
    public static ReadOnlySpan<byte> GraphicsQuestions => "\e[16t\e[c"u8;

    /// <summary>The same, with the question of kitty's protocol before it: a picture of one pixel that is not shown.</summary>
    /// <remarks>Not within a multiplexer, which takes the string for a title and gives the answer on as keys.</remarks>
    public static ReadOnlySpan<byte> GraphicsQuestionsOutside =>
        "\e_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\e\\\e[16t\e[c"u8;

    /// <summary>The questions about graphics have been sent.</summary>
    public void ExpectGraphics() => (_awaitsGraphics, _hasKitty, _cell) = (true, false, default);

    /// <summary>What was answered about graphics, once after each round of questions.</summary>
    public bool TryTakeGraphics(out TerminalGraphics graphics)
    {
        (graphics, var isNew) = (_graphics ?? TerminalGraphics.None, _graphics is not null);
        _graphics = null;
        return isNew;
    }

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
            case InputEvent.GraphicsReply reply:
                _hasKitty |= reply.Text == "i=31;OK";
                return true;
            case InputEvent.CellSizeReport report:
                _cell =
                    report.Width is > 0 and <= MaxCellSide && report.Height is > 0 and <= MaxCellSide
                        ? (report.Width, report.Height)
                        : default;
                return true;
            case InputEvent.DeviceAttributes attributes:
                Capabilities = Capabilities with { IsComplete = true };
                EndGraphics(attributes.Parameters);
                return true;
            default:
                return false;
        }
    }

    // Sixels take as many rows as they have pixels: without the size of a cell nobody knows how many that are
    private void EndGraphics(string attributes)
    {
        if (_awaitsGraphics)
        {
            _awaitsGraphics = false;
            var hasSixel =
                _cell.Width > 0
                && attributes.Split(';').Skip(1).Contains(SixelAttribute, StringComparer.Ordinal);
            var kind =
                _hasKitty ? GraphicsKind.Kitty
                : hasSixel ? GraphicsKind.Sixel
                : GraphicsKind.None;
            _graphics = new TerminalGraphics(kind, _cell.Width, _cell.Height);
        }
    }

    private static bool CanBeSet(ModeStatus status) =>
        status is ModeStatus.Set or ModeStatus.Reset or ModeStatus.PermanentlySet;
}
