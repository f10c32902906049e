namespace PeerChat.Tui.Output;

/// <summary>What came of a repair, as a JSON line.</summary>
internal sealed record JsonRepair(
    int V,
    string Type,
    bool Sound,
    int Contacts,
    bool ContactsDamaged,
    int RecoveredContacts,
    int Rooms,
    int Entries,
    int Dropped,
    int DamagedRows,
    string? KeptAs
);
