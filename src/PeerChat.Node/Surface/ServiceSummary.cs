namespace PeerChat.Node;

/// <summary>A PeerServer or tracker in use.</summary>
/// <param name="Rung"><c>peerserver</c> or <c>tracker</c>.</param>
/// <param name="Endpoint">Where it is.</param>
/// <param name="State"><c>idle</c>, <c>connecting</c>, <c>ready</c> or <c>failed</c>.</param>
/// <param name="Problem">What is wrong, as the end of a sentence that begins with its address; empty for nothing.</param>
public sealed record ServiceSummary(string Rung, string Endpoint, string State, string Problem);
