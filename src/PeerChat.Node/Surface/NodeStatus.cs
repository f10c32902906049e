namespace PeerChat.Node;

/// <summary>How a node is.</summary>
/// <param name="Name">One's own name.</param>
/// <param name="PeerId">One's own full id.</param>
/// <param name="ShortId">Its short form, for display only.</param>
/// <param name="Version">The program's version.</param>
/// <param name="ProcessId">The process that runs the node.</param>
/// <param name="StartedUnixMilliseconds">When it began, by this machine's clock.</param>
/// <param name="Profile">The profile's folder.</param>
/// <param name="Interfaces">The interfaces in use.</param>
/// <param name="Port">The UDP port that offers may be sent to.</param>
/// <param name="AnnouncesName">Whether the name is announced on the network; null where the user was not asked yet.</param>
/// <param name="Chats">How many chats are open.</param>
/// <param name="Connected">How many people are reachable now.</param>
/// <param name="Queued">One's own messages that nobody else has yet.</param>
/// <param name="Requests">First-contact requests that wait for an answer.</param>
/// <param name="DroppedDatagrams">Datagrams that made no sense or belonged to nobody.</param>
/// <param name="Faces">Who is attached, oldest first.</param>
/// <param name="RelayOnly">Whether nobody is given an address of this machine.</param>
/// <param name="HidesAddresses">Whether only who is on the same network is given the addresses of this machine.</param>
/// <param name="Relayed">How many of the people reachable now are reached through a TURN server or a member.</param>
/// <param name="MemberRelays">Who is reached through a member, and through whom.</param>
/// <param name="Relaying">Pairs of members between whom this node passes sealed packets on.</param>
/// <param name="Servers">The STUN and TURN servers in use.</param>
/// <param name="Services">The PeerServers and trackers in use.</param>
public sealed record NodeStatus(
    string Name,
    string PeerId,
    string ShortId,
    string Version,
    int ProcessId,
    long StartedUnixMilliseconds,
    string Profile,
    string[] Interfaces,
    int Port,
    bool? AnnouncesName,
    int Chats,
    int Connected,
    int Queued,
    int Requests,
    long DroppedDatagrams,
    FaceSummary[] Faces,
    bool RelayOnly,
    bool HidesAddresses,
    int Relayed,
    MemberRelaySummary[] MemberRelays,
    int Relaying,
    ServerSummary[] Servers,
    ServiceSummary[] Services
);
