using System.Runtime.InteropServices;

namespace PeerChat.Tui.Commands;

/// <summary>The end of the terminal, for commands that hold none: they say goodbye rather than being cut off.</summary>
internal sealed class HangUp : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration _signal;

    /// <summary>Begins to listen for it.</summary>
    public HangUp(CancellationToken interrupted)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        _signal = PosixSignalRegistration.Create(
            PosixSignal.SIGHUP,
            context =>
            {
                context.Cancel = true;
                _source.Cancel();
            }
        );
    }

    /// <summary>What to stop by, the interruption included.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _signal.Dispose();
        _source.Dispose();
    }
}
