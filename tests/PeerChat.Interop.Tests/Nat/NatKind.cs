namespace PeerChat.Interop.Tests.Nat;

/// <summary>What stands between a machine and the public network, in the words of RFC 4787.</summary>
public enum NatKind
{
    /// <summary>Nothing: the machine has a public address.</summary>
    None,

    /// <summary>One port for all destinations, and whoever knows it gets in (endpoint-independent mapping and filtering).</summary>
    FullCone,

    /// <summary>One port for all destinations; only who was written to gets in (address and port-dependent filtering).</summary>
    PortRestricted,

    /// <summary>Another port of chance for each destination (address and port-dependent mapping and filtering).</summary>
    Symmetric,

    /// <summary>A double NAT: a port-restricted one behind another, as a provider's makes of a home's.</summary>
    Twofold,

    /// <summary>A NAT that lets TCP out and no UDP.</summary>
    UdpBlocked,
}
