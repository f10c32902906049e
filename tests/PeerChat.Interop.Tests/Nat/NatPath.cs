namespace PeerChat.Interop.Tests.Nat;

/// <summary>How two people are connected in the end.</summary>
public enum NatPath
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>From machine to machine.</summary>
    Direct,

    /// <summary>Through the TURN server.</summary>
    Relayed,
}
