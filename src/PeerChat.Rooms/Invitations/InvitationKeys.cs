using System.Security.Cryptography;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Hello;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Rooms.Invitations;

/// <summary>What derives from a link's secret, and from nothing of the room: an expired link shows nothing more (crypto.md section 6).</summary>
public sealed class InvitationKeys
{
    private readonly byte[] _key;

    private InvitationKeys(byte[] key)
    {
        _key = key;
        Signal = SignalKeys.From(key);
    }

    /// <summary>Tags, sealing and knock of K_inv.</summary>
    public SignalKeys Signal { get; }

    /// <summary>K_inv = HKDF(secret, salt empty, info = L("invite"), 32).</summary>
    public static InvitationKeys From(ReadOnlySpan<byte> secret) =>
        new(Digest.Derive(secret, Label.Of("invite"), 32));

    /// <summary>HMAC(K_inv, L("join") ‖ CB ‖ author id): that this author asks on this very connection.</summary>
    public byte[] JoinProof(ChannelBinding channel, AuthorId author) =>
        Digest.Mac(_key, "join", channel.Value.ToArray(), author.Value.ToArray());

    /// <summary>HMAC(K_inv, L("join") ‖ CB ‖ PeerId): that this identity brings a contact link on this very connection.</summary>
    public byte[] MeetProof(ChannelBinding channel, PeerId bearer) =>
        Digest.Mac(_key, "join", channel.Value.ToArray(), bearer.Value.ToArray());

    /// <summary>Whether a proof of a contact link is for this connection and identity; compared in constant time.</summary>
    public bool VerifyMeet(ChannelBinding channel, PeerId bearer, ReadOnlySpan<byte> proof) =>
        CryptographicOperations.FixedTimeEquals(MeetProof(channel, bearer), proof);

    /// <summary>Whether a proof is for this connection and author; compared in constant time.</summary>
    public bool VerifyJoin(ChannelBinding channel, AuthorId author, ReadOnlySpan<byte> proof) =>
        CryptographicOperations.FixedTimeEquals(JoinProof(channel, author), proof);
}
