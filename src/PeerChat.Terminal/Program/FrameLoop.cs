using System.Text;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Output;

namespace PeerChat.Terminal.Program;

/// <summary>Runs a program on a terminal: merges what happens, updates the state, draws when it is time.</summary>
/// <remarks>
/// Everything runs on the thread that called <see cref="Run"/>, which sleeps without waking until something happens.
/// Input goes before messages, so that a burst of messages never makes a key wait for long.
/// </remarks>
/// <typeparam name="TState">The program's state.</typeparam>
/// <typeparam name="TMessage">The program's messages.</typeparam>
/// <typeparam name="TEffect">The program's effects.</typeparam>
/// <param name="terminal">The terminal; disposed by the caller, who opened it.</param>
/// <param name="program">The program.</param>
/// <param name="execute">Begins an effect; results come back by <see cref="Post"/>.</param>
/// <param name="clock">The clock for frames and the Escape key.</param>
/// <param name="environment">What is known of the terminal.</param>
public sealed class FrameLoop<TState, TMessage, TEffect>(
    ITerminal terminal,
    IScreenProgram<TState, TMessage, TEffect> program,
    Action<TEffect> execute,
    TimeProvider clock,
    TerminalEnvironment environment
) : ITerminalSink
{
    /// <summary>Messages taken before input is looked at again.</summary>
    private const int MessagesPerTurn = 64;

    private readonly object _gate = new();
    private readonly Queue<object> _inputs = new();
    private readonly Queue<TMessage> _messages = new();
    private readonly VtParser _parser = new();
    private readonly CapabilityProbe _probe = new();
    private readonly FramePacer _pacer = new();
    private readonly Screen _screen = new(terminal.Size);
    private readonly long _start = clock.GetTimestamp();
    private ScreenImage? _image;

    /// <summary>What the terminal has said that it can do.</summary>
    public TerminalCapabilities Capabilities => _probe.Capabilities;

    /// <summary>What the terminal is known to do, by its environment or by the name it told.</summary>
    public TerminalFeatures Features =>
        _probe.Capabilities.Name is { } name
        && TerminalFeatures.OfName(name) is var told
        && told != TerminalFeatures.None
            ? told
            : environment.Features;

    private TimeSpan Now => clock.GetElapsedTime(_start);

    /// <summary>Gives the program a message, from any thread.</summary>
    public void Post(TMessage message)
    {
        lock (_gate)
        {
            _messages.Enqueue(message);
            Monitor.Pulse(_gate);
        }
    }

    /// <inheritdoc/>
    public void OnInput(ReadOnlySpan<byte> bytes) => Enqueue(bytes.ToArray());

    /// <inheritdoc/>
    public void OnEvent(InputEvent input) => Enqueue(input);

    /// <summary>Runs the program to its end and returns its last state.</summary>
    public TState Run(TState state)
    {
        _screen.Diff.Colors = environment.Colors;
        Adapt();
        terminal.Start(this);
        _screen.Resize(terminal.Size);
        _pacer.HandleChange();
        Draw(state);
        if (environment.AnswersQuestions)
        {
            terminal.Write(CapabilityProbe.Questions);
            if (!environment.IsUtf8)
            {
                terminal.Write(CapabilityProbe.WidthQuestion);
                _probe.ExpectWidth();
                _screen.Invalidate();
                _pacer.HandleChange();
            }
        }

        while (!program.IsOver(state))
        {
            WaitForWork();
            state = TakeTurn(state);
            Draw(state);
        }

        EraseImage();
        return state;
    }

    /// <summary>Asks the terminal about graphics; the answer comes as <see cref="InputEvent.GraphicsFound"/>, or never.</summary>
    /// <remarks>To be called by effects, which run on the loop's own thread.</remarks>
    public void AskForGraphics()
    {
        if (environment.AnswersQuestions)
        {
            _probe.ExpectGraphics();
            terminal.Write(
                environment.IsMultiplexed
                    ? CapabilityProbe.GraphicsQuestions
                    : CapabilityProbe.GraphicsQuestionsOutside
            );
        }
    }

    private void Enqueue(object input)
    {
        lock (_gate)
        {
            _inputs.Enqueue(input);
            Monitor.Pulse(_gate);
        }
    }

    private void WaitForWork()
    {
        lock (_gate)
        {
            while (_inputs.Count == 0 && _messages.Count == 0)
            {
                var deadline = Earlier(_parser.NextDeadline, _pacer.NextDeadline);
                var wait = deadline is { } due ? due - Now : Timeout.InfiniteTimeSpan;
                if (deadline is not null && wait <= TimeSpan.Zero)
                {
                    return;
                }

                // Whole milliseconds, rounded up, or the loop would spin for the last part of one
                _ = Monitor.Wait(
                    _gate,
                    deadline is null ? Timeout.Infinite : (int)Math.Ceiling(wait.TotalMilliseconds)
                );
            }
        }
    }

    private TState TakeTurn(TState state)
    {
        while (TryTakeInput(out var input))
        {
            if (input is byte[] bytes)
            {
                _parser.HandleInput(Now, bytes);
                state = TakeEvents(state);
            }
            else
            {
                state = Handle(state, (InputEvent)input);
            }
        }

        _parser.HandleDeadline(Now);
        state = TakeEvents(state);
        for (var i = 0; i < MessagesPerTurn && !program.IsOver(state) && TryTakeMessage(out var message); i++)
        {
            state = Update(state, message);
        }

        return state;
    }

    private TState TakeEvents(TState state)
    {
        while (_parser.TryTakeEvent(out var input))
        {
            state = Handle(state, input);
        }

        return state;
    }

    private TState Handle(TState state, InputEvent input)
    {
        if (_probe.HandleEvent(input))
        {
            Adapt();
            return _probe.TryTakeGraphics(out var graphics) && !program.IsOver(state)
                ? Update(state, program.FromInput(new InputEvent.GraphicsFound(graphics)))
                : state;
        }

        switch (input)
        {
            case InputEvent.Resized resized:
                _screen.Resize(resized.Size);
                EraseImage();
                break;
            case InputEvent.Resumed:
                _screen.Invalidate();
                EraseImage();
                break;
            default:
                break;
        }

        return program.IsOver(state) ? state : Update(state, program.FromInput(input));
    }

    /// <summary>Writes by what the terminal has told by now; what is drawn anew is drawn with the next frame.</summary>
    private void Adapt()
    {
        var diff = _screen.Diff;
        var isAscii = !(_probe.Capabilities.IsUtf8 ?? environment.IsUtf8);
        if (diff.UsesAsciiOnly != isAscii)
        {
            diff.UsesAsciiOnly = isAscii;
            _screen.Invalidate();
            _pacer.HandleChange();
        }

        diff.UsesSynchronizedUpdates = _probe.Capabilities.SynchronizedUpdates;
        diff.UsesHyperlinks = Features.Hyperlinks;
    }

    private TState Update(TState state, TMessage message)
    {
        var (next, effects) = program.Update(state, message);
        _pacer.HandleChange();
        foreach (var effect in effects)
        {
            execute(effect);
        }

        return next;
    }

    private void Draw(TState state)
    {
        if (!_pacer.TryTakeFrame(Now))
        {
            return;
        }

        var image = program.Image(state);
        if (image != _image)
        {
            EraseImage(); // before the frame, which draws what lay beneath
        }

        program.View(state, _screen.BeginFrame());
        var bytes = _screen.EndFrame();
        if (!bytes.IsEmpty)
        {
            terminal.Write(bytes);
        }

        if (image is not null && _image is null)
        {
            ShowImage(image);
        }
    }

    // The cursor and its style come back to where the frame left them, as the next frame counts on it
    private void ShowImage(ScreenImage image)
    {
        _image = image;
        var place = Encoding.ASCII.GetBytes($"\e7\e[{image.Place.Row + 1};{image.Place.Column + 1}H");
        terminal.Write([.. place, .. image.Sequence.Span, .. "\e8"u8]);
    }

    private void EraseImage()
    {
        if (_image is { Kind: GraphicsKind.Kitty })
        {
            terminal.Write("\e_Ga=d,d=A,q=2\e\\"u8);
        }
        else if (_image is not null)
        {
            _screen.Invalidate(); // sixels go where cells are written over them
            _pacer.HandleChange();
        }

        _image = null;
    }

    private bool TryTakeInput(out object input)
    {
        lock (_gate)
        {
            return _inputs.TryDequeue(out input!);
        }
    }

    private bool TryTakeMessage(out TMessage message)
    {
        lock (_gate)
        {
            return _messages.TryDequeue(out message!);
        }
    }

    private static TimeSpan? Earlier(TimeSpan? left, TimeSpan? right) =>
        (left, right) switch
        {
            (null, _) => right,
            (_, null) => left,
            ({ } l, { } r) => l < r ? l : r,
        };
}
