namespace PeerChat.Node.Tests.Engine.Services;

/// <summary>The limits of a PeerServer; the times are those of peerjs-server, which clients know.</summary>
internal sealed record PeerServerHubOptions
{
    /// <summary>Characters of an id or token at most; those of PeerJS have 36.</summary>
    public const int MaxIdLength = 128;

    /// <summary>How deep a message may nest: an offer of PeerJS has four levels.</summary>
    public const int MaxDepth = 16;

    /// <summary>The key that clients have to say.</summary>
    public string Key { get; init; } = "peerjs";

    /// <summary>Clients at once.</summary>
    public int MaxClients { get; init; } = 5_000;

    /// <summary>Clients of one address at once: a household, an office behind one router.</summary>
    public int MaxClientsPerAddress { get; init; } = 256;

    /// <summary>Messages that wait for absent clients, in all.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>Messages that wait for one absent client: an offer of PeerJS and its candidates.</summary>
    public int MaxWaitingPerId { get; init; } = 64;

    /// <summary>Who says nothing for so long is gone.</summary>
    public TimeSpan AliveTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>What nobody fetches for so long is given up, and its sender told.</summary>
    public TimeSpan ExpireTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often both are looked at.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);
}
