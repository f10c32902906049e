namespace PeerChat.Node.Transport;

/// <summary>Buffers for received datagrams, taken by the receiving threads and given back by the loop.</summary>
internal sealed class DatagramPool
{
    /// <summary>Bytes of a buffer: the largest signal has 2,400 bytes, everything else fits a frame of 1,500.</summary>
    public const int BufferSize = 2560;

    /// <summary>Free buffers that are kept; 2.5 MB at most, and a burst fills no more than a window.</summary>
    public const int MaxKept = 1024;

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

        return GC.AllocateUninitializedArray<byte>(BufferSize);
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
