using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Epochs;

/// <summary>The secret of an epoch from one generation on, and the room's rendezvous secret r (crypto.md section 5).</summary>
internal sealed class EpochSecret
{
    /// <summary>
    /// Generations ahead that are computed on demand. A generation is spent on a newcomer, and a room has at most 1,024 authors;
    /// more would only let a header make us hash for hours.
    /// </summary>
    public const uint MaxSteps = 1024;

    private readonly byte[] _secret;

    /// <summary>A secret as it was wrapped.</summary>
    public EpochSecret(uint generation, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> rendezvous)
    {
        Generation = generation;
        _secret = secret.ToArray();
        Rendezvous = rendezvous.ToArray();
    }

    /// <summary>The first generation that it opens.</summary>
    public uint Generation { get; }

    /// <summary>r.</summary>
    public ReadOnlyMemory<byte> Rendezvous { get; }

    /// <summary>s ‖ r, what a wrap holds.</summary>
    public byte[] Wrapped => [.. _secret, .. Rendezvous.Span];

    /// <summary>commit = HKDF-Expand(s_0, L("commit") ‖ room id, 32).</summary>
    public static Bytes32 CommitOf(ReadOnlySpan<byte> secret, RoomId room) =>
        new(Digest.Expand(secret, [.. Label.Of("commit"), .. room.Value.ToArray()], 32));

    /// <summary>s_g; null for a generation before the first or too far after it.</summary>
    public byte[]? At(uint generation)
    {
        if (generation < Generation || generation - Generation > MaxSteps)
        {
            return null;
        }

        var secret = _secret;
        for (var g = Generation; g < generation; g++)
        {
            secret = Digest.Sub(secret, "step");
        }

        return secret;
    }
}
