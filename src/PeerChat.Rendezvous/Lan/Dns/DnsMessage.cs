using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan.Dns;

/// <summary>A multicast DNS message as it was received (RFC 1035 section 4.1, RFC 6762 section 18).</summary>
/// <remarks>
/// <code>
///  0                             1
///  0  1  2  3  4  5  6  7  8  9  0  1  2  3  4  5
/// +-----------------------------------------------+
/// |                      ID                       |
/// |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
/// |   QDCOUNT, ANCOUNT, NSCOUNT, ARCOUNT          |
/// +-----------------------------------------------+
/// </code>
/// </remarks>
internal sealed class DnsMessage
{
    /// <summary>Bytes before the first question.</summary>
    public const int HeaderSize = 12;

    /// <summary>The largest message, IP and UDP headers included (RFC 6762 section 17).</summary>
    public const int MaxSize = 9000;

    /// <summary>Questions taken from one message; a busy browser asks some twenty at once. A guess.</summary>
    public const int MaxQuestions = 64;

    /// <summary>Records taken from one message: 9,000 bytes hold about as many sensible ones. A guess.</summary>
    public const int MaxRecords = 256;

    /// <summary>QR: this is a response.</summary>
    public const ushort ResponseFlag = 0x8000;

    /// <summary>AA: the sender owns the records; always set in multicast responses (RFC 6762 section 18.4).</summary>
    public const ushort AuthoritativeFlag = 0x0400;

    /// <summary>TC: in a query, more known answers follow (RFC 6762 section 7.2).</summary>
    public const ushort TruncatedFlag = 0x0200;

    private const ushort OpcodeMask = 0x7800;
    private const ushort ResponseCodeMask = 0x000F;

    private DnsMessage(ushort id, ushort flags)
    {
        Id = id;
        IsResponse = (flags & ResponseFlag) != 0;
        IsTruncated = (flags & TruncatedFlag) != 0;
    }

    /// <summary>The number that ties a legacy query to its answer; 0 in multicast.</summary>
    public ushort Id { get; }

    /// <summary>Whether it answers; otherwise it asks.</summary>
    public bool IsResponse { get; }

    /// <summary>Whether more known answers follow in further messages.</summary>
    public bool IsTruncated { get; }

    /// <summary>What is asked.</summary>
    public List<DnsQuestion> Questions { get; } = [];

    /// <summary>Answers; in a query the answers that the asker knows already.</summary>
    public List<DnsRecord> Answers { get; } = [];

    /// <summary>In a query: what the asker would like to own, so this is a probe (RFC 6762 section 8.1).</summary>
    public List<DnsRecord> Authorities { get; } = [];

    /// <summary>What the sender thinks is asked for next.</summary>
    public List<DnsRecord> Additionals { get; } = [];

    /// <summary>Reads a message; false for anything that is broken, too large or not a plain query or response.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out DnsMessage message)
    {
        message = null!;
        var reader = new SpanReader(datagram);
        if (
            datagram.Length > MaxSize
            || !reader.TryReadUInt16(out var id)
            || !reader.TryReadUInt16(out var flags)
            || !reader.TryReadUInt16(out var questions)
            || !reader.TryReadUInt16(out var answers)
            || !reader.TryReadUInt16(out var authorities)
            || !reader.TryReadUInt16(out var additionals)
            || questions > MaxQuestions
            || answers + authorities + additionals > MaxRecords
            // RFC 6762 sections 18.3 and 18.11: other operations and error codes are silently ignored.
            || (flags & (OpcodeMask | ResponseCodeMask)) != 0
        )
        {
            return false;
        }

        var result = new DnsMessage(id, flags);
        var position = reader.Position;
        for (var i = 0; i < questions; i++)
        {
            if (!DnsQuestion.TryRead(datagram, ref position, out var question))
            {
                return false;
            }

            if (question is { } known)
            {
                result.Questions.Add(known);
            }
        }

        var whole =
            TryReadRecords(datagram, ref position, answers, result.Answers)
            && TryReadRecords(datagram, ref position, authorities, result.Authorities)
            && TryReadRecords(datagram, ref position, additionals, result.Additionals);
        message = result;
        return whole;
    }

    private static bool TryReadRecords(
        ReadOnlySpan<byte> datagram,
        ref int position,
        int count,
        List<DnsRecord> records
    )
    {
        for (var i = 0; i < count; i++)
        {
            if (!DnsRecord.TryRead(datagram, ref position, out var record))
            {
                return false;
            }

            if (record is not null)
            {
                records.Add(record);
            }
        }

        return true;
    }
}
