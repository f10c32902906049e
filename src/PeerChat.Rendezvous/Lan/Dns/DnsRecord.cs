using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan.Dns;

/// <summary>One resource record of class IN (RFC 1035 section 4.1.3; the cache-flush bit is RFC 6762 section 10.2).</summary>
internal sealed class DnsRecord
{
    /// <summary>The longest TXT content taken or given: one datagram of 1,500 bytes (RFC 6763 section 6.2).</summary>
    public const int MaxTextSize = 1300;

    private const ushort CacheFlushBit = 0x8000; // RFC 6762 section 18.13
    private const ushort ClassIn = 1;

    private DnsRecord(DnsName name, DnsType type, uint ttl, bool cacheFlush)
    {
        Name = name;
        Type = type;
        Ttl = ttl;
        CacheFlush = cacheFlush;
    }

    /// <summary>Whose record it is.</summary>
    public DnsName Name { get; }

    /// <summary>What <see cref="Target"/>, <see cref="Port"/> and <see cref="Data"/> mean.</summary>
    public DnsType Type { get; }

    /// <summary>Seconds that the record may be believed; 0 withdraws it.</summary>
    public uint Ttl { get; }

    /// <summary>The sender has the whole set: older records of this name and type are void.</summary>
    public bool CacheFlush { get; }

    /// <summary>The name in a PTR or SRV record.</summary>
    public DnsName? Target { get; private init; }

    /// <summary>The port in an SRV record.</summary>
    public ushort Port { get; private init; }

    /// <summary>The content of the other types.</summary>
    public ReadOnlyMemory<byte> Data { get; private init; }

    /// <summary>The class field with the cache-flush bit.</summary>
    public ushort ClassField => CacheFlush ? (ushort)(ClassIn | CacheFlushBit) : ClassIn;

    /// <summary>A shared record that leads from a service to an instance.</summary>
    public static DnsRecord Pointer(DnsName name, DnsName target, uint ttl) =>
        new(name, DnsType.Ptr, ttl, cacheFlush: false) { Target = target };

    /// <summary>Host and port of an instance, with priority and weight 0.</summary>
    public static DnsRecord Service(DnsName name, DnsName target, ushort port, uint ttl) =>
        new(name, DnsType.Srv, ttl, cacheFlush: true) { Target = target, Port = port };

    /// <summary>The strings of an instance, already encoded.</summary>
    public static DnsRecord Text(DnsName name, ReadOnlyMemory<byte> data, uint ttl) =>
        new(name, DnsType.Txt, ttl, cacheFlush: true) { Data = data };

    /// <summary>An address of a host.</summary>
    public static DnsRecord Address(DnsName name, TransportAddress address, uint ttl)
    {
        var data = new byte[address.IsIPv6 ? 16 : 4];
        address.WriteAddress(data);
        var type = address.IsIPv6 ? DnsType.Aaaa : DnsType.A;
        return new DnsRecord(name, type, ttl, cacheFlush: true) { Data = data };
    }

    /// <summary>Says that <paramref name="name"/> has these types and no others (RFC 6762 section 6.1).</summary>
    public static DnsRecord OnlyTypes(DnsName name, IEnumerable<DnsType> types, uint ttl)
    {
        // One bitmap of window 0 suffices: every type here is below 256 (RFC 4034 section 4.1.2).
        var all = types.Select(type => (int)type).ToArray();
        var bitmap = new byte[(all.Max() / 8) + 1];
        foreach (var type in all)
        {
            bitmap[type / 8] |= (byte)(0x80 >> (type % 8));
        }

        byte[] data = [.. name.Wire.Span, 0, (byte)bitmap.Length, .. bitmap];
        return new DnsRecord(name, DnsType.Nsec, ttl, cacheFlush: true) { Data = data };
    }

    /// <summary>The same record with another time to live, and without the cache-flush bit if asked.</summary>
    public DnsRecord With(uint ttl, bool cacheFlush) =>
        new(Name, Type, ttl, cacheFlush)
        {
            Target = Target,
            Port = Port,
            Data = Data,
        };

    /// <summary>Whether the other record says the same about the same name; time to live aside.</summary>
    public bool SaysTheSameAs(DnsRecord other) =>
        Type == other.Type
        && Port == other.Port
        && Name.Equals(other.Name)
        && Equals(Target, other.Target)
        && Data.Span.SequenceEqual(other.Data.Span);

    /// <summary>
    /// Reads a record. False when the message is broken from here on; null when the record alone is
    /// of no use: another class, another type, or content that makes no sense.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int position, out DnsRecord? record)
    {
        record = null;
        if (!DnsName.TryRead(message, ref position, out var name))
        {
            return false;
        }

        var reader = new SpanReader(message[position..]);
        if (
            !reader.TryReadUInt16(out var type)
            || !reader.TryReadUInt16(out var classAndBit)
            || !reader.TryReadUInt32(out var ttl)
            || !reader.TryReadUInt16(out var length)
            || reader.Remaining < length
        )
        {
            return false;
        }

        var start = position + reader.Position;
        position = start + length;
        if ((classAndBit & ~CacheFlushBit) != ClassIn)
        {
            return true;
        }

        // RFC 2181 section 8: a TTL with the highest bit set counts as zero.
        var head = new DnsRecord(
            name,
            (DnsType)type,
            ttl > int.MaxValue ? 0 : ttl,
            (classAndBit & CacheFlushBit) != 0
        );
        record = ReadContent(message[..position], start, head);
        return true;
    }

    private static DnsRecord? ReadContent(ReadOnlySpan<byte> message, int start, DnsRecord head)
    {
        var length = message.Length - start;
        switch (head.Type)
        {
            case DnsType.A when length == 4:
            case DnsType.Aaaa when length == 16:
            case DnsType.Txt when length <= MaxTextSize:
            case DnsType.Nsec when length <= DnsName.MaxSize + 34:
                return new DnsRecord(head.Name, head.Type, head.Ttl, head.CacheFlush)
                {
                    Data = message[start..].ToArray(),
                };
            case DnsType.Ptr:
                return DnsName.TryRead(message, ref start, out var target) && start == message.Length
                    ? new DnsRecord(head.Name, head.Type, head.Ttl, head.CacheFlush) { Target = target }
                    : null;
            case DnsType.Srv when length > 6:
                var port = (ushort)((message[start + 4] << 8) | message[start + 5]);
                start += 6;
                return DnsName.TryRead(message, ref start, out var host) && start == message.Length
                    ? new DnsRecord(head.Name, head.Type, head.Ttl, head.CacheFlush)
                    {
                        Target = host,
                        Port = port,
                    }
                    : null;
            default:
                return null;
        }
    }
}
