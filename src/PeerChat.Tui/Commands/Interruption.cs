using System.Runtime.InteropServices;

namespace PeerChat.Tui.Commands;

/// <summary>Ctrl-C and a request to end become a cancellation, so that the node says goodbye.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    /// <summary>Begins to listen for both.</summary>
    public Interruption()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, End));
        }
    }

    /// <summary>What to stop by.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        // The second time the system does what it does with the signal: whoever asks twice does not want to wait
        context.Cancel = !_source.IsCancellationRequested;
        if (context.Cancel)
        {
            _source.Cancel();
        }
    }
}
