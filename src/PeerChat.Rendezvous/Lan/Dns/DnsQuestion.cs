using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan.Dns;

/// <summary>One question of a message (RFC 1035 section 4.1.2; the QU bit is RFC 6762 section 5.4).</summary>
/// <param name="Name">The name that is asked about.</param>
/// <param name="Type">The type that is asked for.</param>
/// <param name="UnicastResponse">The QU bit: the asker would take a unicast answer.</param>
internal readonly record struct DnsQuestion(DnsName Name, DnsType Type, bool UnicastResponse = false)
{
    private const ushort UnicastBit = 0x8000; // RFC 6762 section 18.12
    private const ushort ClassIn = 1;
    private const ushort ClassAny = 255;

    /// <summary>Reads a question; false when the message is broken, null when it is of a class that nobody has here.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int position, out DnsQuestion? question)
    {
        question = null;
        if (!DnsName.TryRead(message, ref position, out var name))
        {
            return false;
        }

        var reader = new SpanReader(message[position..]);
        if (!reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var classAndBit))
        {
            return false;
        }

        position += reader.Position;
        if ((classAndBit & ~UnicastBit) is ClassIn or ClassAny)
        {
            question = new DnsQuestion(name, (DnsType)type, (classAndBit & UnicastBit) != 0);
        }

        return true;
    }

    /// <summary>The class field with the QU bit.</summary>
    public ushort ClassField => UnicastResponse ? (ushort)(ClassIn | UnicastBit) : ClassIn;
}
