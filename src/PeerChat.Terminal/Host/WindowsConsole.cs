using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Output;

namespace PeerChat.Terminal.Host;

/// <summary>The console that the program was started in, on Windows 10 and later, spoken to in virtual terminal sequences.</summary>
/// <remarks>
/// Written from the documentation and <b>untested</b>: no Windows machine was at hand. There is no job control, so
/// <see cref="Suspend"/> does nothing.
/// </remarks>
public sealed unsafe class WindowsConsole : ITerminal
{
    private const int RecordsPerRead = 256;

    private readonly nint _input;
    private readonly nint _output;
    private readonly uint _inputMode;
    private readonly uint _outputMode;
    private readonly uint _codePage;
    private readonly Lock _holding = new();
    private readonly EventWaitHandle _wake = new(initialState: false, EventResetMode.AutoReset);
    private readonly ManualResetEventSlim _closed = new();
    private readonly ManualResetEventSlim _parked = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private ITerminalSink? _sink;
    private Thread? _reader;
    private bool _isHeld;
    private volatile bool _isLent;
    private int _isDisposed;

    private WindowsConsole(nint input, nint output, uint inputMode, uint outputMode)
    {
        _input = input;
        _output = output;
        _inputMode = inputMode;
        _outputMode = outputMode;
        _codePage = WindowsCalls.GetConsoleOutputCP();
    }

    /// <inheritdoc/>
    public TerminalSize Size =>
        WindowsCalls.GetConsoleScreenBufferInfo(_output, out var buffer)
            ? new TerminalSize(buffer.Right - buffer.Left + 1, buffer.Bottom - buffer.Top + 1).Clamped()
            : TerminalSize.Usual;

    /// <summary>Opens the console of standard input and output; false, with the reason, where there is none.</summary>
    public static bool TryOpen([NotNullWhen(true)] out WindowsConsole? console, out string reason)
    {
        console = null;
        reason = "";
        if (!OperatingSystem.IsWindows())
        {
            reason = "this is not Windows";
            return false;
        }

        var input = WindowsCalls.GetStandardHandle(WindowsCalls.StandardInput);
        var output = WindowsCalls.GetStandardHandle(WindowsCalls.StandardOutput);
        if (!WindowsCalls.GetConsoleMode(input, out var inputMode))
        {
            reason = "standard input is not a console";
        }
        else if (!WindowsCalls.GetConsoleMode(output, out var outputMode))
        {
            reason = "standard output is not a console";
        }
        else
        {
            console = new WindowsConsole(input, output, inputMode, outputMode);
        }

        return console is not null;
    }

    /// <inheritdoc/>
    public void Start(ITerminalSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_reader is not null)
        {
            throw new InvalidOperationException("The console has been started.");
        }

        _sink = sink;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        EndOn(PosixSignal.SIGINT, TerminalSignal.Interrupt);
        EndOn(PosixSignal.SIGHUP, TerminalSignal.HangUp);
        EndOn(PosixSignal.SIGTERM, TerminalSignal.Terminate);
        Hold();
        _reader = new Thread(ReadAll) { IsBackground = true, Name = "terminal input" };
        _reader.Start();
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_holding)
        {
            if (_isHeld)
            {
                WriteAll(bytes);
            }
        }
    }

    /// <inheritdoc/>
    public bool Suspend() => false;

    /// <inheritdoc/>
    public void Release()
    {
        _parked.Reset();
        _isLent = true;
        _wake.Set();
        _parked.Wait(TerminalHost.ExitGrace);
        GiveBack();
    }

    /// <inheritdoc/>
    public void Reclaim()
    {
        Hold();
        _isLent = false;
        _wake.Set();
        Report(new InputEvent.Resized(Size));
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

        _wake.Set();
        _reader?.Join(TerminalHost.ExitGrace);
        _wake.Dispose();
    }

    private void EndOn(PosixSignal signal, TerminalSignal kind) =>
        _signals.Add(
            PosixSignalRegistration.Create(
                signal,
                context =>
                {
                    context.Cancel = true;
                    Report(new InputEvent.Signal(kind));
                    // The system ends the process when this returns, whatever was cancelled (closing, logging off)
                    _closed.Wait(TerminalHost.ExitGrace);
                    GiveBack();
                }
            )
        );

    private void OnProcessExit(object? sender, EventArgs arguments) => GiveBack();

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs arguments) => GiveBack();

    private void Hold()
    {
        lock (_holding)
        {
            _isHeld = true;
            _ = WindowsCalls.SetConsoleMode(
                _input,
                WindowsCalls.WindowInput | WindowsCalls.VirtualTerminalInput
            );
            _ = WindowsCalls.SetConsoleMode(
                _output,
                WindowsCalls.ProcessedOutput
                    | WindowsCalls.VirtualTerminalProcessing
                    | WindowsCalls.DisableNewlineAutoReturn
            );
            _ = WindowsCalls.SetConsoleOutputCP(WindowsCalls.Utf8);
            WriteAll(ControlSequences.Enter);
        }
    }

    private void GiveBack()
    {
        lock (_holding)
        {
            if (!_isHeld)
            {
                return;
            }

            _isHeld = false;
            WriteAll(ControlSequences.Leave);
            _ = WindowsCalls.SetConsoleMode(_input, _inputMode);
            _ = WindowsCalls.SetConsoleMode(_output, _outputMode);
            _ = WindowsCalls.SetConsoleOutputCP(_codePage);
        }
    }

    private void WriteAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (
                !WindowsCalls.WriteFile(_output, bytes, (uint)bytes.Length, out var written, 0)
                || written == 0
            )
            {
                Report(new InputEvent.Gone());
                return;
            }

            bytes = bytes[(int)written..];
        }
    }

    private void ReadAll()
    {
        var records = new WindowsCalls.InputRecord[RecordsPerRead];
        var input = new WindowsInput();
        while (Volatile.Read(ref _isDisposed) == 0)
        {
            if (_isLent)
            {
                _parked.Set();
                _wake.WaitOne();
                continue;
            }

            if (!WaitForInput())
            {
                continue;
            }

            uint count;
            fixed (WindowsCalls.InputRecord* pointer = records)
            {
                if (!WindowsCalls.ReadConsoleInput(_input, pointer, RecordsPerRead, out count))
                {
                    Report(new InputEvent.Gone());
                    return;
                }
            }

            var typed = input.Take(records.AsSpan(0, (int)count), out var isResized);
            if (isResized)
            {
                Report(new InputEvent.Resized(Size));
            }

            if (typed.Length > 0)
            {
                _sink!.OnInput(typed);
            }
        }
    }

    private bool WaitForInput()
    {
        var handles = stackalloc nint[2];
        handles[0] = _input;
        handles[1] = _wake.SafeWaitHandle.DangerousGetHandle();
        return WindowsCalls.WaitForMultipleObjects(2, handles, all: false, WindowsCalls.Infinite)
            == WindowsCalls.WaitObject0;
    }

    private void Report(InputEvent input)
    {
        if (Volatile.Read(ref _isDisposed) == 0)
        {
            _sink?.OnEvent(input);
        }
    }
}
