using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Hello;

/// <summary>What both signatures of a hello are bound to: the channel and both first flights as they went over the wire.</summary>
internal sealed class AuthTranscript
{
    private const int Size = 1 + (6 * Bytes32.Size);

    private readonly ChannelBinding _channel;
    private readonly Bytes32 _clientHello;
    private readonly Bytes32 _serverHello;

    internal AuthTranscript(ChannelBinding channel, ReadOnlySpan<byte> ownHello, ReadOnlySpan<byte> peerHello)
    {
        _channel = channel;
        var own = Digest.Hash(ownHello);
        var peer = Digest.Hash(peerHello);
        (_clientHello, _serverHello) = channel.IsDtlsClient ? (own, peer) : (peer, own);
    }

    /// <summary>What this end signs.</summary>
    internal byte[] OwnMessage(PeerId self, PeerId meant, ReadOnlySpan<byte> name) =>
        Message(_channel.OwnRole, self, meant, name);

    /// <summary>What the other end signed.</summary>
    internal byte[] PeerMessage(PeerId peer, PeerId meant, ReadOnlySpan<byte> name) =>
        Message(_channel.PeerRole, peer, meant, name);

    /// <summary>role ‖ CB ‖ H(HELLO client) ‖ H(HELLO server) ‖ PeerId self ‖ PeerId meant or zeros ‖ H(name).</summary>
    private byte[] Message(byte role, PeerId self, PeerId meant, ReadOnlySpan<byte> name)
    {
        var message = new byte[Size];
        var writer = new SpanWriter(message);
        writer.WriteByte(role);
        _channel.Value.CopyTo(writer.Advance(Bytes32.Size));
        _clientHello.CopyTo(writer.Advance(Bytes32.Size));
        _serverHello.CopyTo(writer.Advance(Bytes32.Size));
        self.Value.CopyTo(writer.Advance(Bytes32.Size));
        meant.Value.CopyTo(writer.Advance(Bytes32.Size));
        Digest.Hash(name).CopyTo(writer.Advance(Bytes32.Size));
        return message;
    }
}
