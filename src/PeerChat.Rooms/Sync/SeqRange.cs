namespace PeerChat.Rooms.Sync;

/// <summary>Entries of one log from one number to another, both included.</summary>
internal readonly record struct SeqRange(ulong From, ulong To);
