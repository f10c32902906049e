using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp;

/// <summary>Finds how large packets may be on the path: RFC 8899, with HEARTBEAT and PAD chunks as probes (section 6.2).</summary>
/// <remarks>
/// Sizes are those of SCTP packets. Nothing is looked for before there is bulk, and no timer runs that is not for a probe under way. Chunks
/// stay as large as the smallest packet takes, whatever is found, so that a path that turns out smaller costs no more than other packets.
/// </remarks>
/// <param name="limit">The largest datagram that may be tried; the base means none.</param>
internal sealed class PathMtu(int limit)
{
    /// <summary>A probe that is lost so often did not fit (RFC 8899 section 5.1.2: MAX_PROBES).</summary>
    public const int MaxProbes = 3;

    /// <summary>So much data goes before it is worth looking (guess: no chat, but every file).</summary>
    public const int MinBytes = 128 * 1024;

    /// <summary>How long a found size is kept before a larger one is tried again (RFC 8899 section 5.1.1: PMTU_RAISE_TIMER).</summary>
    public static readonly TimeSpan RaiseAfter = TimeSpan.FromSeconds(600);

    /// <summary>How long the base is kept after a path swallowed larger packets (guess: an outage is over by then).</summary>
    public static readonly TimeSpan SearchAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of a datagram around an SCTP packet: a DTLS 1.2 record with AES-GCM.</summary>
    public const int DtlsOverhead = 37;

    // Tunnels, PPPoE, Ethernet under IPv6 and IPv4, jumbo frames, loopback: sizes of datagrams
    private static readonly int[] Candidates = [1280, 1400, 1452, 1472, 4052, 8952, SctpOptions.MaxDatagram];
    private int _limit = limit;
    private int _next;
    private int _probes;
    private long _sent;
    private Instant _searchAt = Instant.Origin;
    private Instant? _probeUntil;

    /// <summary>The largest packet that is known to arrive.</summary>
    public int Current { get; private set; } = SctpOptions.MaxPacketSize;

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline => _probeUntil;

    private int Candidate => (Candidates[_next] - DtlsOverhead) & ~3;

    /// <summary>How long a probe's packet is that should go now; null: none should.</summary>
    public int? ProbeSize(Instant now)
    {
        if (_sent < MinBytes || _probeUntil is not null || _searchAt > now)
        {
            return null;
        }

        return Candidates[_next] <= _limit && Candidate > Current ? Candidate : null;
    }

    /// <summary>So much data was sent.</summary>
    public void HandleSent(int bytes) => _sent += bytes;

    /// <summary>A probe left.</summary>
    public void HandleProbeSent(Instant now, TimeSpan patience)
    {
        _probes++;
        _probeUntil = now + patience;
    }

    /// <summary>A probe of this size was answered.</summary>
    public void HandleAnswer(int size, Instant now)
    {
        if (size != Candidate || size <= Current)
        {
            return; // of a search before
        }

        Current = size;
        (_next, _probes, _probeUntil) = (Math.Min(_next + 1, Candidates.Length - 1), 0, null);
        if (Candidate <= Current)
        {
            Finish(now);
        }
    }

    /// <summary>A probe was not answered in time: it is repeated, or the search is over.</summary>
    public void HandleDeadline(Instant now)
    {
        if (!(_probeUntil <= now))
        {
            return;
        }

        _probeUntil = null;
        if (_probes >= MaxProbes)
        {
            Finish(now);
        }
    }

    /// <summary>
    /// Nothing was acknowledged for a whole timeout, or something was lost again and again: larger packets may be swallowed (RFC 8899 section 4.3).
    /// </summary>
    public void HandleSwallowed(Instant now)
    {
        if (Current > SctpOptions.MaxPacketSize)
        {
            Reset(now + SearchAgainAfter);
        }
    }

    /// <summary>Packets take another path from now on.</summary>
    /// <param name="limit">The largest datagram that may be tried on it.</param>
    /// <param name="now">The present.</param>
    public void HandlePathChanged(int limit, Instant now)
    {
        _limit = limit;
        Reset(now);
    }

    private void Finish(Instant now) => (_probes, _searchAt) = (0, now + RaiseAfter);

    private void Reset(Instant searchAt)
    {
        Current = SctpOptions.MaxPacketSize;
        (_next, _probes, _probeUntil, _searchAt) = (0, 0, null, searchAt);
    }
}
