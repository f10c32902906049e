namespace PeerChat.Node.Tests.Engine.Services;

/// <summary>What a PeerServer has done since it began.</summary>
internal sealed class PeerServerHubFigures
{
    /// <summary>Connections taken, refused ones too.</summary>
    public long Connections { get; set; }

    /// <summary>Messages carried from one client to another.</summary>
    public long Carried { get; set; }

    /// <summary>Senders told that nobody was there.</summary>
    public long Expired { get; set; }

    /// <summary>Connections and messages refused.</summary>
    public long Refused { get; set; }
}
