namespace PeerChat.Tui.Output;

/// <summary>How the node is, in JSON output.</summary>
internal sealed record JsonStatus(
    int V,
    string Type,
    string Name,
    string Id,
    string ShortId,
    string Version,
    int ProcessId,
    string StartedAt,
    string Profile,
    string[] Interfaces,
    int Port,
    bool? AnnouncesName,
    int Chats,
    int Connected,
    int Queued,
    int Requests,
    long DroppedDatagrams,
    JsonFace[] Faces,
    bool RelayOnly,
    bool HidesAddresses,
    int Relayed,
    JsonMemberRelay[] MemberRelays,
    int Relaying,
    JsonServer[] Servers,
    JsonService[] Services
);
