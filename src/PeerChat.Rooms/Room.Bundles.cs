using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Sync;

namespace PeerChat.Rooms;

/// <content>Bundles: what goes over a link, in a file, between members who are never there at the same time.</content>
public sealed partial class Room
{
    private const int BundleLink = int.MinValue; // the host counts from 0

    /// <summary>
    /// The secrets that open a bundle of this room, sub(K, bundle): that of the room's newest epoch, and those shared with each member's
    /// person, for who missed an epoch. Not of older epochs, which somebody removed may hold.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> BundleKeys()
    {
        var keys = new List<ReadOnlyMemory<byte>>();
        keys.AddRange(Rendezvous(1).Select(r => Signalling.SignalKeys.From(r.Span).BundleKey));
        keys.AddRange(
            Members
                .Select(member => member.Person)
                .DistinctBy(person => person.PeerId)
                .Where(person => person.PeerId != _state.Self.PeerId)
                .Select(person => _state.Self.PairWith(person).Signal.BundleKey)
        );
        return keys;
    }

    /// <summary>All that one has of the room as frames, with one's own have statement, as they would go to a member who has nothing.</summary>
    /// <remarks>Nothing counts as handed over by it: whether the file ever arrives is told by the other's statement.</remarks>
    public IEnumerable<ReadOnlyMemory<byte>> ExportFrames(Instant now, WallTime wall)
    {
        WriteHave(now, wall);
        var link = new SyncLink(BundleLink, _state.Self.PeerId, nextOwnSeq: 1) { OwesOwnHave = true };
        foreach (var author in _state.Authors.All)
        {
            _ = author.Profile is not null && link.ProfilesOwed.Add(author.Id);
            _ = !author.ForkProof.IsEmpty && link.ForksOwed.Add(author.Id);
            if (author != _state.Own.Log && author.HeadSeq > 0)
            {
                link.Serving.Add(new Asked(author.Id, new SeqRange(1, author.HeadSeq)));
            }
        }

        link.HavesOwed.UnionWith(_receipts.Authors.Where(author => author != _state.Own.Id));
        foreach (var record in _state.Controls?.Set.All ?? [])
        {
            link.ControlsOwed.Add((record.Header.Clock, record.Header.Id));
        }

        while (_frames.TryTake(link, writable: true, out var frame, out _))
        {
            yield return frame.Bytes;
        }
    }

    /// <summary>Takes in frames that did not come over a link; each is checked as if it had.</summary>
    /// <param name="from">Who says that they exported them.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="now">The time.</param>
    /// <param name="wall">The time of day.</param>
    /// <returns>How many entries are new here; null where a frame broke the protocol, after which nothing more was taken.</returns>
    public int? TakeFrames(PeerId from, IEnumerable<ReadOnlyMemory<byte>> frames, Instant now, WallTime wall)
    {
        if (!_state.Rules.Admits(from))
        {
            return null;
        }

        var before = _state.TotalEntries;
        var link = new SyncLink(BundleLink, from, nextOwnSeq: ulong.MaxValue);
        _replication.Add(link);
        foreach (var frame in frames)
        {
            if (link.IsEnded)
            {
                break;
            }

            HandleFrame(BundleLink, frame.Span, now, wall);
        }

        var isBroken = link.IsEnded;
        RemoveLink(BundleLink, now, wall);
        return isBroken ? null : (int)(_state.TotalEntries - before);
    }
}
