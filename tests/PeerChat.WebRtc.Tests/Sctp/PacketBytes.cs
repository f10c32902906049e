using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>Packets made by hand.</summary>
internal static class PacketBytes
{
    public static byte[] Create(VerificationTag tag, params byte[][] chunks)
    {
        var packet = new List<byte>(new byte[CommonHeader.Size]);
        foreach (var chunk in chunks)
        {
            packet.AddRange(chunk);
            packet.AddRange(new byte[Padding.RoundUp(chunk.Length) - chunk.Length]);
        }

        return Seal(tag, [.. packet]);
    }

    /// <summary>Writes a header with a fresh checksum over a packet.</summary>
    public static byte[] Seal(VerificationTag tag, byte[] packet)
    {
        new CommonHeader(SctpOptions.DefaultPort, SctpOptions.DefaultPort, tag).Write(packet);
        return packet;
    }
}
