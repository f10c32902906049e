using System.Runtime.InteropServices;

namespace PeerChat.Server.Host;

/// <summary>The wish that the server ends: a signal, or the end of its input.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _signals = [];

    /// <summary>Begins to listen.</summary>
    public StopSignal()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _signals.Add(
                PosixSignalRegistration.Create(
                    signal,
                    context =>
                    {
                        context.Cancel = true;
                        Stop();
                    }
                )
            );
        }
    }

    /// <summary>Ends when it is to end.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>It is to end.</summary>
    public void Stop() => _stopped.TrySetResult();

    /// <inheritdoc/>
    public void Dispose() => _signals.ForEach(signal => signal.Dispose());
}
