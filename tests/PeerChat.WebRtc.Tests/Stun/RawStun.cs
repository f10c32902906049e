using System.Buffers.Binary;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc.Tests.Stun;

/// <summary>Attributes of a message by type, for servers and checks in tests.</summary>
internal static class RawStun
{
    /// <summary>Whether there is an attribute of that type.</summary>
    public static bool Has(ReadOnlySpan<byte> message, StunAttributeType type) =>
        Find(message, type) is not null;

    /// <summary>The value of the first attribute of that type; null without one.</summary>
    public static byte[]? Find(ReadOnlySpan<byte> message, StunAttributeType type)
    {
        var rest = message[StunHeader.Size..];
        while (rest.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == (int)type)
            {
                return rest.Slice(4, length).ToArray();
            }

            rest = rest[(4 + ((length + 3) & ~3))..];
        }

        return null;
    }
}
