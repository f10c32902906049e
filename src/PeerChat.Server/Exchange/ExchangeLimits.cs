namespace PeerChat.Server.Exchange;

/// <summary>What one server holds and does at most.</summary>
internal sealed record ExchangeLimits
{
    /// <summary>Ids at once where nobody says otherwise; as peerjs-server has it.</summary>
    public const int UsualConnections = 5000;

    /// <summary>
    /// Ids of one address where nobody says otherwise: a node holds up to 16, and a dozen of them may sit behind one router.
    /// </summary>
    public const int UsualPerAddress = 200;

    /// <summary>
    /// The longest message where nobody says otherwise. A browser's offer takes some 3 KB, ours at most 3; sixteen times that leaves
    /// room for whoever describes video.
    /// </summary>
    public const int UsualMessageBytes = 64 * 1024;

    /// <summary>Messages a second of one id where nobody says otherwise; candidates come in bursts, see <see cref="BurstSeconds"/>.</summary>
    public const int UsualMessagesPerSecond = 20;

    /// <summary>So many seconds' messages may come at once.</summary>
    public const int BurstSeconds = 10;

    /// <summary>Messages above the rate before the connection is closed; whoever is merely lively stays below.</summary>
    public const int MaxExcess = 500;

    /// <summary>Messages that make no sense before the connection is closed.</summary>
    public const int MaxNonsense = 16;

    /// <summary>Messages that wait for one absent id (guess: an offer with its candidates, from a few at once).</summary>
    public const int MaxWaitingPerId = 64;

    /// <summary>Bytes that wait for absent ids altogether; ids cost nothing to name, so that their number is no bound.</summary>
    public const int MaxWaitingBytes = 16 * 1024 * 1024;

    /// <summary>Addresses that are remembered with their rates; forgotten once they are at rest.</summary>
    public const int MaxAddresses = 65_536;

    /// <summary>New ids a second of one address, ten seconds' worth at once and its connections beside.</summary>
    public const int ConnectsPerSecond = 5;

    /// <summary>So long a message waits for an absent id; as peerjs-server has it.</summary>
    public static readonly TimeSpan WaitForAbsent = TimeSpan.FromSeconds(5);

    /// <summary>An id that has said nothing for so long is free; as peerjs-server has it, and clients say something every 5 to 20 s.</summary>
    public static readonly TimeSpan AliveTimeout = TimeSpan.FromSeconds(90);

    /// <summary>How often the silent are looked for.</summary>
    public static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    /// <summary>Ids at once.</summary>
    public int MaxConnections { get; init; } = UsualConnections;

    /// <summary>Ids of one address (IPv4) or /64 (IPv6) at once.</summary>
    public int MaxPerAddress { get; init; } = UsualPerAddress;

    /// <summary>Bytes of one message.</summary>
    public int MaxMessageBytes { get; init; } = UsualMessageBytes;

    /// <summary>Messages a second of one id.</summary>
    public int MessagesPerSecond { get; init; } = UsualMessagesPerSecond;
}
