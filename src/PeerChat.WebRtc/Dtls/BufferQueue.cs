namespace PeerChat.WebRtc.Dtls;

/// <summary>A queue of byte sequences in buffers that are used again, so that steady traffic allocates nothing.</summary>
/// <remarks>What was taken out stays valid until the next take.</remarks>
internal sealed class BufferQueue
{
    // The size of nearly every buffer: a datagram on an Ethernet path fits.
    private const int UsualSize = 2048;

    // Buffers kept for later: half a megabyte at most (guess).
    private const int MaxFree = 256;

    private readonly Queue<(byte[] Buffer, int Length)> _queue = new();
    private readonly Stack<byte[]> _free = new();
    private byte[]? _taken;

    /// <summary>How many sequences wait.</summary>
    public int Count => _queue.Count;

    /// <summary>A buffer of at least this size, to be given to <see cref="Enqueue"/> or <see cref="Return"/>.</summary>
    public byte[] Rent(int size)
    {
        if (size > UsualSize)
        {
            return new byte[size]; // rare
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
