namespace PeerChat.Rooms.Log;

/// <summary>An entry as it came over a link.</summary>
/// <param name="Header">The header.</param>
/// <param name="Payload">The payload; its hash fits the header.</param>
/// <param name="Signature">The signature; empty where the range needs none.</param>
/// <param name="IsWithheld">Whether the payload was left out.</param>
internal sealed record ReceivedEntry(
    EntryHeader Header,
    ReadOnlyMemory<byte> Payload,
    ReadOnlyMemory<byte> Signature,
    bool IsWithheld = false
);
