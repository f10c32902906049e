using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>The Outgoing SSN Reset Request Parameter: streams of the sender begin anew (RFC 6525 section 4.1).</summary>
/// <remarks>
/// <code>
/// |         type 13           |          length          |
/// |         re-configuration request number              |
/// |         re-configuration response number             |
/// |           sender's last assigned TSN                 |
/// |         stream            |          stream          |  none: all
/// </code>
/// </remarks>
/// <param name="Number">The request's number.</param>
/// <param name="ResponseNumber">The request of the other side that this answers, or the last one that was seen.</param>
/// <param name="LastTsn">All data up to this TSN is from before the reset.</param>
/// <param name="Streams">The streams; none means all.</param>
internal sealed record OutgoingResetRequest(
    uint Number,
    uint ResponseNumber,
    Tsn LastTsn,
    IReadOnlyList<StreamId> Streams
)
{
    /// <summary>Streams of one request that are looked at; a packet of the usual size holds fewer.</summary>
    public const int MaxStreams = 1024;

    private const int FixedSize = ParameterReader.HeaderSize + (3 * sizeof(uint));

    /// <summary>Reads a parameter with its header; one with an odd end or too many streams is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> parameter, out OutgoingResetRequest request)
    {
        request = null!;
        var count = (parameter.Length - FixedSize) / sizeof(ushort);
        if (
            parameter.Length < FixedSize
            || (parameter.Length - FixedSize) % sizeof(ushort) != 0
            || count > MaxStreams
        )
        {
            return false;
        }

        var streams = new StreamId[count];
        for (var i = 0; i < count; i++)
        {
            var offset = FixedSize + (i * sizeof(ushort));
            streams[i] = new StreamId(BinaryPrimitives.ReadUInt16BigEndian(parameter[offset..]));
        }

        var reader = new SpanReader(parameter[ParameterReader.HeaderSize..]);
        reader.TryReadUInt32(out var number);
        reader.TryReadUInt32(out var responseNumber);
        reader.TryReadUInt32(out var lastTsn);
        request = new OutgoingResetRequest(number, responseNumber, new Tsn(lastTsn), streams);
        return true;
    }

    /// <summary>The parameter with its header, without padding.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[FixedSize + (Streams.Count * sizeof(ushort))];
        var writer = new SpanWriter(bytes);
        writer.WriteUInt16(ParameterType.OutgoingReset);
        writer.WriteUInt16((ushort)bytes.Length);
        writer.WriteUInt32(Number);
        writer.WriteUInt32(ResponseNumber);
        writer.WriteUInt32(LastTsn.Value);
        foreach (var stream in Streams)
        {
            writer.WriteUInt16(stream.Value);
        }

        return bytes;
    }
}
