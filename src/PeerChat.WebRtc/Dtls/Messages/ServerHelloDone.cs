namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>The empty end of the server's flight (RFC 5246 section 7.4.5).</summary>
internal readonly record struct ServerHelloDone : IHandshakeMessage
{
    /// <inheritdoc/>
    public HandshakeType Type => HandshakeType.ServerHelloDone;

    /// <summary>Checks that the body is empty.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out ServerHelloDone done)
    {
        done = default;
        return body.IsEmpty;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination) => 0;
}
