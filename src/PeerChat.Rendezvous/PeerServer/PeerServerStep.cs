namespace PeerChat.Rendezvous.PeerServer;

/// <summary>What time asks of an id at a PeerServer.</summary>
internal enum PeerServerStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Open its WebSocket.</summary>
    Open,

    /// <summary>It counts as registered now.</summary>
    Registered,

    /// <summary>Send a heartbeat.</summary>
    Heartbeat,
}
