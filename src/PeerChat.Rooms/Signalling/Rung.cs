namespace PeerChat.Rooms.Signalling;

/// <summary>The ways of finding peers; each has tags of its own, so that two services cannot compare what they see.</summary>
public enum Rung
{
    /// <summary>mDNS and UDP on the local network.</summary>
    Lan = 1,

    /// <summary>Remembered or given addresses.</summary>
    Direct = 2,

    /// <summary>A member who is connected to both.</summary>
    Introduction = 3,

    /// <summary>A server of the PeerJS protocol.</summary>
    PeerServer = 4,

    /// <summary>WebTorrent trackers.</summary>
    Tracker = 5,

    /// <summary>A link or offer pasted by hand or scanned.</summary>
    Pasted = 6,

    /// <summary>The Mainline DHT.</summary>
    Dht = 7,
}
