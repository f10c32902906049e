namespace PeerChat.TestKit;

/// <summary>What stands between a simulated host and the network.</summary>
public enum HostFirewall
{
    /// <summary>Everything passes.</summary>
    None,

    /// <summary>Unicast comes in only from where something was sent to before, as host firewalls do by default.</summary>
    Stateful,

    /// <summary>No unicast comes in.</summary>
    Closed,
}
