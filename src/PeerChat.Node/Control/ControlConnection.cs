namespace PeerChat.Node.Control;

/// <summary>A connection between two processes of this user.</summary>
/// <param name="Stream">Carries the lines.</param>
/// <param name="ProcessId">The process at the other end, or 0 where the system does not tell.</param>
internal sealed record ControlConnection(Stream Stream, int ProcessId) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Stream.Dispose();
}
