using PeerChat.Primitives;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Meeting;

/// <summary>An offer that goes out by UDP and is repeated until it is answered or given up.</summary>
/// <param name="point">What it is to meet.</param>
/// <param name="body">The offer.</param>
/// <param name="tag">The tag it travels under.</param>
/// <param name="datagram">The datagram, the same at each repetition.</param>
/// <param name="paths">From which socket to which address.</param>
/// <param name="startedAt">When it goes out first.</param>
internal sealed class OutgoingOffer(
    MeetingPoint point,
    SignalBody body,
    SignalTag tag,
    ReadOnlyMemory<byte> datagram,
    IReadOnlyList<(TransportAddress Local, TransportAddress Remote)> paths,
    Instant startedAt
)
{
    /// <summary>After so long without an answer, the message names a firewall as the likely cause.</summary>
    public static readonly TimeSpan FirewallSuspicion = TimeSpan.FromSeconds(5);

    /// <summary>After so long without an answer, the attempt is given up and begun anew later.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15);

    // Quick at first: a lost datagram on a LAN is rare, a host firewall that opens with the other side's first one is not.
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromMilliseconds(200),
        TimeSpan.FromMilliseconds(400),
        TimeSpan.FromMilliseconds(800),
    ];

    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(1);

    private int _sent;

    /// <summary>What it is to meet.</summary>
    public MeetingPoint Point => point;

    /// <summary>The offer.</summary>
    public SignalBody Body => body;

    /// <summary>The tag it travels under.</summary>
    public SignalTag Tag => tag;

    /// <summary>From which socket to which address it goes.</summary>
    public IReadOnlyList<(TransportAddress Local, TransportAddress Remote)> Paths => paths;

    /// <summary>When it went out first.</summary>
    public Instant StartedAt { get; } = startedAt;

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant NextDeadline { get; private set; } = startedAt;

    /// <summary>Whether it has been tried for its whole life.</summary>
    public bool IsOver(Instant at) => at - StartedAt >= Lifetime;

    /// <summary>Whether the silence is long enough to suspect a firewall.</summary>
    public bool SuspectsFirewall(Instant at) => at - StartedAt >= FirewallSuspicion;

    /// <summary>Puts the repetitions that are due into <paramref name="outgoing"/>.</summary>
    public void HandleDeadline(Instant at, Queue<Datagram> outgoing)
    {
        if (at < NextDeadline)
        {
            return;
        }

        foreach (var (local, remote) in paths)
        {
            outgoing.Enqueue(new Datagram(local, remote, datagram));
        }

        NextDeadline = at + (_sent < Waits.Length ? Waits[_sent] : LastWait);
        _sent++;
    }
}
