namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>A handshake message that can be sent.</summary>
internal interface IHandshakeMessage
{
    /// <summary>The kind of message.</summary>
    HandshakeType Type { get; }

    /// <summary>Writes the body, without the header; returns its length.</summary>
    int Write(Span<byte> destination);
}
