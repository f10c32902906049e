using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>One DATA chunk that the peer has not acknowledged cumulatively.</summary>
internal struct OutstandingChunk
{
    /// <summary>The message it is part of.</summary>
    public OutgoingMessage Message;

    /// <summary>Where in the message it begins.</summary>
    public int Offset;

    /// <summary>Its payload's length.</summary>
    public int Length;

    /// <summary>Its place among the chunks of the message; zero is the first.</summary>
    public int FragmentNumber;

    /// <summary>When it was last transmitted.</summary>
    public Instant SentAt;

    /// <summary>The place of its last transmission among all transmissions.</summary>
    public long SendOrder;

    /// <summary>How often it was transmitted.</summary>
    public int Transmissions;

    /// <summary>Where it stands.</summary>
    public OutstandingState State;
}
