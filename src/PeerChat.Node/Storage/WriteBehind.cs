using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using PeerChat.Node.Files;

namespace PeerChat.Node.Storage;

/// <summary>A new file that is written on a thread of its own where it is great, so that its next bytes are made meanwhile.</summary>
/// <remarks>
/// For one writer. At most two pieces wait. While bytes come, what was written is made durable in the background, so that
/// <see cref="Complete(bool)"/> does not wait for all of it; great pieces of a great file go to the disk at once. The first failure is told
/// by the next call.
/// </remarks>
internal sealed class WriteBehind : IDisposable
{
    /// <summary>Bytes of a file from which a thread of its own is worth its cost.</summary>
    public const long Worth = 4 * 1024 * 1024;

    private const int MaxWaiting = 2;
    private const long FlushStep = 32 * 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly UncachedFile? _uncached;
    private readonly BlockingCollection<(Memory<byte> Buffer, long At)>? _waiting;
    private readonly Task? _writing;
    private Task _flushing = Task.CompletedTask;
    private volatile Exception? _failure;
    private long _written; // since the last flush
    private long _position;

    /// <summary>Makes the file; nothing may be there, unless it goes on.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="size">How many bytes it is going to have.</param>
    /// <param name="goesOn">Whether the file is there, with pieces that are passed over by <see cref="Skip"/>.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public WriteBehind(string path, long size, bool goesOn = false)
    {
        _file = File.OpenHandle(path, goesOn ? FileMode.Open : FileMode.CreateNew, FileAccess.Write);
        if (size >= Worth)
        {
            _uncached = size > UncachedFile.MaxCached ? UncachedFile.TryOpen(path, FileAccess.Write) : null;
            _waiting = new BlockingCollection<(Memory<byte>, long)>(MaxWaiting);
            _writing = Task.Factory.StartNew(
                WriteAll,
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }
    }

    /// <summary>Where the next bytes go.</summary>
    public long Position => _position;

    /// <summary>Leaves as it is what lies at the next place.</summary>
    public void Skip(long bytes) => _position += bytes;

    /// <summary>Writes, now or a little later.</summary>
    /// <exception cref="IOException">What was written before could not be; a full disk, mostly.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        ThrowFailure();
        if (_waiting is null)
        {
            RandomAccess.Write(_file, bytes, _position);
            FlushNowAndThen(bytes.Length);
            _position += bytes.Length;
            return;
        }

        var buffer = BlockBuffers.Common.Rent(bytes.Length);
        bytes.CopyTo(buffer.Span);
        _waiting.Add((buffer, _position));
        _position += bytes.Length;
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
        _uncached?.Dispose();
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
        foreach (var (buffer, at) in _waiting!.GetConsumingEnumerable())
        {
            if (_failure is null)
            {
                Try(() => WriteNow(buffer, at));
            }

            BlockBuffers.Common.Return(buffer);
        }
    }

    private void WriteNow(ReadOnlyMemory<byte> bytes, long at)
    {
        if (!UncachedFile.Write(_file, _uncached, bytes, at))
        {
            FlushNowAndThen(bytes.Length);
        }
    }

    private void FlushNowAndThen(int written)
    {
        _written += written;
        if (_written >= FlushStep && _flushing.IsCompleted)
        {
            _written = 0;
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
