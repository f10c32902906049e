using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>Puts questions and records into as few messages as hold them.</summary>
internal static class LanPackets
{
    private const ushort ResponseFlags = DnsMessage.ResponseFlag | DnsMessage.AuthoritativeFlag;
    private const uint LegacyTtl = 10; // RFC 6762 section 6.7

    /// <summary>Queues messages for the groups of every family that the interface speaks.</summary>
    public static void Send(Queue<MulticastDatagram> outbox, LanInterface by, IEnumerable<byte[]> messages)
    {
        foreach (var message in messages)
        {
            foreach (var ipv6 in (bool[])[false, true])
            {
                if (by.Speaks(ipv6))
                {
                    outbox.Enqueue(new MulticastDatagram(by.Index, GroupOf(ipv6), message));
                }
            }
        }
    }

    /// <summary>The group of a family.</summary>
    public static TransportAddress GroupOf(bool ipv6) =>
        ipv6 ? MulticastDatagram.Group6 : MulticastDatagram.Group4;

    /// <summary>Queries with their known answers; where those need further messages, all but the last say so (RFC 6762 section 7.2).</summary>
    public static List<byte[]> Queries(IEnumerable<DnsQuestion> questions, IReadOnlyList<DnsRecord> known)
    {
        var messages = new List<byte[]>();
        var writer = new DnsMessageWriter();
        foreach (var question in questions)
        {
            if (!writer.TryAdd(question))
            {
                messages.Add(writer.Finish(flags: 0));
                writer = new DnsMessageWriter();
                writer.TryAdd(question);
            }
        }

        foreach (var answer in known)
        {
            if (!writer.TryAdd(DnsSection.Answer, answer))
            {
                messages.Add(writer.Finish(DnsMessage.TruncatedFlag));
                writer = new DnsMessageWriter();
                writer.TryAdd(DnsSection.Answer, answer);
            }
        }

        messages.Add(writer.Finish(flags: 0));
        return messages;
    }

    /// <summary>Responses with all answers, and with those additional records for which the last has room.</summary>
    public static List<byte[]> Responses(
        IEnumerable<DnsRecord> answers,
        IEnumerable<DnsRecord> additionals,
        List<DnsRecord>? written = null
    )
    {
        var messages = new List<byte[]>();
        var writer = new DnsMessageWriter();
        foreach (var answer in answers)
        {
            if (!writer.TryAdd(DnsSection.Answer, answer))
            {
                messages.Add(writer.Finish(ResponseFlags));
                writer = new DnsMessageWriter();
                writer.TryAdd(DnsSection.Answer, answer);
            }

            written?.Add(answer);
        }

        foreach (var extra in additionals)
        {
            if (writer.TryAdd(DnsSection.Additional, extra))
            {
                written?.Add(extra);
            }
        }

        if (!writer.IsEmpty)
        {
            messages.Add(writer.Finish(ResponseFlags));
        }

        return messages;
    }

    /// <summary>
    /// The answer to a resolver that knows nothing of multicast DNS: its id and question come back, lives are
    /// short, and there are no cache-flush bits (RFC 6762 section 6.7).
    /// </summary>
    public static byte[] LegacyResponse(
        ushort id,
        IEnumerable<DnsQuestion> questions,
        IEnumerable<DnsRecord> answers,
        IEnumerable<DnsRecord> additionals
    )
    {
        var writer = new DnsMessageWriter(compressService: false);
        foreach (var question in questions)
        {
            writer.TryAdd(question);
        }

        foreach (var answer in answers)
        {
            writer.TryAdd(DnsSection.Answer, Shorten(answer));
        }

        foreach (var extra in additionals)
        {
            writer.TryAdd(DnsSection.Additional, Shorten(extra));
        }

        return writer.Finish(ResponseFlags, id);

        static DnsRecord Shorten(DnsRecord record) =>
            record.With(Math.Min(record.Ttl, LegacyTtl), cacheFlush: false);
    }
}
