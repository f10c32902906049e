namespace PeerChat.Rendezvous.Services;

/// <summary>How it stands with a server.</summary>
public enum ServiceState
{
    /// <summary>Nothing is wanted of it at the moment.</summary>
    Idle,

    /// <summary>It is being reached.</summary>
    Connecting,

    /// <summary>It carries what it is given.</summary>
    Ready,

    /// <summary>It cannot be used; it is tried again later.</summary>
    Failed,
}
