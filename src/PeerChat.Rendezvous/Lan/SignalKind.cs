namespace PeerChat.Rendezvous.Lan;

/// <summary>What a <see cref="SignalDatagram"/> carries.</summary>
public enum SignalKind : byte
{
    /// <summary>A sealed offer.</summary>
    Offer = 1,

    /// <summary>A sealed answer.</summary>
    Answer = 2,

    /// <summary>Nothing but the tag: it opens the sender's own stateful firewall for what comes back.</summary>
    Open = 3,
}
