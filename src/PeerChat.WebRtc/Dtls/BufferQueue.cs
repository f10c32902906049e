namespace PeerChat.WebRtc.Dtls;

/// <summary>A queue of byte sequences in buffers that are used again, so that steady traffic allocates nothing.</summary>
/// <remarks>What was taken out stays valid until the next take.</remarks>
internal sealed class BufferQueue
{
    // The size of nearly every buffer: a datagram on an Ethernet path fits.
    private const int UsualSize = 2048;

    // Buffers kept for later: half a megabyte at most (guess).
    private const int MaxFree = 256;

    // A record of the largest size with what protects it; on paths that take it.
    private const int LargeSize = RecordHeader.MaxPlaintext + 256;

    private const int MaxFreeLarge = 64; // a megabyte (guess)

    private readonly Queue<(byte[] Buffer, int Length)> _queue = new();
    private readonly Stack<byte[]> _free = new();
    private readonly Stack<byte[]> _freeLarge = new();
    private byte[]? _taken;

    /// <summary>How many sequences wait.</summary>
    public int Count => _queue.Count;

    /// <summary>A buffer of at least this size, to be given to <see cref="Enqueue"/> or <see cref="Return"/>.</summary>
    public byte[] Rent(int size)
    {
        if (size > LargeSize)
        {
            return new byte[size]; // none of ours
        }

        if (size > UsualSize)
        {
            return _freeLarge.TryPop(out var large) ? large : new byte[LargeSize];
        }

        return _free.TryPop(out var buffer) ? buffer : new byte[UsualSize];
    }

    /// <summary>Puts the first bytes of a rented buffer into the queue.</summary>
    public void Enqueue(byte[] buffer, int length) => _queue.Enqueue((buffer, length));

    /// <summary>Gives a rented buffer back unused.</summary>
    public void Return(byte[] buffer)
    {
        if (buffer.Length == UsualSize && _free.Count < MaxFree)
        {
            _free.Push(buffer);
        }
        else if (buffer.Length == LargeSize && _freeLarge.Count < MaxFreeLarge)
        {
            _freeLarge.Push(buffer);
        }
    }

    /// <summary>Takes the oldest sequence; what was taken before is invalid from now on.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> bytes)
    {
        if (_taken is not null)
        {
            Return(_taken);
            _taken = null;
        }

        if (!_queue.TryDequeue(out var item))
        {
            bytes = default;
            return false;
        }

        _taken = item.Buffer;
        bytes = item.Buffer.AsMemory(0, item.Length);
        return true;
    }
}
