using System.Buffers.Binary;

namespace PeerChat.Rendezvous.Lan.Dns;

/// <summary>Writes one message with compressed names; what does not fit any more is refused and leaves no trace.</summary>
/// <param name="maxSize">Bytes that the message may have.</param>
/// <param name="compressService">
/// Whether hosts in SRV records are compressed: multicast receivers must cope, legacy ones must not be asked to
/// (RFC 6762 section 18.14).
/// </param>
internal sealed class DnsMessageWriter(
    int maxSize = DnsMessageWriter.DefaultMaxSize,
    bool compressService = true
)
{
    /// <summary>Fits an Ethernet frame with IPv6 and UDP headers and some room for tunnels (RFC 6762 section 17).</summary>
    public const int DefaultMaxSize = 1400;

    private const int MaxPointerTarget = 0x3FFF; // 14 bits, RFC 1035 section 4.1.4
    private readonly byte[] _buffer = new byte[maxSize];
    private readonly List<(ReadOnlyMemory<byte> Suffix, int Offset)> _written = [];
    private readonly ushort[] _records = new ushort[3];
    private int _position = DnsMessage.HeaderSize;
    private ushort _questions;

    /// <summary>Whether nothing was added yet.</summary>
    public bool IsEmpty => _position == DnsMessage.HeaderSize;

    /// <summary>Adds a question; all questions come before all records.</summary>
    public bool TryAdd(DnsQuestion question)
    {
        var mark = (_position, _written.Count);
        if (
            PutName(question.Name, compress: true)
            && PutUInt16((ushort)question.Type)
            && PutUInt16(question.ClassField)
        )
        {
            _questions++;
            return true;
        }

        return Undo(mark);
    }

    /// <summary>Adds a record; sections come in the order of <see cref="DnsSection"/>.</summary>
    public bool TryAdd(DnsSection section, DnsRecord record)
    {
        var mark = (_position, _written.Count);
        var lengthAt = 0;
        var ok =
            PutName(record.Name, compress: true)
            && PutUInt16((ushort)record.Type)
            && PutUInt16(record.ClassField)
            && PutUInt16((ushort)(record.Ttl >> 16))
            && PutUInt16((ushort)(record.Ttl & 0xFFFF));
        lengthAt = _position;
        ok = ok && PutUInt16(0) && PutContent(record);
        if (!ok)
        {
            return Undo(mark);
        }

        var length = (ushort)(_position - lengthAt - 2);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(lengthAt), length);
        _records[(int)section]++;
        return true;
    }

    /// <summary>The finished message in an array of its own.</summary>
    public byte[] Finish(ushort flags, ushort id = 0)
    {
        var header = _buffer.AsSpan();
        BinaryPrimitives.WriteUInt16BigEndian(header, id);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], flags);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], _questions);
        for (var i = 0; i < _records.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header[(6 + (2 * i))..], _records[i]);
        }

        return _buffer[.._position];
    }

    private bool PutContent(DnsRecord record) =>
        record.Type switch
        {
            DnsType.Ptr => PutName(record.Target!, compress: true),
            DnsType.Srv => PutUInt16(0)
                && PutUInt16(0)
                && PutUInt16(record.Port)
                && PutName(record.Target!, compressService),
            _ => PutBytes(record.Data.Span),
        };

    private bool PutName(DnsName name, bool compress)
    {
        var wire = name.Wire;
        for (var at = 0; wire.Span[at] != 0; at += wire.Span[at] + 1)
        {
            var suffix = wire[at..];
            var known = compress ? _written.FindIndex(w => w.Suffix.Span.SequenceEqual(suffix.Span)) : -1;
            if (known >= 0)
            {
                return PutUInt16((ushort)(0xC000 | _written[known].Offset));
            }

            if (_position <= MaxPointerTarget)
            {
                _written.Add((suffix, _position));
            }

            if (!PutBytes(suffix.Span[..(suffix.Span[0] + 1)]))
            {
                return false;
            }
        }

        return PutBytes([0]);
    }

    private bool PutUInt16(ushort value) => PutBytes([(byte)(value >> 8), (byte)(value & 0xFF)]);

    private bool PutBytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _position)
        {
            return false;
        }

        bytes.CopyTo(_buffer.AsSpan(_position));
        _position += bytes.Length;
        return true;
    }

    private bool Undo((int Position, int Names) mark)
    {
        _position = mark.Position;
        _written.RemoveRange(mark.Names, _written.Count - mark.Names);
        return false;
    }
}
