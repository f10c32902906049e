namespace PeerChat.Node.Control;

/// <summary>Where other processes of this user connect to the owner of a profile.</summary>
internal interface IControlListener : IDisposable
{
    /// <summary>The next connection of this user; others are closed and not mentioned.</summary>
    /// <exception cref="IOException">This one did not come about, or the system has no room at the moment; the next may.</exception>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    Task<ControlConnection> AcceptAsync(CancellationToken cancellation);

    /// <summary>Takes the address away, so that nobody new comes; only while the profile's lock is still held.</summary>
    void Withdraw();
}
