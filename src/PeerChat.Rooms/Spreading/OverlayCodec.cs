using Google.Protobuf;
using Google.Protobuf.Collections;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Spreading;

/// <summary>The messages of HyParView and Plumtree as frames carry them.</summary>
internal static class OverlayCodec
{
    /// <summary>Writes what HyParView says.</summary>
    public static Wire.Overlay Write(OverlayMessage message) =>
        message switch
        {
            OverlayMessage.Join join => new Wire.Overlay { Join = Bytes(join.Contact) },
            OverlayMessage.ForwardJoin walk => new Wire.Overlay
            {
                ForwardJoin = new Wire.ForwardJoin
                {
                    Newcomer = Write(walk.Newcomer),
                    TimeToLive = (uint)walk.TimeToLive,
                },
            },
            OverlayMessage.Neighbour neighbour => new Wire.Overlay
            {
                Neighbour = new Wire.Neighbour
                {
                    IsHigh = neighbour.IsHigh,
                    Contact = Bytes(neighbour.Contact),
                },
            },
            OverlayMessage.NeighbourReply reply => new Wire.Overlay
            {
                NeighbourReply = new Wire.NeighbourReply
                {
                    Accepted = reply.Accepted,
                    Contact = Bytes(reply.Contact),
                },
            },
            OverlayMessage.Disconnect => new Wire.Overlay { Disconnect = new Wire.Disconnect() },
            OverlayMessage.Shuffle shuffle => new Wire.Overlay
            {
                Shuffle = new Wire.Shuffle
                {
                    Nonce = shuffle.Nonce,
                    TimeToLive = (uint)shuffle.TimeToLive,
                    Peers = { shuffle.Peers.Select(Write) },
                },
            },
            OverlayMessage.ShuffleReply reply => new Wire.Overlay
            {
                ShuffleReply = new Wire.ShuffleReply
                {
                    Nonce = reply.Nonce,
                    Peers = { reply.Peers.Select(Write) },
                },
            },
            _ => throw new ArgumentException("This is said by no overlay.", nameof(message)),
        };

    /// <summary>Reads what HyParView says; null where the sizes are wrong. What a later version says is nothing, and not wrong.</summary>
    public static bool TryRead(Wire.Overlay body, out OverlayMessage? message)
    {
        message = null;
        switch (body.BodyCase)
        {
            case Wire.Overlay.BodyOneofCase.Join when IsContact(body.Join):
                message = new OverlayMessage.Join(body.Join.Memory);
                return true;
            case Wire.Overlay.BodyOneofCase.ForwardJoin
                when TryRead(body.ForwardJoin.Newcomer, out var newcomer):
                message = new OverlayMessage.ForwardJoin(
                    newcomer,
                    (int)Math.Min(body.ForwardJoin.TimeToLive, HyParView.JoinWalk)
                );
                return true;
            case Wire.Overlay.BodyOneofCase.Neighbour when IsContact(body.Neighbour.Contact):
                message = new OverlayMessage.Neighbour(body.Neighbour.IsHigh, body.Neighbour.Contact.Memory);
                return true;
            case Wire.Overlay.BodyOneofCase.NeighbourReply when IsContact(body.NeighbourReply.Contact):
                message = new OverlayMessage.NeighbourReply(
                    body.NeighbourReply.Accepted,
                    body.NeighbourReply.Contact.Memory
                );
                return true;
            case Wire.Overlay.BodyOneofCase.Disconnect:
                message = new OverlayMessage.Disconnect();
                return true;
            case Wire.Overlay.BodyOneofCase.Shuffle when TryRead(body.Shuffle.Peers, out var peers):
                message = new OverlayMessage.Shuffle(
                    body.Shuffle.Nonce,
                    (int)Math.Min(body.Shuffle.TimeToLive, HyParView.ShuffleWalk),
                    peers
                );
                return true;
            case Wire.Overlay.BodyOneofCase.ShuffleReply when TryRead(body.ShuffleReply.Peers, out var peers):
                message = new OverlayMessage.ShuffleReply(body.ShuffleReply.Nonce, peers);
                return true;
            default:
                return body.BodyCase == Wire.Overlay.BodyOneofCase.None;
        }
    }

    /// <summary>Writes announcements, or what is pulled.</summary>
    public static Wire.Announcements Write(IEnumerable<Announcement> messages) =>
        new()
        {
            Messages =
            {
                messages.Select(one => new Wire.Announcement
                {
                    Entry = ByteString.CopyFrom(one.Id.ToArray()),
                    Author = ByteString.CopyFrom(one.Origin.ToArray()),
                    Round = (uint)one.Round,
                }),
            },
        };

    /// <summary>Reads announcements, or what is pulled; false where sizes or numbers are wrong.</summary>
    public static bool TryRead(Wire.Announcements body, out IReadOnlyList<Announcement> messages)
    {
        messages = [];
        if (
            body.Messages.Count > Plumtree.MaxAnnounced
            || body.Messages.Any(one => one.Entry.Length != Bytes32.Size || one.Author.Length != Bytes32.Size)
        )
        {
            return false;
        }

        messages =
        [
            .. body.Messages.Select(one => new Announcement(
                new Bytes32(one.Entry.Span),
                new Bytes32(one.Author.Span),
                (int)Math.Min(one.Round, Plumtree.MaxRounds)
            )),
        ];
        return true;
    }

    private static bool TryRead(RepeatedField<Wire.OverlayPeer> body, out IReadOnlyList<OverlayPeer> peers)
    {
        var list = new List<OverlayPeer>();
        peers = list;
        foreach (var one in body)
        {
            if (list.Count == HyParView.MaxPeersInMessage || !TryRead(one, out var peer))
            {
                return false;
            }

            list.Add(peer);
        }

        return true;
    }

    private static bool TryRead(Wire.OverlayPeer? body, out OverlayPeer peer)
    {
        peer = default;
        if (body is null || body.Peer.Length != Bytes32.Size || !IsContact(body.Contact))
        {
            return false;
        }

        peer = new OverlayPeer(new PeerId(new Bytes32(body.Peer.Span)), body.Contact.Memory);
        return true;
    }

    private static Wire.OverlayPeer Write(OverlayPeer peer) =>
        new() { Peer = ByteString.CopyFrom(peer.Id.Value.ToArray()), Contact = Bytes(peer.Contact) };

    private static ByteString Bytes(ReadOnlyMemory<byte> bytes) => ByteString.CopyFrom(bytes.Span);

    private static bool IsContact(ByteString contact) => contact.Length <= HyParView.MaxContactSize;
}
