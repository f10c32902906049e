namespace PeerChat.Node;

/// <summary>Somebody who is reached through a member in common.</summary>
/// <param name="Name">Who is reached.</param>
/// <param name="By">Who relays.</param>
public sealed record MemberRelaySummary(string Name, string By);
