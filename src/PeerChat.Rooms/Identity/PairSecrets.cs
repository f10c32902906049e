using System.Security.Cryptography;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Rooms.Identity;

/// <summary>What derives from K_pair, the static Diffie-Hellman secret of two identities (crypto.md section 1).</summary>
public sealed class PairSecrets
{
    private PairSecrets(ReadOnlySpan<byte> pairKey)
    {
        Signal = SignalKeys.From(pairKey);
        DirectRoomId = new RoomId(new Bytes32(Digest.Sub(pairKey, "direct room id")));
    }

    /// <summary>sub(K_pair, tag), sub(K_pair, signal) and sub(K_pair, knock).</summary>
    public SignalKeys Signal { get; }

    /// <summary>sub(K_pair, direct room id): the room of these two, which nobody else can name.</summary>
    public RoomId DirectRoomId { get; }

    /// <summary>
    /// K_pair = HKDF(ikm = ECDH, salt empty, info = L("pair") ‖ the smaller PeerId ‖ the greater, 32), then its sub keys.
    /// </summary>
    internal static PairSecrets Derive(ReadOnlySpan<byte> sharedSecret, PeerId one, PeerId other)
    {
        var key = DeriveKey(sharedSecret, one, other);
        var secrets = new PairSecrets(key);
        CryptographicOperations.ZeroMemory(key);
        return secrets;
    }

    internal static byte[] DeriveKey(ReadOnlySpan<byte> sharedSecret, PeerId one, PeerId other)
    {
        var (smaller, greater) = one.CompareTo(other) < 0 ? (one, other) : (other, one);
        byte[] info = [.. Label.Of("pair"), .. smaller.Value.ToArray(), .. greater.Value.ToArray()];
        return Digest.Derive(sharedSecret, info, 32);
    }
}
