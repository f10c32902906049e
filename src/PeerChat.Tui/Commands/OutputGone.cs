using PeerChat.Terminal.Host;

namespace PeerChat.Tui.Commands;

/// <summary>The end of whoever reads the output, for commands that otherwise notice it only when they write the next line.</summary>
internal sealed class OutputGone : IDisposable
{
    private readonly CancellationTokenSource _source;

    /// <summary>Begins to look out for it.</summary>
    public OutputGone(CancellationToken interrupted)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            PipedOutputStream.WatchReader(() =>
            {
                IsGone = true;
                try
                {
                    _source.Cancel();
                }
                catch (ObjectDisposedException)
                {
                    // The command is over already.
                }
            });
        }
    }

    /// <summary>Whether nobody reads any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>What to stop by, the interruption included.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
