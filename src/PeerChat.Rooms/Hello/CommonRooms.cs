using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Hello;

/// <summary>Finds the rooms that two authenticated peers share; equal knowledge shows a match and nothing else does.</summary>
/// <remarks>
/// Each side sends one frame of 16 values, HMAC(room's knock key, L("rooms") ‖ own role ‖ CB)[0..16], in random
/// order, unused ones random. Only for after the hello: before it, a member of a room would learn of others' rooms unasked.
/// </remarks>
public static class CommonRooms
{
    /// <summary>Values in a frame: the same for everybody, so that the number of rooms stays hidden.</summary>
    public const int Capacity = 16;

    /// <summary>Bytes of a frame.</summary>
    public const int FrameSize = Capacity * ValueSize;

    private const int ValueSize = 16;

    /// <summary>The frame for our rooms.</summary>
    /// <param name="entropy">For the order and the unused values.</param>
    /// <param name="channel">The association the hello was held on.</param>
    /// <param name="knockKeys">The knock keys sub(r, knock) of at most 16 rooms; the caller chooses which.</param>
    /// <exception cref="ArgumentException">There are more than 16 rooms.</exception>
    public static byte[] Write(
        IEntropy entropy,
        ChannelBinding channel,
        IReadOnlyList<ReadOnlyMemory<byte>> knockKeys
    )
    {
        if (knockKeys.Count > Capacity)
        {
            throw new ArgumentException($"At most {Capacity} rooms fit.", nameof(knockKeys));
        }

        var frame = entropy.Bytes(FrameSize);
        var places = Shuffle(entropy);
        for (var i = 0; i < knockKeys.Count; i++)
        {
            ValueOf(knockKeys[i], channel.OwnRole, channel).CopyTo(frame.AsSpan(places[i] * ValueSize));
        }

        return frame;
    }

    /// <summary>Finds which of our rooms the peer's frame names.</summary>
    /// <param name="frame">What the peer sent.</param>
    /// <param name="channel">The association the hello was held on.</param>
    /// <param name="knockKeys">The knock keys of all our rooms, also of those that did not fit our own frame.</param>
    /// <param name="matches">Indexes into <paramref name="knockKeys"/>, ascending.</param>
    /// <returns>False when the frame has another size.</returns>
    public static bool TryMatch(
        ReadOnlySpan<byte> frame,
        ChannelBinding channel,
        IReadOnlyList<ReadOnlyMemory<byte>> knockKeys,
        [NotNullWhen(true)] out int[]? matches
    )
    {
        matches = null;
        if (frame.Length != FrameSize)
        {
            return false;
        }

        var found = new List<int>();
        for (var i = 0; i < knockKeys.Count; i++)
        {
            if (Contains(frame, ValueOf(knockKeys[i], channel.PeerRole, channel)))
            {
                found.Add(i);
            }
        }

        matches = [.. found];
        return true;
    }

    private static bool Contains(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> value)
    {
        var found = false;
        for (var at = 0; at < FrameSize; at += ValueSize)
        {
            found |= CryptographicOperations.FixedTimeEquals(frame.Slice(at, ValueSize), value);
        }

        return found;
    }

    private static byte[] ValueOf(ReadOnlyMemory<byte> knockKey, byte role, ChannelBinding channel) =>
        Digest.Mac(knockKey.Span, "rooms", new byte[] { role }, channel.Value.ToArray())[..ValueSize];

    private static int[] Shuffle(IEntropy entropy)
    {
        var places = Enumerable.Range(0, Capacity).ToArray();
        for (var i = Capacity - 1; i > 0; i--)
        {
            var other = (int)(entropy.NextUInt64() % (ulong)(i + 1)); // bias below 2^-59
            (places[i], places[other]) = (places[other], places[i]);
        }

        return places;
    }
}
