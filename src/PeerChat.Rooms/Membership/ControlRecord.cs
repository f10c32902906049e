using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>A control entry without its payload, as it is synced: only epochs have one, and membership does not need it.</summary>
/// <param name="Header">The header.</param>
/// <param name="Signature">The verified signature.</param>
internal sealed record ControlRecord(EntryHeader Header, ReadOnlyMemory<byte> Signature);
