using PeerChat.Primitives;
using Shouldly;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>A private room of simulated peers: the first makes it, the others ask for admission.</summary>
internal sealed class PrivateRoom
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(8);
    private readonly Dictionary<string, SimulatedPeer> _peers = [];
    private RoomId _id;

    public PrivateRoom(int seed, HistoryPolicy policy, params string[] names)
    {
        foreach (var (i, name) in names.Index())
        {
            _peers.Add(
                name,
                new SimulatedPeer(name, (seed * 100) + i, (peer, now) => Open(peer, policy, now))
            );
        }

        Mesh = new SimulatedMesh(seed, [.. _peers.Values]);
        Mesh.OpenAll();
    }

    public SimulatedMesh Mesh { get; }

    public RoomId Id => _id;

    public SimulatedPeer this[string name] => _peers[name];

    public void Settle()
    {
        foreach (var peer in _peers.Values)
        {
            Mesh.Settle(peer);
        }

        Mesh.Run(Calm);
    }

    public void Admit(string by, string name, MemberRole role = MemberRole.Member, bool inviter = false)
    {
        if (inviter)
        {
            var creator = _peers.Values.First();
            creator.Room.Promote(this[by].Room.OwnAuthor, Mesh.Wall);
            Settle();
        }

        var welcome = this[by].Room.Admit(this[name].Room.OwnProfile.Span, role, Mesh.Wall).ShouldNotBeNull();
        this[name].Room.TakeWelcome(welcome, Mesh.Wall).ShouldBeTrue();
        foreach (var other in _peers.Values.Where(p => p != this[name] && p.Room.OwnRole is not null))
        {
            if (!Mesh.AreConnected(other, this[name]))
            {
                Mesh.Connect(other, this[name]);
            }
        }

        Settle();
    }

    public void Remove(string by, string name)
    {
        this[by].Room.Remove(this[name].Room.OwnAuthor, Mesh.Wall);
        Settle();
    }

    public void Post(string by, string text)
    {
        this[by].Room.Post(text, Mesh.Wall);
        Settle();
    }

    public string[] TextsOf(string name) => this[name].Texts;

    public string[] Readable(string name) =>
        [.. this[name].Messages.Where(m => m.Content == RoomMessageContent.Text).Select(m => m.Text)];

    private Room Open(SimulatedPeer peer, HistoryPolicy policy, WallTime now)
    {
        if (_id == default)
        {
            var made = Room.CreatePrivate(
                peer.Identity,
                peer.DisplayName,
                "crew",
                policy,
                peer.Store,
                peer.Keys,
                peer.Entropy,
                now
            );
            _id = made.Id;
            return made;
        }

        return Room.OpenPrivate(
            peer.Identity,
            peer.DisplayName,
            _id,
            peer.Store,
            peer.Keys,
            peer.Entropy,
            now
        );
    }
}
