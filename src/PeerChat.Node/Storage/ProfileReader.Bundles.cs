using PeerChat.Rooms;
using PeerChat.Rooms.Bundles;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node;

/// <content>Bundles: chats in files.</content>
public sealed partial class ProfileReader
{
    // Secrets of the room from before the last removals: the sender may not know the newest yet
    private const int OlderRoomSecrets = 64;

    /// <summary>A chat as the pieces of a bundle, made as they are asked for.</summary>
    /// <exception cref="NodeStartException">There is no such chat.</exception>
    internal (string Chat, IEnumerable<ReadOnlyMemory<byte>> Pieces) ExportBundle(
        string? person,
        string? room
    )
    {
        var (chat, opened) = person is not null ? OpenDirect(person) : OpenRoom(room!);
        var keys = opened
            .BundleKeys()
            .Concat(person is not null ? [_self.PairWith(FindContact(person).Identity).Signal.BundleKey] : [])
            .DistinctBy(key => Convert.ToHexString(key.Span), StringComparer.Ordinal)
            .ToList();
        return keys.Count > 0
            ? (chat, Pieces(opened, keys))
            : throw new NodeStartException(
                NodeStartFailure.Usage,
                "Nobody else belongs to this room yet, so nobody could open the bundle."
            );
    }

    /// <summary>The secrets that open bundles for this profile: of its contacts, of its rooms and of their members.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> BundleKeys()
    {
        foreach (var contact in _contacts.All.Where(contact => !contact.Record.IsBlocked))
        {
            yield return _self.PairWith(contact.Identity).Signal.BundleKey;
        }

        foreach (var (_, room) in AllRooms())
        {
            foreach (var r in room.Rendezvous(OlderRoomSecrets))
            {
                yield return SignalKeys.From(r.Span).BundleKey;
            }

            foreach (var key in room.BundleKeys())
            {
                yield return key;
            }
        }
    }

    /// <summary>The chat of a room; null where this profile does not have it.</summary>
    internal string? ChatOf(RoomId id) =>
        _contacts.All.FirstOrDefault(contact => _self.PairWith(contact.Identity).DirectRoomId == id)
            is { } direct
            ? ChatKeyOf(direct)
            : AllRooms().FirstOrDefault(room => room.Room.Id == id).Chat;

    private IEnumerable<ReadOnlyMemory<byte>> Pieces(
        Room room,
        IReadOnlyCollection<ReadOnlyMemory<byte>> keys
    )
    {
        var writer = new BundleWriter(room.Id, _self.PeerId, keys, _entropy);
        yield return writer.Start;
        foreach (var frame in room.ExportFrames(_clock.Now, _clock.WallNow))
        {
            yield return writer.Frame(frame);
        }

        yield return writer.End();
    }
}
