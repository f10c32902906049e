using System.Buffers.Binary;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>Walks through parameters or error causes: type, length, value, padding (RFC 9260 section 3.2.1).</summary>
/// <param name="parameters">The bytes after a chunk's fixed fields.</param>
internal ref struct ParameterReader(ReadOnlySpan<byte> parameters)
{
    /// <summary>Bytes of type and length.</summary>
    public const int HeaderSize = 4;

    private ReadOnlySpan<byte> _rest = parameters;

    /// <summary>Reads the next one; false at the end and when what follows is none.</summary>
    /// <param name="type">The type or the cause code.</param>
    /// <param name="parameter">All of it with its header, without padding.</param>
    public bool TryRead(out ushort type, out ReadOnlySpan<byte> parameter)
    {
        type = 0;
        parameter = default;
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < HeaderSize || length > _rest.Length)
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        parameter = _rest[..length];
        _rest = _rest[Math.Min(Padding.RoundUp(length), _rest.Length)..];
        return true;
    }
}
