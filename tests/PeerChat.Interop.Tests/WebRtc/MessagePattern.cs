namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Message content that tells a wrong length, a lost part and a swapped part; <c>peer.js</c> makes the same.</summary>
internal static class MessagePattern
{
    /// <summary>The message of a size.</summary>
    public static byte[] Of(int size)
    {
        var bytes = new byte[size];
        for (var i = 0; i < size; i++)
        {
            bytes[i] = (byte)((i * 31) + size + (i >> 8));
        }

        return bytes;
    }

    /// <summary>How <c>peer.js</c> names a message that came whole.</summary>
    public static string Right(int size) => $"{size} right";

    /// <summary>The same name for a message that came here.</summary>
    public static string Name(ReadOnlyMemory<byte> message) =>
        $"{message.Length} {(message.Span.SequenceEqual(Of(message.Length)) ? "right" : "wrong")}";
}
