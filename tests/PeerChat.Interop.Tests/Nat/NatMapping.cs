namespace PeerChat.Interop.Tests.Nat;

/// <summary>How routers map ports for whoever asks.</summary>
public enum NatMapping
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By PCP and NAT-PMP.</summary>
    Pcp,

    /// <summary>By UPnP.</summary>
    Upnp,
}
