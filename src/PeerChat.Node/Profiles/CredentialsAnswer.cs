using PeerChat.WebRtc;

namespace PeerChat.Node.Profiles;

/// <summary>What came of asking for a user name and password.</summary>
/// <param name="Credentials">Both; null where there are none.</param>
/// <param name="Problem">Why there are none, to follow a colon; otherwise empty.</param>
internal sealed record CredentialsAnswer(TurnCredentials? Credentials, string Problem);
