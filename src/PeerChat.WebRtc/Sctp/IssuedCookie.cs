using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp;

/// <summary>A cookie that we gave out with INIT ACK, and the state that it stands for.</summary>
/// <remarks>
/// RFC 9260 section 5.1.3 puts the state into the cookie, so that a flood of INITs costs no memory. Inside DTLS there is one
/// peer, whom DTLS authenticated; so the state stays here and the cookie is a random number.
/// </remarks>
/// <param name="Value">The cookie.</param>
/// <param name="LocalTag">The tag that INIT ACK announced as ours.</param>
/// <param name="PeerInit">The INIT that it answers.</param>
/// <param name="PeerFeatures">The extensions that it announced.</param>
/// <param name="IssuedAt">When.</param>
internal sealed record IssuedCookie(
    byte[] Value,
    VerificationTag LocalTag,
    InitChunk PeerInit,
    PeerFeatures PeerFeatures,
    Instant IssuedAt
)
{
    /// <summary>Bytes of a cookie: more than can be guessed.</summary>
    public const int Size = 16;

    /// <summary>How long a cookie is good (RFC 9260 section 16: Valid.Cookie.Life).</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    /// <summary>Whether this is the cookie that came back.</summary>
    public bool Matches(ReadOnlySpan<byte> echoed) => echoed.SequenceEqual(Value);
}
