using System.Buffers.Binary;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>What a gateway says unasked, to all: its epoch (RFC 6887 section 14.1, RFC 6886 section 3.2.1).</summary>
/// <param name="Epoch">Seconds since the gateway began its table.</param>
internal readonly record struct PcpAnnouncement(uint Epoch)
{
    private const int PcpSize = 24;

    /// <summary>Reads one of either protocol.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out PcpAnnouncement announcement)
    {
        announcement = default;
        if (source.Length >= PcpSize && source.Length <= PortMappingLimits.MaxPcpSize && source[0] == 2)
        {
            if (source[1] != 0x80 || source[3] != 0)
            {
                return false;
            }

            announcement = new PcpAnnouncement(BinaryPrimitives.ReadUInt32BigEndian(source[8..]));
            return true;
        }

        if (!NatPmpAnswer.TryParse(source, out var answer) || answer is not { IsMap: false, Result: 0 })
        {
            return false;
        }

        announcement = new PcpAnnouncement(answer.Epoch);
        return true;
    }
}
