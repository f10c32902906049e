namespace PeerChat.Node.Transport;

/// <summary>Buffers for received datagrams, taken by the receiving threads and given back by whoever has read them.</summary>
internal sealed class DatagramPool
{
    /// <summary>Longer datagrams are dropped: between our own peers a datagram has at most 16,384 bytes, and the largest signal 2,400.</summary>
    public const int MaxDatagram = 16_640;

    /// <summary>Bytes of a buffer: the most that a system joins to one batch.</summary>
    public const int BufferSize = 65_536;

    /// <summary>Free buffers that are kept, 1 MB: what is received is mostly handled at once.</summary>
    public const int MaxKept = 16;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _free = new();

    /// <summary>Takes a buffer.</summary>
    public byte[] Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var buffer))
            {
                return buffer;
            }
        }

        return GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true); // the system writes into it
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(byte[] buffer)
    {
        lock (_gate)
        {
            if (_free.Count < MaxKept)
            {
                _free.Push(buffer);
            }
        }
    }
}
