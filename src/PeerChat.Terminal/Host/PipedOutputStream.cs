using System.Runtime.InteropServices;

namespace PeerChat.Terminal.Host;

/// <summary>
/// Standard output that goes into a pipe or a file (not on Windows). Unlike the framework's console stream, which passes it over in
/// silence, it says when nobody reads any more, so that <c>peerchat listen | head -1</c> comes to an end.
/// </summary>
public sealed class PipedOutputStream : Stream
{
    private const int BrokenPipe = 32; // EPIPE, the same on Linux and macOS

    private PipedOutputStream() { }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens it; null on a terminal and on Windows, where the framework's stream serves.</summary>
    public static PipedOutputStream? TryOpen() =>
        OperatingSystem.IsWindows() || UnixCalls.IsTerminal(UnixCalls.StandardOutput)
            ? null
            : new PipedOutputStream();

    /// <summary>Calls back once the reader of the pipe has gone, from a thread that otherwise sleeps; never for a file.</summary>
    public static void WatchReader(Action onGone)
    {
        var thread = new Thread(() =>
        {
            // Errors and hang-ups are told without being asked for
            short state;
            while (!UnixCalls.Poll(UnixCalls.StandardOutput, 0, -1, -1, out state, out _))
            {
                // A signal
            }

            if ((state & (UnixCalls.PollError | UnixCalls.PollHangUp)) != 0)
            {
                onGone();
            }
        })
        {
            IsBackground = true,
            Name = "peerchat output",
        };
        thread.Start();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">It cannot be written; with the number of EPIPE as its result when nobody reads any more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = UnixCalls.Write(UnixCalls.StandardOutput, buffer);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == UnixCalls.TryAgain)
            {
                // Whoever shares the pipe made it non-blocking
                UnixCalls.Poll(UnixCalls.StandardOutput, UnixCalls.PollOut, -1, -1, out _, out _);
            }
            else if (error != UnixCalls.Interrupted)
            {
                throw new IOException(
                    error == BrokenPipe ? "Broken pipe" : Marshal.GetPInvokeErrorMessage(error),
                    error
                );
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held back
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
