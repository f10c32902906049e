namespace PeerChat.Rendezvous.PeerServer;

/// <summary>How a PeerJS page writes its messages; the page chooses it when it connects.</summary>
public enum GuestSerialization
{
    /// <summary>JSON text, in binary messages.</summary>
    Json,

    /// <summary>BinaryPack, in pieces where it is long.</summary>
    Binary,

    /// <summary>Whatever the page sends, as it is.</summary>
    Raw,
}
