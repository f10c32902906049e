using System.Diagnostics;

namespace PeerChat.WebRtc.Sctp.Sending;

/// <summary>The outstanding chunks in TSN order, in a circle that grows; no object per chunk.</summary>
internal sealed class ChunkRing
{
    private OutstandingChunk[] _chunks = new OutstandingChunk[64];
    private int _head;

    /// <summary>How many chunks there are.</summary>
    public int Count { get; private set; }

    /// <summary>The chunk at a place; zero is the oldest.</summary>
    public ref OutstandingChunk this[int index]
    {
        get
        {
            Debug.Assert(index >= 0 && index < Count, "Inside the ring");
            return ref _chunks[(_head + index) & (_chunks.Length - 1)];
        }
    }

    /// <summary>Adds the newest chunk.</summary>
    public void Add(OutstandingChunk chunk)
    {
        if (Count == _chunks.Length)
        {
            Grow();
        }

        Count++;
        this[Count - 1] = chunk;
    }

    /// <summary>Removes the oldest chunk.</summary>
    public void RemoveFirst()
    {
        this[0] = default;
        _head = (_head + 1) & (_chunks.Length - 1);
        Count--;
    }

    private void Grow()
    {
        var larger = new OutstandingChunk[_chunks.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = this[i];
        }

        _chunks = larger;
        _head = 0;
    }
}
