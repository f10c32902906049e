using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Spreading;

namespace PeerChat.Simulation.Swarm;

/// <summary>Peers, the links between them, and the time they share.</summary>
internal sealed class SwarmNetwork
{
    private static readonly TimeSpan SyncInterval = TimeSpan.FromSeconds(30);
    private readonly SwarmOptions _options;
    private readonly Random _random;

    public SwarmNetwork(SwarmOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        Loss = options.Loss;
        Peers = [.. Enumerable.Range(0, options.Peers).Select(i => new SwarmPeer(i, options.Seed))];
    }

    public VirtualTime Time { get; } = new();

    public IReadOnlyList<SwarmPeer> Peers { get; }

    public List<SwarmMessage> Messages { get; } = [];

    public IEnumerable<SwarmPeer> Alive => Peers.Where(p => p.IsAlive);

    /// <summary>Sides of the network that do not reach each other; null when all do.</summary>
    public Func<SwarmPeer, bool>? Partition { get; set; }

    /// <summary>Share of messages that come a retransmission later.</summary>
    public double Loss { get; set; }

    public Random Random => _random;

    /// <summary>Starts a peer, with somebody to begin with.</summary>
    public void Start(SwarmPeer peer, SwarmPeer? contact)
    {
        peer.Restart(_options.Seed);
        peer.IsAlive = true;
        if (contact is not null)
        {
            peer.Overlay.Introduce(new OverlayPeer(contact.Id, SwarmPeer.ContactOf(contact.Index)), Time.Now);
        }

        Pump(peer);
        ScheduleSync(peer);
    }

    /// <summary>Ends a peer without a word; what it had written stays.</summary>
    public void Crash(SwarmPeer peer)
    {
        peer.IsAlive = false;
        foreach (var link in peer.Links.Values)
        {
            link.IsOpen = false;
            var other = link.Other(peer);
            var life = other.Life;
            var notice = _options.GreatestDetection * (0.2 + (0.8 * _random.NextDouble()));
            Time.After(notice, () => Unlink(other, life, peer.Id, link));
        }

        peer.Links.Clear();
    }

    /// <summary>Ends a peer politely: its links are closed at once.</summary>
    public void Leave(SwarmPeer peer)
    {
        peer.IsAlive = false;
        foreach (var link in peer.Links.Values)
        {
            link.IsOpen = false;
            var other = link.Other(peer);
            var life = other.Life;
            Time.After(link.Delay, () => Unlink(other, life, peer.Id, link));
        }

        peer.Links.Clear();
    }

    public SwarmMessage Write(SwarmPeer author)
    {
        var id = new byte[Bytes32.Size];
        _random.NextBytes(id);
        BinaryPrimitives.WriteInt32BigEndian(id, Messages.Count);
        var message = new SwarmMessage(Messages.Count, author, new Bytes32(id), Time.Now);
        Messages.Add(message);
        author.Keep(message.Number);
        message.Arrivals.Add((author, Time.Now));
        author.Tree.Broadcast(message.Id, author.Id.Value, Time.Now);
        Pump(author);
        return message;
    }

    private void Pump(SwarmPeer peer)
    {
        for (var isMoving = true; isMoving; )
        {
            isMoving = false;
            while (peer.Overlay.TryTakeAction(out var action))
            {
                isMoving = true;
                Do(peer, action);
            }

            peer.Tree.RoundTripTime = peer.Overlay.RoundTripTime;
            while (peer.Tree.TryTakeAction(out var action))
            {
                isMoving = true;
                Do(peer, action);
            }
        }

        ScheduleWake(peer);
    }

    private void ScheduleWake(SwarmPeer peer)
    {
        if (
            Instant.Earliest(peer.Overlay.NextDeadline, peer.Tree.NextDeadline) is not { } next
            || peer.WakeAt <= next
        )
        {
            return;
        }

        var life = peer.Life;
        peer.WakeAt = next;
        Time.At(
            next,
            () =>
            {
                if (peer.IsAlive && peer.Life == life && peer.WakeAt == next)
                {
                    peer.WakeAt = null;
                    peer.Overlay.HandleDeadline(Time.Now);
                    peer.Tree.HandleDeadline(Time.Now);
                    Pump(peer);
                }
            }
        );
    }

    private void Do(SwarmPeer peer, OverlayAction action)
    {
        switch (action)
        {
            case OverlayAction.Send send:
                Send(peer, send.To, to => to.Overlay.HandleMessage(peer.Id, send.Message, Time.Now));
                break;
            case OverlayAction.Connect connect:
                Connect(peer, Peers[SwarmPeer.IndexOf(connect.Peer)]);
                break;
            case OverlayAction.Release release:
                Release(peer, release.Peer);
                break;
            case OverlayAction.NeighbourUp up:
                peer.Tree.AddPeer(up.Peer);
                SendDigest(peer, up.Peer);
                break;
            case OverlayAction.NeighbourDown down:
                peer.Tree.RemovePeer(down.Peer);
                break;
            default:
                throw new InvalidOperationException($"{action} is unknown here.");
        }
    }

    private void Do(SwarmPeer peer, GossipAction action)
    {
        switch (action)
        {
            case GossipAction.Push push:
                Send(peer, push.To, to => HandlePush(peer, to, push.Message));
                break;
            case GossipAction.Announce announce:
                Send(peer, announce.To, to => to.Tree.HandleAnnounce(peer.Id, announce.Messages, Time.Now));
                break;
            case GossipAction.Graft graft:
                Send(peer, graft.To, to => to.Tree.HandleGraft(peer.Id, graft.Tree));
                break;
            case GossipAction.Pull pull:
                Send(peer, pull.To, to => HandlePull(peer, to, pull.Message));
                break;
            case GossipAction.Prune prune:
                Send(peer, prune.To, to => to.Tree.HandlePrune(peer.Id, prune.Tree));
                break;
            default:
                throw new InvalidOperationException($"{action} is unknown here.");
        }
    }

    private void HandlePush(SwarmPeer from, SwarmPeer to, Announcement message)
    {
        var sent = MessageOf(message.Id);
        sent.Copies++;
        if (!to.Keep(sent.Number))
        {
            to.Tree.HandlePush(from.Id, message, Time.Now);
            return;
        }

        sent.Hops = Math.Max(sent.Hops, message.Round);
        sent.Rounds[Math.Min(19, message.Round)]++;
        sent.Arrivals.Add((to, Time.Now));
        to.Tree.HandlePush(from.Id, message, Time.Now);
    }

    private void HandlePull(SwarmPeer from, SwarmPeer to, Announcement message)
    {
        if (to.Log.Contains(MessageOf(message.Id).Number))
        {
            Send(to, from.Id, back => HandlePush(to, back, message));
        }
    }

    // Sync, reduced to what it comes to: each neighbour now and then says what it has, and gets what it lacks.
    private void ScheduleSync(SwarmPeer peer)
    {
        var life = peer.Life;
        Time.After(
            SyncInterval * (0.5 + _random.NextDouble()),
            () =>
            {
                if (peer.IsAlive && peer.Life == life)
                {
                    foreach (var neighbour in peer.Overlay.Active)
                    {
                        SendDigest(peer, neighbour);
                    }

                    ScheduleSync(peer);
                }
            }
        );
    }

    private void SendDigest(SwarmPeer peer, PeerId neighbour)
    {
        var (count, sum) = (peer.Log.Count, peer.LogSum);
        Send(
            peer,
            neighbour,
            to =>
            {
                if (to.Log.Count != count || to.LogSum != sum)
                {
                    HandleDigest(peer, to, [.. peer.Log]);
                }
            }
        );
    }

    private void HandleDigest(SwarmPeer from, SwarmPeer to, int[] has)
    {
        // What is fresh is on its way by the tree; what was asked for is on its way too.
        var now = Time.Now;
        var lacks = has.Where(n =>
                !to.Log.Contains(n)
                && now - Messages[n].SentAt >= SyncInterval / 2
                && (!to.Asked.TryGetValue(n, out var askedAt) || now - askedAt >= SyncInterval / 2)
            )
            .ToArray();
        if (lacks.Length == 0)
        {
            return;
        }

        foreach (var number in lacks)
        {
            to.Asked[number] = now;
        }

        Send(
            to,
            from.Id,
            asked =>
            {
                foreach (var number in lacks)
                {
                    Send(asked, to.Id, back => HandleSynced(back, Messages[number]));
                }
            }
        );
    }

    private void HandleSynced(SwarmPeer peer, SwarmMessage message)
    {
        message.Copies++;
        if (peer.Keep(message.Number))
        {
            message.BySync++;
            message.Arrivals.Add((peer, Time.Now));
            peer.Tree.Note(message.Id, Time.Now);
        }
    }

    private void Connect(SwarmPeer peer, SwarmPeer to)
    {
        if (peer.Links.ContainsKey(to.Id))
        {
            peer.Overlay.HandleLinked(to.Id, Time.Now);
            return;
        }

        var delay =
            _options.LeastDelay + ((_options.GreatestDelay - _options.LeastDelay) * _random.NextDouble());
        var (life, toLife) = (peer.Life, to.Life);
        var works = to.IsAlive && !IsCut(peer, to);
        // Offer and answer, checks, DTLS, SCTP and the hello: five round trips
        Time.After(
            works ? delay * 10 : TimeSpan.FromSeconds(5),
            () =>
            {
                if (!peer.IsAlive || peer.Life != life)
                {
                    return;
                }

                if (!works || !to.IsAlive || to.Life != toLife || IsCut(peer, to))
                {
                    peer.Overlay.HandleUnlinked(to.Id, Time.Now);
                }
                else if (!peer.Links.ContainsKey(to.Id))
                {
                    var link = new SwarmLink(peer, to, delay);
                    peer.Links[to.Id] = link;
                    to.Links[peer.Id] = link;
                    peer.Overlay.HandleLinked(to.Id, Time.Now);
                    to.Overlay.HandleLinked(peer.Id, Time.Now);
                    Pump(to);
                }

                Pump(peer);
            }
        );
    }

    private void Release(SwarmPeer peer, PeerId other)
    {
        if (!peer.Links.Remove(other, out var link))
        {
            return;
        }

        var to = link.Other(peer);
        var life = to.Life;
        Time.At(link.Arrival(to, Time.Now + link.Delay), () => Unlink(to, life, peer.Id, link));
    }

    private void Unlink(SwarmPeer peer, int life, PeerId other, SwarmLink link)
    {
        link.IsOpen = false;
        if (peer.IsAlive && peer.Life == life && peer.Links.GetValueOrDefault(other) == link)
        {
            peer.Links.Remove(other);
            peer.Overlay.HandleUnlinked(other, Time.Now);
            Pump(peer);
        }
    }

    private void Send(SwarmPeer from, PeerId to, Action<SwarmPeer> receive)
    {
        if (!from.Links.TryGetValue(to, out var link))
        {
            return;
        }

        var receiver = link.Other(from);
        var life = receiver.Life;
        var delay = link.Delay * (1 + (0.1 * _random.NextDouble()));
        delay += _random.NextDouble() < Loss ? _options.Retransmission : TimeSpan.Zero;
        Time.At(link.Arrival(receiver, Time.Now + delay), Deliver);

        void Deliver()
        {
            if (receiver.Life != life || !receiver.IsAlive || !link.IsOpen)
            {
                return;
            }

            if (IsCut(from, receiver))
            {
                return; // the transport repeats it until it gives the link up
            }

            receive(receiver);
            Pump(receiver);
        }
    }

    /// <summary>Cuts the network in two; links across are given up when consent is lost.</summary>
    public void Cut(Func<SwarmPeer, bool> side)
    {
        Partition = side;
        foreach (var peer in Alive)
        {
            foreach (var (other, link) in peer.Links.Where(l => IsCut(peer, l.Value.Other(peer))).ToArray())
            {
                var life = peer.Life;
                Time.After(_options.GreatestDetection, () => Unlink(peer, life, other, link));
            }
        }
    }

    private bool IsCut(SwarmPeer one, SwarmPeer other) => Partition is { } side && side(one) != side(other);

    private SwarmMessage MessageOf(Bytes32 id) =>
        Messages[BinaryPrimitives.ReadInt32BigEndian(id.ToArray().AsSpan(0, sizeof(int)))];
}
