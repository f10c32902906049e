namespace PeerChat.Node.Control;

/// <summary>A client that is being served.</summary>
/// <param name="connection">Its connection.</param>
/// <param name="session">Its session.</param>
internal sealed class ControlClientSlot(ControlConnection connection, RpcSession session)
{
    /// <summary>Its connection.</summary>
    public ControlConnection Connection => connection;

    /// <summary>Its session.</summary>
    public RpcSession Session => session;

    /// <summary>Ends when it is served no more.</summary>
    public Task Served { get; set; } = Task.CompletedTask;
}
