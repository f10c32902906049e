namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>Whole handshake messages as bytes: the unfragmented header and the body, as the transcript has them.</summary>
internal static class HandshakeMessage
{
    /// <summary>The longest message that is sent or accepted: ten times what browsers send (guess).</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The longest Certificate message accepted; self-signed certificates have a tenth of it (guess).</summary>
    public const int MaxCertificateLength = 8 * 1024;

    /// <summary>The most bytes that a message of this kind may have.</summary>
    public static int MaxLengthOf(HandshakeType type) =>
        type == HandshakeType.Certificate ? MaxCertificateLength : MaxLength;

    /// <summary>Writes a message with its header in one piece.</summary>
    public static byte[] Encode(IHandshakeMessage message, ushort sequence)
    {
        var buffer = new byte[HandshakeHeader.Size + MaxLength];
        var length = message.Write(buffer.AsSpan(HandshakeHeader.Size));
        new HandshakeHeader(message.Type, length, sequence, 0, length).Write(buffer);
        return buffer.AsSpan(0, HandshakeHeader.Size + length).ToArray();
    }

    /// <summary>The body of a message in one piece.</summary>
    public static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> message) => message[HandshakeHeader.Size..];
}
