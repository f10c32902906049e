using PeerChat.Primitives;
using PeerChat.Rooms.Epochs;

namespace PeerChat.Rooms.Log;

/// <summary>Whether the control bytes and the payload of an entry have the form of its kind.</summary>
internal static class ControlBytes
{
    /// <summary>Whether the control bytes alone have the form of their kind, as they are synced without the payload.</summary>
    public static bool AreWellFormed(EntryHeader header) =>
        header.Kind == EntryKind.Epoch
            ? EpochControl.TryParse(header.Control.Span, out _)
            : AreWellFormed(header, default);

    /// <summary>True for kinds whose form is not fixed yet.</summary>
    public static bool AreWellFormed(EntryHeader header, ReadOnlySpan<byte> payload) =>
        header.Kind switch
        {
            EntryKind.Genesis => GenesisControl.TryParse(header.Control.Span, out var genesis)
                && AuthorKey.IdOf(genesis.Key) == header.Author,
            EntryKind.Add => AddControl.TryParse(header.Control.Span, out _),
            EntryKind.Promote => PromoteControl.TryParse(header.Control.Span, out _),
            EntryKind.Demote or EntryKind.Remove => CutControl.TryParse(header.Control.Span, out _),
            EntryKind.Policy => PolicyControl.TryParse(header.Control.Span, out _),
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
