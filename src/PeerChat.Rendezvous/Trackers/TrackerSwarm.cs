using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Trackers;

/// <summary>One tag at a tracker.</summary>
/// <param name="tag">40 hexadecimal digits.</param>
/// <param name="peer">One's own name there: 20 characters of chance, one for each tag, as aquatic wants it.</param>
internal sealed class TrackerSwarm(string tag, string peer)
{
    /// <summary>40 hexadecimal digits.</summary>
    public string Tag => tag;

    /// <summary>One's own name there.</summary>
    public string Peer => peer;

    /// <summary>Whether the tracker was told that one is there.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>When the tracker is to hear again.</summary>
    public Instant NextAnnounce { get; set; }

    /// <summary>Whether one listens; otherwise only an offer waits for its answer.</summary>
    public bool IsListening { get; set; }

    /// <summary>Until when an offer waits for its answer.</summary>
    public Instant? OfferUntil { get; set; }

    /// <summary>How often the offer went out.</summary>
    public int OffersSent { get; set; }

    /// <summary>An offer that goes out with each announcement until it is answered or withdrawn.</summary>
    public ReadOnlyMemory<byte> Waiting { get; set; }
}
