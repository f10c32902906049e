using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp;

/// <summary>The number by which a receiver knows that a packet belongs to its association (RFC 9260 section 8.5).</summary>
/// <param name="Value">The number as it stands on the wire.</param>
internal readonly record struct VerificationTag(uint Value)
{
    /// <summary>The tag of a packet with an INIT chunk; never the tag of an association.</summary>
    public static VerificationTag Zero => default;

    /// <summary>Draws a tag for a new association.</summary>
    public static VerificationTag Draw(IEntropy entropy)
    {
        var value = entropy.NextUInt32();
        return new VerificationTag(value == 0 ? 1 : value);
    }
}
