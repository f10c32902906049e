using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Output;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>Gets ready, beside the reading of the command line, what the first frame will need.</summary>
/// <remarks>
/// Most of a start is the runtime's: loading assemblies and types, making code that is there already callable. That of the screen and that of
/// the command line have little in common, so on two cores they go side by side.
/// </remarks>
internal static class ScreenStart
{
    /// <summary>Begins, where the command line looks like one that opens the screen; returns at once.</summary>
    public static void Prepare(ReadOnlySpan<string> arguments)
    {
        if (arguments is [] or [['-', '-', ..], ..] or ["attach", ..])
        {
            Begin(DrawNothing);
            Begin(static () => _ = System.Security.Cryptography.SHA256.HashData([]));
        }
    }

    private static void Begin(Action work) =>
        new Thread(() => work()) { IsBackground = true, Name = "start" }.Start();

    // A frame like the first one, into the void
    private static void DrawNothing()
    {
        var size = TerminalSize.Usual;
        var screen = new Screen(size);
        new ScreenProgram().View(
            AppState.Initial(size, TimeZoneInfo.Local, wanted: null),
            screen.BeginFrame()
        );
        _ = screen.EndFrame();
        _ = new VtParser().NextDeadline;
    }
}
