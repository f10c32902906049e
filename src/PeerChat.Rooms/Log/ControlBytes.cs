using PeerChat.Primitives;
using PeerChat.Rooms.Epochs;

namespace PeerChat.Rooms.Log;

/// <summary>Whether the control bytes and the payload of an entry have the form of its kind.</summary>
internal static class ControlBytes
{
    /// <summary>True for kinds whose form is not fixed yet.</summary>
    public static bool AreWellFormed(EntryHeader header, ReadOnlySpan<byte> payload) =>
        header.Kind switch
        {
            EntryKind.Join => JoinControl.TryParse(header.Control.Span, out var join)
                && AuthorKey.IdOf(join.Key) == header.Author,
            EntryKind.Epoch => EpochControl.TryParse(header.Control.Span, out _)
                && EpochPayload.TryParse(payload, out _),
            EntryKind.Wrap => WrapControl.TryParse(header.Control.Span, out _),
            EntryKind.Key => KeyControl.TryParse(header.Control.Span, out _),
            EntryKind.Recall => header.Control.Length == 2 * Bytes32.Size,
            EntryKind.Leave => header.Control.Length == Bytes32.Size,
            _ => true,
        };
}
