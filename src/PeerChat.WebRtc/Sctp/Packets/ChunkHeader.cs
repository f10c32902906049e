using System.Buffers.Binary;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>The first four bytes of every chunk: type, flags, length without padding (RFC 9260 section 3.2).</summary>
/// <param name="Type">What the chunk is; any value may come in.</param>
/// <param name="Flags">Bits whose meaning the type decides.</param>
/// <param name="Length">Bytes of the chunk with this header, without padding.</param>
internal readonly record struct ChunkHeader(ChunkType Type, byte Flags, ushort Length)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 4;

    /// <summary>The T bit of ABORT and SHUTDOWN COMPLETE: the tag is the receiver's view of the sender's own.</summary>
    public const byte TagReflected = 0x01;

    /// <summary>Whether a receiver that does not know this type goes on with the next chunk.</summary>
    public bool SkipWhenUnknown => ((byte)Type & 0x80) != 0;

    /// <summary>Whether a receiver that does not know this type reports it.</summary>
    public bool ReportWhenUnknown => ((byte)Type & 0x40) != 0;

    /// <summary>Reads a header, and checks that the chunk it announces is all there.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out ChunkHeader header)
    {
        header = default;
        if (source.Length < Size)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        if (length < Size || length > source.Length)
        {
            return false;
        }

        header = new ChunkHeader((ChunkType)source[0], source[1], length);
        return true;
    }

    /// <summary>Writes the header into the first bytes of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Type;
        destination[1] = Flags;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], Length);
    }
}
