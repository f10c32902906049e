using System.Buffers;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>A message whose first fragments have come, joined already: the usual case, in which nothing is kept per fragment.</summary>
internal sealed class PartialMessage
{
    private const int MinBuffer = 256;
    private byte[] _buffer = [];

    /// <summary>The key of its first fragment.</summary>
    public FragmentKey First { get; private set; }

    /// <summary>The key of the fragment that is to come.</summary>
    public FragmentKey Next { get; private set; }

    /// <summary>Its first fragment without the bytes.</summary>
    public Fragment Head { get; private set; } = new(0, default, default, default, []);

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>Whether its last fragment is there.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Begins anew with a first fragment.</summary>
    public void Start(FragmentKey key, in DataChunk chunk)
    {
        (First, Next) = (key, key);
        if (
            Head.Flags != chunk.Flags
            || Head.Stream != chunk.Stream
            || Head.MessageNumber != chunk.MessageNumber
            || Head.Ppid != chunk.Ppid
        )
        {
            Head = new Fragment(chunk.Flags, chunk.Stream, chunk.MessageNumber, chunk.Ppid, []);
        }

        Length = 0;
        IsWhole = false;
        Append(chunk.Payload, chunk.IsEnd);
    }

    /// <summary>Adds the next fragment.</summary>
    public void Append(ReadOnlySpan<byte> payload, bool isEnd)
    {
        var needed = Length + payload.Length;
        if (needed > _buffer.Length)
        {
            // The first fragment of many is a full packet, and the message likely some of them.
            var size = isEnd ? needed : Math.Max(MinBuffer, needed * 2);
            var larger = ArrayPool<byte>.Shared.Rent(size);
            _buffer.AsSpan(0, Length).CopyTo(larger);
            Release();
            _buffer = larger;
        }

        payload.CopyTo(_buffer.AsSpan(Length));
        Length = needed;
        Next = Next.Next;
        IsWhole |= isEnd;
    }

    /// <summary>Gives the bytes away.</summary>
    public ReassembledMessage Take()
    {
        var message = new ReassembledMessage(
            Head.Stream,
            Head.MessageNumber,
            Head.IsUnordered,
            Head.Ppid,
            _buffer.AsMemory(0, Length)
        );
        _buffer = [];
        return message;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
