using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Hello;

/// <summary>The second flight, AUTH (crypto.md section 2), as it lies in the bytes.</summary>
/// <remarks>
/// <code>
/// S 65 | A 65 | length of name 1 | name in UTF-8 | signature 64
/// </code>
/// </remarks>
internal readonly ref struct AuthFrame
{
    private const int FixedSize = PublicIdentity.Size + 1 + P256.SignatureSize;

    private AuthFrame(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> name, ReadOnlySpan<byte> signature)
    {
        Keys = keys;
        Name = name;
        Signature = signature;
    }

    internal ReadOnlySpan<byte> Keys { get; }

    internal ReadOnlySpan<byte> Name { get; }

    internal ReadOnlySpan<byte> Signature { get; }

    /// <summary>Splits a frame; refuses a name of no or too many bytes, and any byte too few or too many.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> source, out AuthFrame frame)
    {
        frame = default;
        var reader = new SpanReader(source);
        if (
            !reader.TryReadBytes(PublicIdentity.Size, out var keys)
            || !reader.TryReadByte(out var nameSize)
            || nameSize is 0 or > DisplayName.MaxBytes
            || !reader.TryReadBytes(nameSize, out var name)
            || !reader.TryReadBytes(P256.SignatureSize, out var signature)
            || !reader.AtEnd
        )
        {
            return false;
        }

        frame = new AuthFrame(keys, name, signature);
        return true;
    }

    internal static byte[] Write(PublicIdentity identity, DisplayName name, ReadOnlySpan<byte> signature)
    {
        var nameBytes = name.ToUtf8();
        var bytes = new byte[FixedSize + nameBytes.Length];
        var writer = new SpanWriter(bytes);
        identity.Write(writer.Advance(PublicIdentity.Size));
        writer.WriteByte((byte)nameBytes.Length);
        writer.WriteBytes(nameBytes);
        writer.WriteBytes(signature);
        return bytes;
    }
}
