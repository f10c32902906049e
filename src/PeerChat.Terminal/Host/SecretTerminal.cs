using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace PeerChat.Terminal.Host;

/// <summary>The controlling terminal while a question is asked whose answer is not shown, on Linux and macOS.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SecretTerminal : IDisposable
{
    private readonly int _descriptor;
    private readonly byte[] _settings;
    private readonly byte[] _question;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Lock _holding = new();
    private bool _isHeld;

    private SecretTerminal(int descriptor, byte[] settings, string question)
    {
        _descriptor = descriptor;
        _settings = settings;
        _question = Encoding.UTF8.GetBytes(question);
        // Signals first: from the first changed setting on there must be a way back. A signal that ends the program ends it here and
        // now; nothing is open yet while somebody is asked, and who waits for a key cannot be told otherwise.
        EndOn(PosixSignal.SIGHUP, 1);
        EndOn(PosixSignal.SIGINT, 2);
        EndOn(PosixSignal.SIGQUIT, 3);
        EndOn(PosixSignal.SIGTERM, 15);
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, OnStopRequested));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, OnContinued));
    }

    /// <summary>Asks; see <see cref="SecretLine.Ask"/>.</summary>
    public static byte[]? Ask(string question)
    {
        var descriptor = UnixCalls.OpenControlling();
        if (descriptor < 0)
        {
            return null;
        }

        try
        {
            if (!UnixCalls.TryGetSettings(descriptor, out var settings))
            {
                return null;
            }

            using var terminal = new SecretTerminal(descriptor, settings, question);
            return terminal.Hold() ? SecretLine.Read(terminal.ReadByte) : null;
        }
        finally
        {
            _ = UnixCalls.Close(descriptor);
        }
    }

    /// <summary>Gives the terminal back as it was, on a new line.</summary>
    public void Dispose()
    {
        GiveBack();
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    // First without echo, then the question. Raw rather than without echo alone: keys that send signals come as bytes
    private bool Hold()
    {
        lock (_holding)
        {
            _isHeld = UnixCalls.TrySetRaw(_descriptor, _settings, dropInput: true);
            return _isHeld && WriteAll(_question);
        }
    }

    private void GiveBack()
    {
        lock (_holding)
        {
            if (_isHeld)
            {
                _isHeld = false;
                UnixCalls.SetSettings(_descriptor, _settings);
                _ = WriteAll("\n"u8);
            }
        }
    }

    private int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        while (true)
        {
            var count = UnixCalls.Read(_descriptor, one);
            if (count == 1)
            {
                return one[0];
            }

            if (count == 0 || Marshal.GetLastPInvokeError() != UnixCalls.Interrupted)
            {
                return -1;
            }
        }
    }

    private bool WriteAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = UnixCalls.Write(_descriptor, bytes);
            if (count < 0 && Marshal.GetLastPInvokeError() != UnixCalls.Interrupted)
            {
                return false;
            }

            bytes = bytes[(int)Math.Max(count, 0)..];
        }

        return true;
    }

    private void EndOn(PosixSignal signal, int number) =>
        _signals.Add(
            PosixSignalRegistration.Create(
                signal,
                context =>
                {
                    context.Cancel = true;
                    GiveBack();
                    UnixCalls.Exit(128 + number);
                }
            )
        );

    private void OnStopRequested(PosixSignalContext context)
    {
        context.Cancel = true;
        if (UnixCalls.SessionOf(0) != UnixCalls.ProcessId()) // the leader of a session has no shell that could wake it up
        {
            GiveBack();
            _ = UnixCalls.Kill(0, UnixCalls.StopSignal);
        }
    }

    private void OnContinued(PosixSignalContext context)
    {
        // Or the runtime sets the terminal back to what it was at the start, with echo, after this
        context.Cancel = true;
        _ = Hold();
    }
}
