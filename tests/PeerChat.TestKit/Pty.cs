using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace PeerChat.TestKit;

/// <summary>A program running on a pseudo-terminal of its own, seen from the terminal's side (Linux only).</summary>
/// <remarks>
/// The program is the leader of a new session and the pseudo-terminal is its controlling terminal, so that signals,
/// job control and hang-up behave as in a terminal window. Not safe for use from several threads at once.
/// </remarks>
public sealed class Pty : IDisposable
{
    private readonly List<byte> _output = [];
    private readonly Process _process;
    private int _master;

    private Pty(int master, Process process)
    {
        _master = master;
        _process = process;
    }

    /// <summary>Whether pseudo-terminals can be used here: Linux with setsid from util-linux.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && File.Exists("/usr/bin/setsid");

    /// <summary>The process id of the program itself, for <c>/proc</c> and signals.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code; 128 + n when signal n ended the program.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Whether the program's side has been closed (the terminal read end of file).</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Everything read so far.</summary>
    public ReadOnlySpan<byte> Output => CollectionsMarshal.AsSpan(_output);

    /// <summary>Everything read so far, as UTF-8.</summary>
    public string OutputText => Encoding.UTF8.GetString(Output);

    /// <summary>Starts a program on a new pseudo-terminal.</summary>
    /// <param name="program">Path of the program, or a name found by PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="columns">Width of the terminal.</param>
    /// <param name="rows">Height of the terminal.</param>
    /// <param name="environment">Variables to set, or to remove where the value is null. TERM is xterm-256color unless set.</param>
    /// <param name="workingDirectory">Where the program starts; null for here.</param>
    public static Pty Start(
        string program,
        IEnumerable<string> arguments,
        int columns = 80,
        int rows = 24,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null
    )
    {
        var master = PtyNative.OpenMaster(
            PtyNative.OpenReadWrite | PtyNative.OpenNoControllingTerminal | PtyNative.OpenCloseOnExec
        );
        Check(master);
        try
        {
            Check(PtyNative.Grant(master));
            Check(PtyNative.Unlock(master));
            Check(PtyNative.SetWindowSize(master, checked((ushort)columns), checked((ushort)rows)));
            var start = StartInfo(PtyNative.SlaveName(master), program, arguments, environment);
            start.WorkingDirectory = workingDirectory ?? "";
            var process = Process.Start(start) ?? throw new IOException("The program did not start.");
            return new Pty(master, process);
        }
        catch
        {
            _ = PtyNative.Close(master);
            throw;
        }
    }

    /// <summary>Types text: writes it to the terminal as UTF-8.</summary>
    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Types bytes; a program that does not read for ten seconds is an error.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (!PtyNative.Poll(_master, PtyNative.PollOut, 10_000))
            {
                throw new TimeoutException("The program does not read its input.");
            }

            // Small pieces, because a blocking write of more than the free space of the line buffer would hang
            var count = PtyNative.Write(_master, bytes[..Math.Min(bytes.Length, 512)]);
            if (
                count < 0
                && Marshal.GetLastPInvokeError()
                    is not (PtyNative.ErrorInterrupted or PtyNative.ErrorTryAgain)
            )
            {
                throw new IOException(
                    $"write to the pseudo-terminal failed with {Marshal.GetLastPInvokeError()}"
                );
            }

            bytes = bytes[(int)Math.Max(count, 0)..];
        }
    }

    /// <summary>Reads what the program has written, waiting at most so long for the first byte; empty when nothing came.</summary>
    public byte[] Read(TimeSpan timeout)
    {
        var buffer = new byte[65536];
        if (IsClosed || !PtyNative.Poll(_master, PtyNative.PollIn, (int)timeout.TotalMilliseconds))
        {
            return [];
        }

        var count = PtyNative.Read(_master, buffer);
        if (count <= 0)
        {
            // EIO: the last descriptor of the slave side is closed
            IsClosed = count == 0 || Marshal.GetLastPInvokeError() == PtyNative.ErrorInputOutput;
            return [];
        }

        var read = buffer[..(int)count];
        _output.AddRange(read);
        return read;
    }

    /// <summary>Reads until the condition holds; false when the time is over or the program's side closed before.</summary>
    /// <param name="condition">Asked before reading and after each read.</param>
    /// <param name="timeout">How long in all.</param>
    /// <param name="received">Called with every piece read, in order, for example to feed a virtual terminal.</param>
    public bool ReadUntil(Func<bool> condition, TimeSpan timeout, Action<byte[]>? received = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (condition())
            {
                return true;
            }

            var left = timeout - clock.Elapsed;
            if (left <= TimeSpan.Zero || IsClosed)
            {
                return false;
            }

            var piece = Read(left < MaxPause ? left : MaxPause);
            if (piece.Length > 0)
            {
                received?.Invoke(piece);
            }
        }
    }

    /// <summary>Reads until the text has appeared somewhere in what was written.</summary>
    public bool ReadUntilText(string text, TimeSpan timeout) =>
        ReadUntil(() => OutputText.Contains(text, StringComparison.Ordinal), timeout);

    /// <summary>Reads until the program has been silent for so long (or has closed its side); returns what came.</summary>
    public byte[] ReadUntilQuiet(TimeSpan silence, TimeSpan timeout, Action<byte[]>? received = null)
    {
        var start = _output.Count;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < timeout && !IsClosed)
        {
            var piece = Read(silence);
            if (piece.Length == 0)
            {
                break;
            }

            received?.Invoke(piece);
        }

        return [.. _output[start..]];
    }

    /// <summary>Forgets what was read so far, for counting the bytes of the next step.</summary>
    public void ClearOutput() => _output.Clear();

    /// <summary>Gives the terminal another size; the foreground programs get SIGWINCH.</summary>
    public void Resize(int columns, int rows) =>
        Check(PtyNative.SetWindowSize(_master, checked((ushort)columns), checked((ushort)rows)));

    /// <summary>Sends a signal to the program by its number (15 = TERM, 9 = KILL, 1 = HUP, 18 = CONT).</summary>
    public void Signal(int signal) => Signal(ProcessId, signal);

    /// <summary>Sends a signal to any process, such as one that a shell on the terminal has started.</summary>
    public static void Signal(int processId, int signal) => Check(PtyNative.Kill(processId, signal));

    /// <summary>Takes the terminal away, as a closed window or a lost SSH session does.</summary>
    public void HangUp()
    {
        if (_master >= 0)
        {
            _ = PtyNative.Close(_master);
            _master = -1;
            IsClosed = true;
        }
    }

    /// <summary>Waits for the end of the program while reading its output, all of it; false when the time is over.</summary>
    /// <param name="timeout">How long in all.</param>
    /// <param name="received">Called with every piece read, in order.</param>
    public bool WaitForExit(TimeSpan timeout, Action<byte[]>? received = null)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < timeout)
        {
            if (!IsClosed && Read(TimeSpan.FromMilliseconds(20)) is { Length: > 0 } piece)
            {
                received?.Invoke(piece);
            }

            if (_process.WaitForExit(IsClosed ? 20 : 0))
            {
                // What was still in the line buffer
                while (Read(TimeSpan.Zero) is { Length: > 0 } last)
                {
                    received?.Invoke(last);
                }

                return true;
            }
        }

        return _process.HasExited;
    }

    /// <summary>The state letter of the program in <c>/proc</c>: R, S, T (stopped), Z …; null when it is gone.</summary>
    public char? ProcessState()
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{ProcessId}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _ = PtyNative.Kill(ProcessId, 9);
            _process.WaitForExit(5_000);
        }

        HangUp();
        _process.Dispose();
    }

    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    private static ProcessStartInfo StartInfo(
        string slave,
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment
    )
    {
        // The shell and setsid replace themselves, so the id of the process started is the id of the program
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (
            var argument in new[]
            {
                "-c",
                "t=$1; shift; exec setsid --ctty --wait \"$@\" <$t >$t 2>&1",
                "sh",
                slave,
                program,
            }
        )
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["TERM"] = "xterm-256color";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new IOException($"A pseudo-terminal call failed with {Marshal.GetLastPInvokeError()}");
        }
    }
}
