namespace PeerChat.Rendezvous.PeerServer;

/// <summary>Where an id at a PeerServer stands.</summary>
internal enum PeerServerPhase
{
    /// <summary>Between two attempts.</summary>
    Waiting,

    /// <summary>The WebSocket is being opened.</summary>
    Opening,

    /// <summary>It stands, and the server has not said anything yet.</summary>
    Registering,

    /// <summary>Messages for the id come here.</summary>
    Registered,
}
