using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc;

/// <summary>What proves to a TURN server who is to pay for a relay, for a while (RFC 8489 section 9.2).</summary>
/// <param name="Username">Who is to pay.</param>
/// <param name="Password">What proves it; never shown.</param>
/// <param name="Lifetime">How long the server takes them; null where nobody said.</param>
public sealed record TurnCredentials(string Username, string Password, TimeSpan? Lifetime)
{
    /// <summary>The longest user name, in bytes (RFC 8489 section 14.3: less than 509). A password may be as long.</summary>
    public const int MaxBytes = LongTermCredentials.MaxUsernameBytes;

    /// <inheritdoc/>
    public override string ToString() => Username; // so that no log shows the password
}
