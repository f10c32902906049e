using System.Security.Cryptography;
using PeerChat.Primitives;

namespace PeerChat.Rooms.Files;

/// <summary>A content identifier: CIDv1 with SHA-256, of raw bytes or a dag-pb node. No other kind exists under the profile.</summary>
/// <param name="Codec">What the bytes are.</param>
/// <param name="Digest">Their SHA-256.</param>
public readonly record struct Cid(CidCodec Codec, Bytes32 Digest)
{
    /// <summary>The bytes of the binary form: version, codec, hash function, length, digest.</summary>
    public const int Size = 36;

    private const byte Version = 1;
    private const byte Sha256 = 0x12;
    private const int PrefixSize = Size - Bytes32.Size;

    /// <summary>The CID of a block.</summary>
    public static Cid Of(CidCodec codec, ReadOnlySpan<byte> block)
    {
        Span<byte> digest = stackalloc byte[Bytes32.Size];
        SHA256.HashData(block, digest);
        return new Cid(codec, new Bytes32(digest));
    }

    /// <summary>Reads the text form, base 32 in lower case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Cid cid)
    {
        Span<byte> bytes = stackalloc byte[Size];
        cid = default;
        return Multibase.TryDecode(text, bytes) && TryParse(bytes, out cid);
    }

    /// <summary>Reads the binary form; false for anything but CIDv1, SHA-256, raw or dag-pb.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Cid cid)
    {
        if (
            bytes.Length != Size
            || bytes[0] != Version
            || bytes[1] is not ((byte)CidCodec.Raw or (byte)CidCodec.DagPb)
            || bytes[2] != Sha256
            || bytes[3] != Bytes32.Size
        )
        {
            cid = default;
            return false;
        }

        cid = new Cid((CidCodec)bytes[1], new Bytes32(bytes[PrefixSize..]));
        return true;
    }

    /// <summary>Whether a block is the one that this names.</summary>
    public bool Names(ReadOnlySpan<byte> block) => Of(Codec, block) == this;

    /// <summary>Writes the binary form.</summary>
    public void CopyTo(Span<byte> destination)
    {
        destination[0] = Version;
        destination[1] = (byte)Codec;
        destination[2] = Sha256;
        destination[3] = Bytes32.Size;
        Digest.CopyTo(destination[PrefixSize..]);
    }

    /// <summary>The binary form in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => Multibase.Encode(ToArray());
}
