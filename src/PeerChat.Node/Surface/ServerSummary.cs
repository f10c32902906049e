namespace PeerChat.Node;

/// <summary>A STUN or TURN server that the user named.</summary>
/// <param name="Server">Its URI without user name and password.</param>
/// <param name="Address">The address it gave: as it sees this machine, or on the relay; empty where it gave none.</param>
/// <param name="Problem">Why it gave none, as the end of a sentence that begins with its name; empty while it is being asked.</param>
public sealed record ServerSummary(string Server, string Address, string Problem);
