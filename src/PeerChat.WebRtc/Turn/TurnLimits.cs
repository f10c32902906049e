namespace PeerChat.WebRtc.Turn;

/// <summary>The limits and times of the clients of STUN and TURN servers, each with its origin.</summary>
internal static class TurnLimits
{
    /// <summary>First wait for an answer by UDP (RFC 8489 section 6.2.1).</summary>
    public static readonly TimeSpan FirstRetransmission = TimeSpan.FromMilliseconds(500);

    /// <summary>A server that says nothing for so long is given up for now; the RFC's 39.5 s would be longer than anybody waits.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How often one request is made anew because the server wants another nonce or realm (RFC 8489 section 9.2.5).</summary>
    public const int MaxChallenges = 2;

    /// <summary>What is asked for and taken at most: a server may not have an allocation outlast its user by more (guess).</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(1);

    /// <summary>A permission lasts 300 s (RFC 8656 section 9); it is renewed with a minute to spare.</summary>
    public static readonly TimeSpan PermissionRenewal = TimeSpan.FromSeconds(240);

    /// <summary>A peer that nothing went to or came from for so long has its permission run out.</summary>
    public static readonly TimeSpan PeerIdle = TimeSpan.FromSeconds(300);

    /// <summary>A peer that the server refuses to relay to is not asked for again for so long.</summary>
    public static readonly TimeSpan DenialPause = TimeSpan.FromSeconds(60);

    /// <summary>Peers of one allocation at once: the pairs of a few connections that are being made (guess).</summary>
    public const int MaxPeers = 256;

    /// <summary>Datagrams kept for a peer whose permission is on its way: a check, an offer, and their repetitions.</summary>
    public const int MaxHeldPerPeer = 4;

    /// <summary>The first and last number of a channel (RFC 8656 section 12).</summary>
    public const int FirstChannel = 0x4000;

    /// <inheritdoc cref="FirstChannel"/>
    public const int LastChannel = 0x4FFF;

    /// <summary>The longest datagram that is relayed: what fits a STUN length with the attributes beside it.</summary>
    public const int MaxPayload = 65_000;

    /// <summary>So many refreshes in a row without an answer mean that the server, or the way to it, is gone.</summary>
    public const int MaxMissedRefreshes = 2;

    /// <summary>
    /// Between signs of life to a server: a NAT keeps the way open so long (RFC 8445 section 11 says 15 s or more), and the end of a server is
    /// noticed while connections still hope. An allocation is refreshed so often although it lasts longer.
    /// </summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(25);

    /// <summary>Before a server that failed is asked again; doubles with each failure.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait before that.</summary>
    public static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Credentials are replaced when so much of their life is over: while the old ones still give the old relay back, and with time for a
    /// second attempt where none come.
    /// </summary>
    public const double RenewalShare = 0.75;

    /// <summary>STUN and TURN servers in use; a user has one or two (guess).</summary>
    public const int MaxServers = 8;

    /// <summary>Candidates from servers; with the host's own they stay within one offer (guess).</summary>
    public const int MaxGathered = 16;

    /// <summary>A server that has not answered by UDP so long is asked by TCP too: after the first repetition, so that one lost datagram is none.</summary>
    public static readonly TimeSpan TcpFallbackDelay = TimeSpan.FromMilliseconds(700);

    /// <summary>An offer waits for servers that have not answered so long at most: <see cref="TcpFallbackDelay"/> and four round trips of 200 ms.</summary>
    public static readonly TimeSpan GatheringPatience = TimeSpan.FromMilliseconds(1500);
}
