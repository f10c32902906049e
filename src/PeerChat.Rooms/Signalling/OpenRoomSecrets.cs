using System.Security.Cryptography;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Signalling;

/// <summary>What everybody who knows the name of an open room knows: its id, its epoch secret and how to meet (crypto.md section 7).</summary>
/// <remarks>
/// K = PBKDF2-HMAC-SHA256(password = name in Form C and UTF-8, salt = ASCII "peerchat/1 open", 600,000, 32 bytes);
/// room id = sub(K, "open room id"), s_0 = sub(K, "open epoch"), r = sub(K, "open rendezvous"). The epoch id is the room id.
/// The name can be guessed: everything in such a room counts as public.
/// </remarks>
public sealed class OpenRoomSecrets
{
    private static readonly byte[] Salt = "peerchat/1 open"u8.ToArray();
    private readonly byte[] _epochSecret;
    private readonly byte[] _rendezvousSecret;

    private OpenRoomSecrets(ReadOnlySpan<byte> secret)
    {
        Secret = secret.ToArray();
        RoomId = new RoomId(new Bytes32(Digest.Sub(secret, "open room id")));
        _epochSecret = Digest.Sub(secret, "open epoch");
        _rendezvousSecret = Digest.Sub(secret, "open rendezvous");
        Signal = SignalKeys.From(_rendezvousSecret);
    }

    /// <summary>K itself, 32 bytes, to be kept so that joining again is quick.</summary>
    public ReadOnlyMemory<byte> Secret { get; }

    /// <summary>The id of the room, and of its only epoch.</summary>
    public RoomId RoomId { get; }

    /// <summary>s_0 of the room's only epoch, 32 bytes.</summary>
    public ReadOnlyMemory<byte> EpochSecret => _epochSecret;

    /// <summary>r, 32 bytes.</summary>
    public ReadOnlyMemory<byte> RendezvousSecret => _rendezvousSecret;

    /// <summary>The sub keys of r.</summary>
    public SignalKeys Signal { get; }

    /// <summary>Derives all from the name; takes tenths of a second by design, so keep the result.</summary>
    public static OpenRoomSecrets DeriveExpensively(DisplayName roomName) =>
        Derive(roomName, BareNames.Rounds);

    /// <summary>Restores all from a kept K.</summary>
    /// <exception cref="ArgumentException">It has not 32 bytes.</exception>
    public static OpenRoomSecrets Restore(ReadOnlySpan<byte> secret) =>
        secret.Length == BareNames.SecretSize
            ? new OpenRoomSecrets(secret)
            : throw new ArgumentException("The secret of an open room has 32 bytes.", nameof(secret));

    internal static OpenRoomSecrets Derive(DisplayName roomName, int rounds) =>
        new(
            Rfc2898DeriveBytes.Pbkdf2(
                roomName.ToUtf8(),
                Salt,
                rounds,
                HashAlgorithmName.SHA256,
                BareNames.SecretSize
            )
        );
}
