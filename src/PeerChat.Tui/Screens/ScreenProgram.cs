using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Program;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>The full screen as a program: state and message in, state and effects out.</summary>
internal sealed class ScreenProgram : IScreenProgram<AppState, AppMessage, AppEffect>
{
    /// <inheritdoc/>
    public AppMessage FromInput(InputEvent input) => new AppMessage.Input(input);

    /// <inheritdoc/>
    public (AppState State, IReadOnlyList<AppEffect> Effects) Update(AppState state, AppMessage message)
    {
        var turn = new Turn(state);
        turn.Handle(message);
        return (turn.State, turn.Effects);
    }

    /// <inheritdoc/>
    public void View(AppState state, CellBuffer buffer) => ScreenView.Draw(state, buffer);

    /// <inheritdoc/>
    public ScreenImage? Image(AppState state) => PictureScreen.Image(state);

    /// <inheritdoc/>
    public bool IsOver(AppState state) => state.ExitCode is not null;
}
