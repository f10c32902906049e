using System.Text;

namespace PeerChat.Rendezvous.Lan;

/// <summary>The rule for a name that a stranger on the network claims: real UTF-8, short, and no control characters.</summary>
internal static class LanName
{
    /// <summary>The longest name in bytes of UTF-8: 32 characters of four bytes. A guess at what a person needs.</summary>
    public const int MaxSize = SignalDatagram.MaxNameSize;

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>Reads a name; no bytes give null, and bytes that are not a proper name give false.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out string? name)
    {
        name = null;
        if (bytes.IsEmpty)
        {
            return true;
        }

        // Asked before decoding, since the decoder throws and strangers choose the bytes.
        if (bytes.Length > MaxSize || !System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return false;
        }

        var text = StrictUtf8.GetString(bytes);
        if (text.Any(char.IsControl))
        {
            return false;
        }

        name = text;
        return true;
    }
}
