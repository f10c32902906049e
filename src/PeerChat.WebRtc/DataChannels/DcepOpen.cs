using System.Text;
using System.Text.Unicode;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.DataChannels;

/// <summary>DATA_CHANNEL_OPEN (RFC 8832 section 5.1).</summary>
/// <remarks>
/// <code>
/// | message type 3 | channel type |        priority        |
/// |              reliability parameter                     |
/// |      label length             |    protocol length     |
/// |      label, then protocol (UTF-8)                      |
/// </code>
/// </remarks>
/// <param name="ChannelType">How the channel treats loss and order.</param>
/// <param name="Priority">Its weight among channels.</param>
/// <param name="ReliabilityParameter">Retransmissions or milliseconds, by type.</param>
/// <param name="Label">Its name; the peer's words, so unsafe to show as they are.</param>
/// <param name="Protocol">Its subprotocol.</param>
internal sealed record DcepOpen(
    DcepChannelType ChannelType,
    ushort Priority,
    uint ReliabilityParameter,
    string Label,
    string Protocol
)
{
    /// <summary>Bytes of a label or protocol; the format would allow 65535, and names are short.</summary>
    public const int MaxNameBytes = 1024;

    private const int HeaderSize = 12;

    /// <summary>The message that opens a channel with these options.</summary>
    /// <exception cref="ArgumentException">A name is too long, or the limits of loss make no sense.</exception>
    public static DcepOpen Of(string label, DataChannelOptions options)
    {
        if (
            Encoding.UTF8.GetByteCount(label) > MaxNameBytes
            || Encoding.UTF8.GetByteCount(options.Protocol) > MaxNameBytes
        )
        {
            throw new ArgumentException(
                $"A name is longer than {MaxNameBytes} bytes of UTF-8.",
                nameof(label)
            );
        }

        var (type, parameter) = options switch
        {
            { MaxRetransmits: null, MaxPacketLifeTime: null } => (DcepChannelType.Reliable, 0d),
            { MaxRetransmits: { } count, MaxPacketLifeTime: null } => (
                DcepChannelType.PartialReliableRexmit,
                count
            ),
            { MaxRetransmits: null, MaxPacketLifeTime: { } time } => (
                DcepChannelType.PartialReliableTimed,
                Math.Floor(time.TotalMilliseconds)
            ),
            _ => throw new ArgumentException(
                "Retransmissions and life time exclude each other.",
                nameof(options)
            ),
        };
        if (parameter is < 0 or > uint.MaxValue)
        {
            throw new ArgumentException("A limit of loss is negative or too large.", nameof(options));
        }

        type |= options.IsOrdered ? DcepChannelType.Reliable : DcepChannelType.ReliableUnordered;
        return new DcepOpen(type, options.Priority, (uint)parameter, label, options.Protocol);
    }

    /// <summary>What it says of the channel.</summary>
    public DataChannelOptions ToOptions()
    {
        var kind = ChannelType & ~DcepChannelType.ReliableUnordered;
        return new DataChannelOptions
        {
            Protocol = Protocol,
            IsOrdered = kind == ChannelType,
            MaxRetransmits =
                kind == DcepChannelType.PartialReliableRexmit
                    ? (int)Math.Min(ReliabilityParameter, int.MaxValue)
                    : null,
            MaxPacketLifeTime =
                kind == DcepChannelType.PartialReliableTimed
                    ? TimeSpan.FromMilliseconds(ReliabilityParameter)
                    : null,
            Priority = Priority,
        };
    }

    /// <summary>Reads a message; names must be valid UTF-8 within the limit, and nothing may follow them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out DcepOpen open)
    {
        open = null!;
        var reader = new SpanReader(source);
        if (
            source.Length < HeaderSize
            || !reader.TryReadByte(out var messageType)
            || messageType != (byte)DcepMessageType.Open
            || !reader.TryReadByte(out var channelType)
            || !reader.TryReadUInt16(out var priority)
            || !reader.TryReadUInt32(out var reliability)
            || !reader.TryReadUInt16(out var labelLength)
            || !reader.TryReadUInt16(out var protocolLength)
            || !TryReadName(ref reader, labelLength, out var label)
            || !TryReadName(ref reader, protocolLength, out var protocol)
            || !reader.AtEnd
            || (channelType & ~(byte)DcepChannelType.ReliableUnordered)
                > (byte)DcepChannelType.PartialReliableTimed
        )
        {
            return false;
        }

        open = new DcepOpen((DcepChannelType)channelType, priority, reliability, label, protocol);
        return true;
    }

    /// <summary>The message.</summary>
    public byte[] ToBytes()
    {
        var label = Encoding.UTF8.GetBytes(Label);
        var protocol = Encoding.UTF8.GetBytes(Protocol);
        var bytes = new byte[HeaderSize + label.Length + protocol.Length];
        var writer = new SpanWriter(bytes);
        writer.WriteByte((byte)DcepMessageType.Open);
        writer.WriteByte((byte)ChannelType);
        writer.WriteUInt16(Priority);
        writer.WriteUInt32(ReliabilityParameter);
        writer.WriteUInt16((ushort)label.Length);
        writer.WriteUInt16((ushort)protocol.Length);
        writer.WriteBytes(label);
        writer.WriteBytes(protocol);
        return bytes;
    }

    private static bool TryReadName(ref SpanReader reader, int length, out string name)
    {
        name = "";
        if (length > MaxNameBytes || !reader.TryReadBytes(length, out var bytes) || !Utf8.IsValid(bytes))
        {
            return false;
        }

        name = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
