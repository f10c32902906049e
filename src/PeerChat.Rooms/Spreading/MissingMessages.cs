using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Spreading;

/// <summary>Messages that were announced and have not come.</summary>
internal sealed class MissingMessages
{
    /// <summary>Messages waited for at once; the rest is left to sync.</summary>
    public const int Capacity = 1024;

    /// <summary>Messages of one announcer among them, so that no single one takes all places.</summary>
    public const int MaxPerPeer = 256;

    private readonly Dictionary<Bytes32, Missing> _missing = [];
    private readonly Dictionary<PeerId, int> _counts = [];

    /// <summary>How many are waited for.</summary>
    public int Count => _missing.Count;

    /// <summary>When somebody is to be asked.</summary>
    public Instant? NextDeadline
    {
        get
        {
            Instant? earliest = null;
            foreach (var missing in _missing.Values)
            {
                earliest = Instant.Earliest(earliest, missing.Due);
            }

            return earliest;
        }
    }

    /// <summary>Notes an announcement; false when there is no place for it.</summary>
    public bool Add(PeerId from, Announcement announcement, Instant due)
    {
        var count = _counts.GetValueOrDefault(from);
        if (count >= MaxPerPeer)
        {
            return false;
        }

        if (!_missing.TryGetValue(announcement.Id, out var missing))
        {
            if (_missing.Count >= Capacity)
            {
                return false;
            }

            _missing.Add(announcement.Id, missing = new Missing(due));
        }
        else if (missing.Asked is null)
        {
            missing.Due = Instant.Min(missing.Due, due);
        }

        if (missing.Announcers.Exists(a => a.From == from))
        {
            return true;
        }

        missing.Announcers.Add((from, announcement));
        _counts[from] = count + 1;
        return true;
    }

    /// <summary>The message came; who had announced it, and who was asked for it last.</summary>
    public (IReadOnlyList<(PeerId From, Announcement Message)> Announcers, PeerId? Asked) Remove(Bytes32 id)
    {
        if (!_missing.Remove(id, out var missing))
        {
            return ([], null);
        }

        missing.Announcers.ForEach(a => Uncount(a.From));
        return (missing.Announcers, missing.Asked);
    }

    /// <summary>A peer is gone, and with it what it announced.</summary>
    public void RemovePeer(PeerId peer)
    {
        foreach (var (id, missing) in _missing.ToArray())
        {
            missing.Announcers.RemoveAll(a => a.From == peer);
            if (missing.Announcers.Count == 0 && missing.Asked is null)
            {
                _missing.Remove(id);
            }
        }

        _counts.Remove(peer);
    }

    /// <summary>The next announcer to ask for what is due; each is asked once, the nearest to the origin first.</summary>
    public bool TryTakeDue(Instant now, TimeSpan patience, out (PeerId From, Announcement Message) next)
    {
        foreach (var (id, missing) in _missing)
        {
            if (missing.Due > now)
            {
                continue;
            }

            if (missing.Announcers.Count == 0)
            {
                _missing.Remove(id); // nobody is left to ask: sync finds it
                continue;
            }

            next = missing.Announcers.MinBy(a => a.Message.Round);
            missing.Announcers.Remove(next);
            missing.Asked = next.From;
            Uncount(next.From);
            missing.Due = now + patience;
            return true;
        }

        next = default;
        return false;
    }

    private void Uncount(PeerId peer)
    {
        if (_counts.TryGetValue(peer, out var count))
        {
            _counts[peer] = count - 1;
        }
    }

    private sealed class Missing(Instant due)
    {
        public Instant Due { get; set; } = due;

        public PeerId? Asked { get; set; }

        public List<(PeerId From, Announcement Message)> Announcers { get; } = [];
    }
}
