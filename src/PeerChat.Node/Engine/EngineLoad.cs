namespace PeerChat.Node.Engine;

/// <summary>How much an engine holds at the moment of everything that others can make it hold.</summary>
/// <param name="Links">Connections, whatever their state.</param>
/// <param name="Offers">Own offers without an answer.</param>
/// <param name="Requests">Requests that wait for the user.</param>
/// <param name="Parked">Offers that wait for a derivation.</param>
/// <param name="BareNames">Names derived or being derived.</param>
/// <param name="Neighbours">Nodes known on the network.</param>
/// <param name="EarlyBytes">Room traffic kept for rooms that are not known to be common yet.</param>
internal readonly record struct EngineLoad(
    int Links,
    int Offers,
    int Requests,
    int Parked,
    int BareNames,
    int Neighbours,
    int EarlyBytes
);
