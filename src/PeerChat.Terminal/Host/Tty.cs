using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Output;

namespace PeerChat.Terminal.Host;

/// <summary>The terminal that the program was started in, on Linux and macOS.</summary>
/// <remarks>
/// Gives the terminal back on every way out: <see cref="Dispose"/>, a signal, an unhandled exception, the end of the
/// process; after SIGKILL and faults that no code of ours outlives, <see cref="TerminalGuard"/> does. System.Console must not be used
/// beside it.
/// </remarks>
[UnsupportedOSPlatform("windows")]
public sealed class Tty : ITerminal
{
    private const int ReadSize = 16384;
    private const int WriteSize = 65536;

    private readonly int _input;
    private readonly int _output;
    private readonly bool _isOwn;
    private readonly byte[] _settings;
    private readonly int _wakeRead;
    private readonly int _wakeWrite;
    private readonly Lock _holding = new();
    private readonly Lock _sizing = new();
    private readonly ManualResetEventSlim _closed = new();
    private readonly ManualResetEventSlim _parked = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly TerminalGuard _guard = new();
    private ITerminalSink? _sink;
    private Thread? _reader;
    private bool _isHeld;
    private bool _isGuarded;
    private volatile bool _isLent;
    private volatile bool _isGone;
    private int _isDisposed;

    private Tty(int input, int output, bool isOwn, byte[] settings, (int Read, int Write) wake)
    {
        _input = input;
        _output = output;
        _isOwn = isOwn;
        _settings = settings;
        (_wakeRead, _wakeWrite) = wake;
    }

    /// <inheritdoc/>
    public TerminalSize Size => (UnixCalls.SizeOf(_output) ?? TerminalSize.Usual).Clamped();

    /// <summary>Opens the terminal of standard input and output; false, with the reason, where there is none.</summary>
    public static bool TryOpen([NotNullWhen(true)] out Tty? tty, out string reason)
    {
        tty = null;
        reason = "";
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            reason = "terminals of this system are not known";
        }
        else if (!UnixCalls.IsTerminal(UnixCalls.StandardInput))
        {
            reason = "standard input is not a terminal";
        }
        else if (!UnixCalls.IsTerminal(UnixCalls.StandardOutput))
        {
            reason = "standard output is not a terminal";
        }
        else if (!UnixCalls.TryGetSettings(UnixCalls.StandardInput, out var settings))
        {
            reason = "the terminal does not tell its settings";
        }
        else if (UnixCalls.Pipe() is not { } wake)
        {
            reason = "no pipe could be opened";
        }
        else
        {
            // Where the device may not be opened again (another user's terminal), the descriptors given must do
            var isOwn = UnixCalls.TryOpenAgain(UnixCalls.StandardOutput, out var opened);
            tty = new Tty(
                isOwn ? opened : UnixCalls.StandardInput,
                isOwn ? opened : UnixCalls.StandardOutput,
                isOwn,
                settings,
                wake
            );
        }

        return tty is not null;
    }

    /// <inheritdoc/>
    public void Start(ITerminalSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_reader is not null)
        {
            throw new InvalidOperationException("The terminal has been started.");
        }

        _sink = sink;
        // Signals first: from the first changed setting on there must be a way back
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        EndOn(PosixSignal.SIGHUP, TerminalSignal.HangUp);
        EndOn(PosixSignal.SIGINT, TerminalSignal.Interrupt);
        EndOn(PosixSignal.SIGQUIT, TerminalSignal.Quit);
        EndOn(PosixSignal.SIGTERM, TerminalSignal.Terminate);
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => ReportSize()));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, OnContinued));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, OnStopRequested));
        Hold();
        _reader = new Thread(ReadAll) { IsBackground = true, Name = "terminal input" };
        _reader.Start();
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_holding)
        {
            // What is drawn while the terminal is lent is drawn again when it comes back
            if (_isHeld && !WriteAll(bytes, patience: -1))
            {
                ReportGone();
            }

            // Behind the first frame, which it must not delay
            if (_isHeld && !_isGuarded)
            {
                _isGuarded = true;
                _ = ThreadPool.UnsafeQueueUserWorkItem(_ => Guard(), null);
            }
        }
    }

    /// <inheritdoc/>
    public bool Suspend()
    {
        // The leader of a session has no shell behind it that could wake it up again
        if (UnixCalls.SessionOf(0) == UnixCalls.ProcessId())
        {
            return false;
        }

        GiveBack();
        // The whole job stops, as with Ctrl-Z in a shell; SIGCONT ends up in OnContinued
        _ = UnixCalls.Kill(0, UnixCalls.StopSignal);
        return true;
    }

    /// <inheritdoc/>
    public void Release()
    {
        _parked.Reset();
        _isLent = true;
        Wake();
        _parked.Wait(TerminalHost.ExitGrace);
        GiveBack();
    }

    /// <inheritdoc/>
    public void Reclaim()
    {
        Hold();
        _isLent = false;
        Wake();
        ReportSize();
        Report(new InputEvent.Resumed());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        GiveBack();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        _closed.Set();
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        Wake();
        _reader?.Join(TerminalHost.ExitGrace);
        _guard.Dispose();
        if (_isOwn)
        {
            _ = UnixCalls.Close(_output);
        }

        _ = UnixCalls.Close(_wakeRead);
        _ = UnixCalls.Close(_wakeWrite);
    }

    private void EndOn(PosixSignal signal, TerminalSignal kind) =>
        _signals.Add(
            PosixSignalRegistration.Create(
                signal,
                context =>
                {
                    context.Cancel = true;
                    Report(new InputEvent.Signal(kind));
                    if (!_closed.Wait(TerminalHost.ExitGrace))
                    {
                        // The program hangs: the terminal is worth more than its last words
                        GiveBack();
                        UnixCalls.Exit(128 + (int)kind);
                    }
                }
            )
        );

    private void OnStopRequested(PosixSignalContext context)
    {
        context.Cancel = true;
        Report(new InputEvent.StopRequested());
    }

    private void OnContinued(PosixSignalContext context)
    {
        // Or the runtime sets the terminal back to what it was at the start, after this
        context.Cancel = true;
        if (_isLent || Volatile.Read(ref _isDisposed) != 0)
        {
            return;
        }

        // The shell may have changed settings and screen, also if another program sent SIGSTOP
        Hold();
        ReportSize();
        Report(new InputEvent.Resumed());
    }

    // Each signal comes on a thread of its own: none may report what it read before another, that has reported already, read more
    private void ReportSize()
    {
        lock (_sizing)
        {
            Report(new InputEvent.Resized(Size));
        }
    }

    private void OnProcessExit(object? sender, EventArgs arguments) => GiveBack();

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs arguments) => GiveBack();

    private void Guard()
    {
        lock (_holding)
        {
            if (_isHeld && Volatile.Read(ref _isDisposed) == 0)
            {
                _guard.Start(_settings);
            }
            else
            {
                _isGuarded = false; // the next frame tries again
            }
        }
    }

    private void Hold()
    {
        lock (_holding)
        {
            _isHeld = true;
            _guard.Tell(isHeld: true);
            if (!UnixCalls.TrySetRaw(_input, _settings) || !WriteAll(ControlSequences.Enter, patience: -1))
            {
                ReportGone();
            }
        }
    }

    private void GiveBack()
    {
        // A frame that the terminal does not take must not keep it from being restored
        var isEntered = _holding.TryEnter(TerminalHost.ExitGrace / 4);
        try
        {
            if (!_isHeld)
            {
                return;
            }

            _isHeld = false;
            _ = WriteAll(ControlSequences.Leave, patience: 100);
            UnixCalls.SetSettings(_input, _settings);
            UnixCalls.DropInput(_input);
            _guard.Tell(isHeld: false);
        }
        finally
        {
            if (isEntered)
            {
                _holding.Exit();
            }
        }
    }

    // One write if the terminal takes all; true when everything went out
    private bool WriteAll(ReadOnlySpan<byte> bytes, int patience)
    {
        while (!bytes.IsEmpty)
        {
            if (_isGone)
            {
                return false;
            }

            var count = UnixCalls.Write(_output, bytes[..Math.Min(bytes.Length, WriteSize)]);
            if (count >= 0)
            {
                bytes = bytes[(int)count..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == UnixCalls.Interrupted)
            {
                continue;
            }

            if (error != UnixCalls.TryAgain || !WaitForRoom(patience))
            {
                return false;
            }
        }

        return true;
    }

    private bool WaitForRoom(int patience)
    {
        _ = UnixCalls.Poll(_output, UnixCalls.PollOut, -1, patience, out var state, out _);
        return state == UnixCalls.PollOut
            || (patience < 0 && (state & (UnixCalls.PollError | UnixCalls.PollHangUp)) == 0);
    }

    private void ReadAll()
    {
        var buffer = new byte[ReadSize];
        while (Volatile.Read(ref _isDisposed) == 0)
        {
            var isLent = _isLent;
            if (isLent)
            {
                _parked.Set();
            }

            _ = UnixCalls.Poll(
                isLent ? -1 : _input,
                UnixCalls.PollIn,
                _wakeRead,
                -1,
                out var state,
                out var wake
            );
            if (wake != 0)
            {
                _ = UnixCalls.Read(_wakeRead, buffer.AsSpan(0, 1));
                continue;
            }

            if (state != 0 && !TryRead(buffer))
            {
                ReportGone();
                return;
            }
        }
    }

    private bool TryRead(byte[] buffer)
    {
        var count = UnixCalls.Read(_input, buffer);
        if (count > 0)
        {
            _sink!.OnInput(buffer.AsSpan(0, (int)count));
            return true;
        }

        return count < 0
            && Marshal.GetLastPInvokeError() is var error
            && (error == UnixCalls.Interrupted || error == UnixCalls.TryAgain);
    }

    private void Wake() => _ = UnixCalls.Write(_wakeWrite, [0]);

    private void ReportGone()
    {
        if (!_isGone)
        {
            _isGone = true;
            Report(new InputEvent.Gone());
        }
    }

    private void Report(InputEvent input)
    {
        if (Volatile.Read(ref _isDisposed) == 0)
        {
            _sink?.OnEvent(input);
        }
    }
}
