namespace PeerChat.Rendezvous.Services;

/// <summary>What holds for every service.</summary>
public static class ServiceLimits
{
    /// <summary>The longest message that a server may send; an offer with its frame has less than 4 KiB.</summary>
    public const int MaxMessageBytes = 64 * 1024;

    /// <summary>
    /// The longest message that is sent, in one frame: aquatic, the server of several public trackers, refuses frames of more than
    /// 16 KiB, and is the strictest known.
    /// </summary>
    public const int MaxFrameBytes = (16 * 1024) - 1;

    /// <summary>The longest sealed blob taken from a server: the greater of the two sizes that there are.</summary>
    public const int MaxBlobBytes = 2_200;

    /// <summary>Tags listened at for each server; a PeerServer needs a connection for each (guess at what operators bear).</summary>
    public const int MaxMeetings = 16;

    /// <summary>Offers that wait while a server is being reached; a newer one for the same tag takes the place of the older.</summary>
    public const int MaxWaitingOffers = 16;

    /// <summary>Messages without sense in a row, after which a server is left for a while.</summary>
    public const int MaxNonsense = 16;

    /// <summary>An offer that could not be handed over for so long is stale.</summary>
    public static readonly TimeSpan OfferLifetime = TimeSpan.FromSeconds(30);

    /// <summary>So long after the last use a connection that nobody needs is closed.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(45);
}
