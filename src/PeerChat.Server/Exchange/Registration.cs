using PeerChat.Primitives;

namespace PeerChat.Server.Exchange;

/// <summary>An id in use: who proved it, over which connection, and when it was last heard.</summary>
/// <param name="id">The id.</param>
/// <param name="token">What proves that it is the same holder.</param>
/// <param name="address">Against whose limit it counts.</param>
/// <param name="budget">Its rate.</param>
internal sealed class Registration(string id, string token, string address, TokenBucket budget)
{
    /// <summary>The id.</summary>
    public string Id => id;

    /// <summary>What proves that it is the same holder.</summary>
    public string Token => token;

    /// <summary>Against whose limit it counts.</summary>
    public string Address => address;

    /// <summary>Its rate.</summary>
    public TokenBucket Budget => budget;

    /// <summary>The connection's number.</summary>
    public required int Socket { get; init; }

    /// <summary>When it last said something.</summary>
    public Instant LastHeard { get; set; }

    /// <summary>Messages above its rate, until it has been quiet.</summary>
    public int Excess { get; set; }

    /// <summary>Messages without sense.</summary>
    public int Nonsense { get; set; }
}
