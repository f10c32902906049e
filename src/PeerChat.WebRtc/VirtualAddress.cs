using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.WebRtc.Ice;

namespace PeerChat.WebRtc;

/// <summary>
/// Addresses that stand for a way which the host makes itself, such as through another peer: the discard-only prefix 0100::/64 (RFC 6666) with
/// the way's handle behind it, to which no network leads.
/// </summary>
/// <remarks>Two of them form a pair only on the same way, and never with any other address: a peer that names one can have nothing sent anywhere.</remarks>
public static class VirtualAddress
{
    private static ReadOnlySpan<byte> Prefix => [0x01, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The address of one end.</summary>
    /// <param name="handle">The way.</param>
    /// <param name="port">The end.</param>
    public static TransportAddress Of(ulong handle, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        Prefix.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], handle);
        return TransportAddress.FromBytes(bytes, port);
    }

    /// <summary>Whether an address is of this kind; its handle.</summary>
    public static bool TryRead(TransportAddress address, out ulong handle)
    {
        handle = 0;
        if (!address.IsIPv6)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.WriteAddress(bytes);
        handle = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        return bytes.StartsWith(Prefix);
    }

    /// <summary>The candidate of the other end, with the lowest priority there is: any other way is better.</summary>
    public static IceCandidate CandidateAt(TransportAddress address) =>
        new(IceCandidateType.Relayed, address, IcePriority.OfCandidate(IceCandidateType.Relayed, 0), "v");

    /// <summary>Whether two addresses may form a pair as far as this goes.</summary>
    internal static bool CanPair(TransportAddress local, TransportAddress remote)
    {
        var (isLocal, isRemote) = (TryRead(local, out var one), TryRead(remote, out var other));
        return isLocal == isRemote && (!isLocal || one == other);
    }
}
