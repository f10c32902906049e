using System.Buffers.Binary;

namespace PeerChat.WebRtc.Turn;

/// <summary>Cuts what a server sends over TCP or TLS into messages and channel data (RFC 8656 sections 3.1 and 12.5).</summary>
internal sealed class TurnStreamReader
{
    private const int HeaderSize = 4;
    private const int StunHeaderSize = 20;

    // The longest frame there can be, and as much again that came with it; a frame that is complete is taken at once.
    private byte[] _buffer = new byte[4 * 1024];
    private int _start;
    private int _end;

    /// <summary>Whether the bytes cannot be TURN's; nothing is read any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Takes bytes in.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (IsBroken)
        {
            return;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end + bytes.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _end + bytes.Length));
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes the next frame, without padding; valid until the next <see cref="Append"/>.</summary>
    public bool TryTake(out Span<byte> frame)
    {
        frame = default;
        var waiting = _buffer.AsSpan(_start.._end);
        if (IsBroken || waiting.Length < HeaderSize)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(waiting[2..]);
        var isChannel = waiting[0] is >= 64 and <= 79;
        var size = isChannel ? HeaderSize + length : StunHeaderSize + length;
        if (!isChannel && (waiting[0] > 3 || length % 4 != 0))
        {
            IsBroken = true;
            return false;
        }

        var padded = (size + 3) & ~3;
        if (waiting.Length < padded)
        {
            return false;
        }

        frame = waiting[..size];
        _start += padded;
        return true;
    }
}
