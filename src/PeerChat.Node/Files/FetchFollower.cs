using PeerChat.Primitives;

namespace PeerChat.Node.Files;

/// <summary>Lets a file be written beside its place while it is still fetched: what comes is opened and written at once, and only moved there when all is said to be here.</summary>
/// <remarks>Thread-safe. Without it each byte would be read again from the disk after the last one came, and nothing come meanwhile.</remarks>
internal sealed class FetchFollower : IDisposable
{
    /// <summary>A file of fewer bytes is put in place in an instant anyway.</summary>
    public const long Worth = 32 * 1024 * 1024;

    /// <summary>When nothing has come for so long, what was written is given up, and put in place from its blocks later.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ManualResetEventSlim _go = new();

    /// <summary>Ends it.</summary>
    public CancellationTokenSource End { get; } = new();

    /// <summary>All is here, and it is kept that it is being put in place: it may be moved there.</summary>
    public void Go() => _go.Set();

    /// <summary>Waits until it may be moved to its place.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public void WaitForGo() => _go.Wait(End.Token);

    /// <summary>Waits until a block is here.</summary>
    /// <exception cref="OperationCanceledException">Nothing came for too long, or it was given up.</exception>
    public void WaitFor(BlockPack pack, Bytes32 address)
    {
        if (!pack.WaitFor(address, Patience, End.Token))
        {
            throw new OperationCanceledException();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _go.Dispose();
        End.Dispose();
    }
}
