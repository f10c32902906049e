namespace PeerChat.Server.Exchange;

/// <summary>What a client says when it opens its WebSocket.</summary>
/// <param name="Key">The server's key, as the client knows it.</param>
/// <param name="Id">The id it wants.</param>
/// <param name="Token">What it will prove the id with later.</param>
/// <param name="Address">Against whose limit it counts: an IPv4 address, an IPv6 /64.</param>
internal sealed record ConnectRequest(string? Key, string? Id, string? Token, string Address);
