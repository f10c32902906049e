using Google.Protobuf;
using PeerChat.Rooms.Spreading;

namespace PeerChat.Rooms.Sync;

/// <content>What large rooms say: the overlay's words, announcements, and pushes along trees.</content>
internal sealed partial class FrameBuilder
{
    private static Wire.Frame? TakeSpreading(SyncLink link)
    {
        if (link.Spread.TakeWord() is { } word)
        {
            return new Wire.Frame { Overlay = OverlayCodec.Write(word) };
        }

        if (link.Spread.TakeTrees() is { Count: > 0 } trees)
        {
            return new Wire.Frame
            {
                Tree = new Wire.TreeChanges
                {
                    Changes =
                    {
                        trees.Select(one => new Wire.TreeChange
                        {
                            Author = ByteString.CopyFrom(one.Tree.Origin.ToArray()),
                            IsOwn = one.Tree.IsOwn,
                            IsEager = one.IsEager,
                        }),
                    },
                },
            };
        }

        if (link.Spread.TakePulls() is { Count: > 0 } pulls)
        {
            return new Wire.Frame { Pulled = OverlayCodec.Write(pulls) };
        }

        return link.Spread.TakeAnnouncements() is { Count: > 0 } announced
            ? new Wire.Frame { Announced = OverlayCodec.Write(announced) }
            : null;
    }

    // What the peer has by now is not pushed, and what does not fit one frame is left to sync.
    private (List<StoredEntry> Entries, int Round)? TakePushed(SyncLink link)
    {
        while (link.Spread.TakePush() is { } push)
        {
            if (!room.Authors.TryGet(push.Author, out var author) || push.Range.From > author.LastGoodSeq)
            {
                continue;
            }

            var from = link.Known.TryGetValue(push.Author, out var known)
                ? Math.Max(push.Range.From, known.Seq + 1)
                : push.Range.From;
            if (from <= push.Range.To && ReadSigned(author, push.Range with { From = from }) is { } entries)
            {
                return (entries, push.Round);
            }
        }

        return null;
    }
}
