using PeerChat.Primitives;
using PeerChat.WebRtc.Ice;

namespace PeerChat.WebRtc;

/// <summary>DTLS datagrams from addresses whose check we have answered and that have not answered ours yet.</summary>
/// <remarks>
/// The peer may send its hello as soon as it has our answer. Whoever drops that hello waits for the repetition: a second
/// in many stacks.
/// </remarks>
internal sealed class EarlyDatagrams
{
    /// <summary>Datagrams kept: a hello in fragments, and its repetition (guess).</summary>
    public const int MaxCount = 8;

    /// <summary>The longest datagram kept; handshake flights are cut to the size of a network packet.</summary>
    public const int MaxSize = 2048;

    private readonly List<(TransportAddress Local, TransportAddress Remote, byte[] Bytes)> _datagrams = [];

    /// <summary>Keeps a copy; false when there is no room.</summary>
    public bool TryAdd(TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (_datagrams.Count == MaxCount || datagram.Length > MaxSize)
        {
            return false;
        }

        _datagrams.Add((local, remote, datagram.ToArray()));
        return true;
    }

    /// <summary>Takes the oldest datagram that came on a path that is valid by now.</summary>
    public bool TryTakeValid(IceSession ice, out byte[] datagram)
    {
        for (var i = 0; i < _datagrams.Count; i++)
        {
            var (local, remote, bytes) = _datagrams[i];
            if (ice.IsValid(local, remote))
            {
                _datagrams.RemoveAt(i);
                datagram = bytes;
                return true;
            }
        }

        datagram = [];
        return false;
    }
}
