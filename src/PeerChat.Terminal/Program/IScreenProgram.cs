using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;

namespace PeerChat.Terminal.Program;

/// <summary>A program whose screen is a function of its state.</summary>
/// <typeparam name="TState">All that the screen depends on; never changed, only replaced.</typeparam>
/// <typeparam name="TMessage">What can happen.</typeparam>
/// <typeparam name="TEffect">What the program wants done, as data.</typeparam>
public interface IScreenProgram<TState, TMessage, TEffect>
{
    /// <summary>The message that an input stands for.</summary>
    TMessage FromInput(InputEvent input);

    /// <summary>The state after a message, and what is to be done.</summary>
    (TState State, IReadOnlyList<TEffect> Effects) Update(TState state, TMessage message);

    /// <summary>Draws a state into a blank buffer.</summary>
    void View(TState state, CellBuffer buffer);

    /// <summary>A picture of pixels over what <see cref="View"/> drew; null for none.</summary>
    Output.ScreenImage? Image(TState state) => null;

    /// <summary>Whether the program is over.</summary>
    bool IsOver(TState state);
}
