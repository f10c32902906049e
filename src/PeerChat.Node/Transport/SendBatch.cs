using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>Datagrams to one address that leave in one call: all of one length but the last (UDP_SEGMENT on Linux).</summary>
internal sealed class SendBatch
{
    /// <summary>Datagrams in one call; Linux takes 64. Fewer let the other side begin sooner, and the gain of more is small.</summary>
    public const int MaxCount = 32;

    // An IP packet carries less than 65,536 bytes with its headers.
    private const int MaxBytes = 64_000;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(MaxBytes);
    private int _length;

    /// <summary>Where they go.</summary>
    public TransportAddress Remote { get; private set; }

    /// <summary>The length of all but the last.</summary>
    public int Size { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All their bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Adds one; false when it must wait for the next batch.</summary>
    public bool TryAdd(TransportAddress remote, ReadOnlySpan<byte> payload)
    {
        if (Count == 0)
        {
            (Remote, Size) = (remote, payload.Length);
        }
        else if (
            Count == MaxCount
            || payload.Length > Size
            || _length != Count * Size // a shorter one was the last
            || remote != Remote
        )
        {
            return false;
        }

        if (payload.IsEmpty || payload.Length > MaxBytes - _length)
        {
            return false;
        }

        payload.CopyTo(_buffer.AsSpan(_length));
        _length += payload.Length;
        Count++;
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => (_length, Count) = (0, 0);
}
