using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Spreading;
using PeerChat.Rooms.Sync;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms;

/// <content>
/// Rooms in which not everybody is linked to everybody: HyParView decides who is, Plumtree what is pushed over which link. Sync stays
/// the truth: whatever is dropped here comes by it.
/// </content>
public sealed partial class Room
{
    /// <summary>How long what a neighbour has is waited for in a large room before it is asked for: twice as long as the tree takes to mend itself.</summary>
    internal static readonly TimeSpan TreeGrace = Plumtree.LeastPatience * 5;

    private readonly Dictionary<EntryId, SeqRange> _spreading = [];
    private HyParView? _overlay;
    private Plumtree? _tree;
    private Instant _spreadNow;

    /// <summary>Whether members are linked sparsely where there are more than a few.</summary>
    public bool HasOverlay => _overlay is not null;

    /// <summary>Whether there are so many members that they are linked sparsely now.</summary>
    public bool IsSparse => _overlay is { IsMesh: false };

    /// <summary>How many members one wants to be linked to.</summary>
    public int WantedLinks => IsSparse ? HyParView.ActiveSize : HyParView.MeshSize - 1;

    /// <summary>
    /// Below how many links the host dials whomever it finds. In a large room that is half of what is wanted: the overlay looks for the
    /// rest, and asks before it takes somebody who has enough.
    /// </summary>
    public int DialBelow => IsSparse ? HyParView.ActiveSize / 2 : HyParView.MeshSize - 1;

    /// <summary>Links members sparsely from now on, where there are more than a few; not in direct chats.</summary>
    /// <param name="contact">What the hosts of others need to reach this one.</param>
    public void UseOverlay(ReadOnlyMemory<byte> contact)
    {
        if (!_state.Rules.IsDirect && _overlay is null)
        {
            _overlay = new HyParView(_state.Self.PeerId, _state.Entropy) { Contact = contact };
            _tree = new Plumtree();
        }
    }

    /// <summary>Whether whoever is reached by a contact is known already, so that the room decides whether a link is wanted.</summary>
    public bool KnowsContact(ReadOnlySpan<byte> contact)
    {
        foreach (var peer in _overlay?.Known ?? [])
        {
            if (peer.Contact.Span.SequenceEqual(contact))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the room has a use for a link; the host may close one of which no chat has any.</summary>
    public bool NeedsLink(int link) =>
        _replication.Find(link) is { } found
        && (_overlay is null || found.Peer == _state.Self.PeerId || _overlay.Needs(found.Peer));

    private void Introduce(PeerId peer, Instant now)
    {
        if (_overlay is not null)
        {
            _spreadNow = now;
            _overlay.HandleLinked(peer, now);
            _overlay.Introduce(new OverlayPeer(peer, default), now);
            PumpOverlay();
        }
    }

    private void Lose(PeerId peer, Instant now)
    {
        if (_overlay is not null && LinkTo(peer) is null)
        {
            _spreadNow = now;
            _overlay.HandleUnlinked(peer, now);
            PumpOverlay();
        }
    }

    private void HandleSpreadDeadline(Instant now)
    {
        _spreadNow = now;
        if (_overlay?.NextDeadline <= now)
        {
            _overlay.HandleDeadline(now);
        }

        if (_tree?.NextDeadline <= now)
        {
            _tree.HandleDeadline(now);
        }
    }

    private PeerMisbehaviour? HandleOverlay(SyncLink link, Wire.Overlay body, Instant now)
    {
        if (!OverlayCodec.TryRead(body, out var message))
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        if (message is not null && _overlay is not null && MaySpread(link))
        {
            if (message is OverlayMessage.Join or OverlayMessage.Neighbour)
            {
                _overlay.HandleLinked(link.Peer, now); // a link that was let go and still stands
            }

            _overlay.HandleMessage(link.Peer, message, now);
        }

        return null;
    }

    private PeerMisbehaviour? HandleAnnounced(SyncLink link, Wire.Announcements body, Instant now)
    {
        if (!OverlayCodec.TryRead(body, out var messages))
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        if (_tree is null || !MaySpread(link))
        {
            return null;
        }

        foreach (var message in messages)
        {
            if (_state.Store.Find(new EntryId(message.Id)) is not null)
            {
                _tree.Note(message.Id, now); // came by sync, or within a longer range
            }
        }

        _tree.HandleAnnounce(link.Peer, messages, now);
        return null;
    }

    private PeerMisbehaviour? HandlePulled(SyncLink link, Wire.Announcements body)
    {
        if (!OverlayCodec.TryRead(body, out var messages))
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        foreach (var message in messages)
        {
            if (_state.Store.Find(new EntryId(message.Id)) is { } entry && entry.Room == Id)
            {
                link.Spread.Push(
                    entry.Author,
                    new SeqRange(entry.Seq, entry.Seq),
                    Math.Max(1, message.Round)
                );
            }
        }

        return null;
    }

    private PeerMisbehaviour? HandleTree(SyncLink link, Wire.TreeChanges body)
    {
        if (
            body.Changes.Count > SpreadDebts.MaxWords
            || body.Changes.Any(c => c.Author.Length != Bytes32.Size)
        )
        {
            return PeerMisbehaviour.MalformedFrame;
        }

        foreach (var change in _tree is null ? [] : body.Changes)
        {
            var tree = new TreeOf(new Bytes32(change.Author.Span), change.IsOwn);
            if (change.IsEager)
            {
                _tree!.HandleGraft(link.Peer, tree);
            }
            else
            {
                _tree!.HandlePrune(link.Peer, tree);
            }
        }

        return null;
    }

    // The last entry of a range is what trees know it by: the one that is signed.
    private void Spread(SyncLink link, ReceivedRange range, uint round, IntakeResult result, Instant now)
    {
        if (_tree is null || !IsSparse || result.IsNotYet)
        {
            return;
        }

        var last = range.Last.Id;
        if (round == 0)
        {
            _tree.Note(last.Value, now);
            return;
        }

        if (result.Stored.Count > 0)
        {
            _spreading[last] = new SeqRange(result.Stored[0].Entry.Seq, range.Last.Seq);
        }
        else
        {
            // The tree would take an entry that came by sync for news, and pass it on once more.
            _tree.NoteStored(last.Value, now);
        }

        var hops = (int)Math.Min(round, Plumtree.MaxRounds);
        _tree.HandlePush(link.Peer, new Announcement(last.Value, range.Author.Value, hops), now);
    }

    private void SpreadOwn(StoredEntry entry)
    {
        if (_tree is not null && IsSparse)
        {
            // Every link gets it unasked; the tree only has to know.
            _tree.NoteStored(entry.Id.Value, _spreadNow);
        }
    }

    private void PumpOverlay()
    {
        if (_overlay is null || _tree is null)
        {
            return;
        }

        while (_overlay.TryTakeAction(out var action))
        {
            Do(action);
        }

        _replication.Grace = _overlay.IsMesh ? Replication.PushGrace : TreeGrace;
        _tree.RoundTripTime = _overlay.RoundTripTime;
        while (_tree.TryTakeAction(out var action))
        {
            Do(action);
        }

        _spreading.Clear();
    }

    private void Do(OverlayAction action)
    {
        switch (action)
        {
            case OverlayAction.Send send:
                LinkTo(send.To)?.Spread.Say(send.Message);
                break;
            case OverlayAction.Connect connect when LinkTo(connect.Peer.Id) is not null:
                _overlay!.HandleLinked(connect.Peer.Id, _spreadNow);
                break;
            case OverlayAction.Connect connect:
                _state.Emit(new RoomEvent.LinkWanted(connect.Peer.Id, connect.Peer.Contact));
                break;
            case OverlayAction.NeighbourUp up:
                _tree!.AddPeer(up.Peer);
                if (LinkTo(up.Peer) is { } link)
                {
                    link.OwesOwnHave = true;
                }

                break;
            case OverlayAction.NeighbourDown down:
                _tree!.RemovePeer(down.Peer);
                break;
            default:
                break; // a link that is needed no more is closed by the host, which knows who else needs it
        }
    }

    private void Do(GossipAction action)
    {
        if (LinkTo(action.To) is not { } link)
        {
            return;
        }

        switch (action)
        {
            case GossipAction.Push push
                when _spreading.TryGetValue(new EntryId(push.Message.Id), out var range):
                link.Spread.Push(new AuthorId(push.Message.Origin), range, push.Message.Round);
                break;
            case GossipAction.Announce announce:
                foreach (var message in announce.Messages)
                {
                    link.Spread.Announce(message);
                }

                break;
            case GossipAction.Pull pull:
                link.Spread.Pull(pull.Message);
                break;
            case GossipAction.Graft graft:
                link.Spread.Change(graft.Tree, true);
                break;
            case GossipAction.Prune prune:
                link.Spread.Change(prune.Tree, false);
                break;
            default:
                break;
        }
    }

    private SyncLink? LinkTo(PeerId peer) =>
        _replication.Links.LastOrDefault(link => link.Peer == peer && !link.IsEnded);

    private bool MaySpread(SyncLink link) => _state.Rules.Serves(link.Peer, _state.Authors);
}
