using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using PeerChat.Node.Files;

namespace PeerChat.Node.Storage;

/// <summary>A new file that is written on a thread of its own where it is great, so that its next bytes are made meanwhile.</summary>
/// <remarks>
/// For one writer. At most two pieces wait. While bytes come, what was written is made durable in the background, so that
/// <see cref="Complete(bool)"/> does not wait for all of it. The first failure is told by the next call.
/// </remarks>
internal sealed class WriteBehind : IDisposable
{
    /// <summary>Bytes of a file from which a thread of its own is worth its cost.</summary>
    public const long Worth = 4 * 1024 * 1024;

    private const int MaxWaiting = 2;
    private const long FlushStep = 32 * 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly BlockingCollection<(byte[] Buffer, int Length)>? _waiting;
    private readonly Task? _writing;
    private Task _flushing = Task.CompletedTask;
    private volatile Exception? _failure;
    private long _written;
    private long _flushed;

    /// <summary>Makes the file; nothing may be there.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="size">How many bytes it is going to have.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public WriteBehind(string path, long size)
    {
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        if (size >= Worth)
        {
            _waiting = new BlockingCollection<(byte[], int)>(MaxWaiting);
            _writing = Task.Factory.StartNew(
                WriteAll,
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }
    }

    /// <summary>Writes, now or a little later.</summary>
    /// <exception cref="IOException">What was written before could not be; a full disk, mostly.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        ThrowFailure();
        if (_waiting is null)
        {
            WriteNow(bytes);
            return;
        }

        var buffer = BlockBuffers.Common.Rent(bytes.Length);
        bytes.CopyTo(buffer);
        _waiting.Add((buffer, bytes.Length));
    }

    /// <summary>Waits until all of it is written, and durable where that is asked for.</summary>
    /// <exception cref="IOException">It could not be.</exception>
    public void Complete(bool isDurable)
    {
        EndWriting();
        ThrowFailure();
        if (isDurable)
        {
            RandomAccess.FlushToDisk(_file);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndWriting();
        _file.Dispose();
        _waiting?.Dispose();
    }

    private void EndWriting()
    {
        if (_waiting is { IsAddingCompleted: false })
        {
            _waiting.CompleteAdding();
            _writing!.Wait();
        }

        _flushing.Wait();
    }

    private void WriteAll()
    {
        // After a failure the rest is only taken, so that whoever adds is never held up
        foreach (var (buffer, length) in _waiting!.GetConsumingEnumerable())
        {
            if (_failure is null)
            {
                Try(() => WriteNow(buffer.AsSpan(0, length)));
            }

            BlockBuffers.Common.Return(buffer);
        }
    }

    private void WriteNow(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _written);
        _written += bytes.Length;
        if (_written - _flushed >= FlushStep && _flushing.IsCompleted)
        {
            _flushed = _written;
            _flushing = Task.Run(() => Try(() => RandomAccess.FlushToDisk(_file)));
        }
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            _failure = failed;
        }
    }

    private void ThrowFailure()
    {
        if (_failure is { } failed)
        {
            ExceptionDispatchInfo.Throw(failed);
        }
    }
}
