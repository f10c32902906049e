using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Signalling;

/// <summary>The name under which something sealed lies at a service: 20 bytes that change daily (crypto.md section 7).</summary>
/// <param name="High">The first 4 bytes.</param>
/// <param name="Low">The other 16 bytes.</param>
public readonly record struct SignalTag(uint High, UInt128 Low)
{
    /// <summary>Bytes of a tag: those of a BitTorrent info hash and of a DHT key.</summary>
    public const int Size = 20;

    /// <summary>How close to midnight (UTC) the neighbouring day's tag is used too: clocks and time zones are set wrongly.</summary>
    public static readonly TimeSpan MidnightMargin = TimeSpan.FromHours(2);

    private const long MillisecondsPerDay = 86_400_000;

    /// <summary>HMAC-SHA256(K_tag, L("tag") ‖ rung ‖ u32 UTC day ‖ listener PeerId or zeros)[0..20].</summary>
    /// <param name="keys">The keys of the contact, room, invitation or bare names.</param>
    /// <param name="rung">The way of finding.</param>
    /// <param name="utcDay">Days since 1970-01-01, UTC.</param>
    /// <param name="listener">Who listens at the tag; null where all meet at one.</param>
    public static SignalTag Compute(SignalKeys keys, Rung rung, uint utcDay, PeerId? listener)
    {
        var input = new byte[1 + 4 + Bytes32.Size];
        var writer = new SpanWriter(input);
        writer.WriteByte((byte)rung);
        writer.WriteUInt32(utcDay);
        (listener ?? default).Value.CopyTo(writer.Advance(Bytes32.Size));
        return Read(Digest.Mac(keys.TagKey.Span, "tag", input));
    }

    /// <summary>The days whose tags are in use: today first, then the neighbour within 2 hours of midnight.</summary>
    public static uint[] DaysAt(WallTime now)
    {
        var today = now.UtcDay;
        var sinceMidnight = now.UnixMilliseconds - (today * MillisecondsPerDay);
        var margin = (long)MidnightMargin.TotalMilliseconds;
        return sinceMidnight < margin && today > 0 ? [today, today - 1]
            : sinceMidnight >= MillisecondsPerDay - margin ? [today, today + 1]
            : [today];
    }

    /// <summary>Reads exactly 20 bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out SignalTag tag)
    {
        tag = source.Length == Size ? Read(source) : default;
        return source.Length == Size;
    }

    /// <summary>Writes the 20 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, High);
        BinaryPrimitives.WriteUInt128BigEndian(destination[4..], Low);
    }

    /// <summary>The 20 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    /// <summary>The 40 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    private static SignalTag Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(source), BinaryPrimitives.ReadUInt128BigEndian(source[4..]));
}
