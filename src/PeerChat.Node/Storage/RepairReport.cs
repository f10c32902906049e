namespace PeerChat.Node;

/// <summary>What came of a repair.</summary>
/// <param name="IsSound">Whether nothing was wrong; then nothing was changed.</param>
/// <param name="Contacts">Contacts that are in the new history.</param>
/// <param name="ContactsAreDamaged">Whether the list of contacts was damaged, so that some may be missing or came back by their chats.</param>
/// <param name="RecoveredContacts">Contacts among them that came back by the chats with them: without petname, verification or block.</param>
/// <param name="Rooms">Rooms that are in it.</param>
/// <param name="Entries">Entries that are in it.</param>
/// <param name="Dropped">Whole entries that were left out because others before them are gone; they come again with those.</param>
/// <param name="DamagedRows">Rows that were damaged, as far as they can be counted.</param>
/// <param name="KeptAs">Where the damaged history lies now; empty where nothing was wrong.</param>
public sealed record RepairReport(
    bool IsSound,
    int Contacts,
    bool ContactsAreDamaged,
    int RecoveredContacts,
    int Rooms,
    int Entries,
    int Dropped,
    int DamagedRows,
    string KeptAs
);
