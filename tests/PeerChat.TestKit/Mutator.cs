using System.Buffers.Binary;

namespace PeerChat.TestKit;

/// <summary>Changes real input as damage and malice do: bits, lengths, cuts, repetitions, pieces of other input.</summary>
/// <param name="seed">The same seed makes the same choices.</param>
public sealed class Mutator(int seed)
{
    private const int MaxLength = 4096;
    private static readonly byte[] Edges = [0, 1, 2, 3, 4, 0x7F, 0x80, 0xFE, 0xFF];
    private readonly Random _random = new(seed);

    /// <summary>The latest mutated input, for the report of a failure.</summary>
    public byte[] Latest { get; private set; } = [];

    /// <summary>One of the samples.</summary>
    public byte[] Pick(IReadOnlyList<byte[]> samples) => samples[_random.Next(samples.Count)];

    /// <summary>A number below a limit.</summary>
    public int Below(int limit) => _random.Next(limit);

    /// <summary>A sample with one to four changes, none of them before an offset.</summary>
    public byte[] Mutate(IReadOnlyList<byte[]> samples, int from = 0)
    {
        var bytes = Pick(samples);
        for (var left = _random.Next(1, 5); left > 0; left--)
        {
            bytes = bytes.Length > from ? Change(bytes, from, samples) : [.. bytes, (byte)_random.Next(256)];
        }

        Latest = bytes.Length > MaxLength ? bytes[..MaxLength] : bytes;
        return Latest.ToArray(); // who takes it may decrypt it in place
    }

    private byte[] Change(byte[] original, int from, IReadOnlyList<byte[]> samples)
    {
        var bytes = original.ToArray();
        var at = _random.Next(from, bytes.Length);
        switch (_random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 2:
                bytes[at] = Edges[_random.Next(Edges.Length)];
                return bytes;
            case 3 when at + 2 <= bytes.Length: // most lengths and counts have two bytes
                var number = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
                BinaryPrimitives.WriteUInt16BigEndian(
                    bytes.AsSpan(at),
                    unchecked((ushort)(number + _random.Next(-4, 5)))
                );
                return bytes;
            case 4 when at + 4 <= bytes.Length: // and serial numbers four
                var serial = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
                var leap = _random.Next(2) == 0 ? 0x8000_0000u : unchecked((uint)_random.Next(-3, 4));
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), unchecked(serial + leap));
                return bytes;
            case 5:
                return bytes[..at];
            case 6: // a piece again
                var end = _random.Next(at, bytes.Length) + 1;
                return [.. bytes[..end], .. bytes[at..]];
            case 7: // a piece left out
                var until = _random.Next(at, bytes.Length) + 1;
                return [.. bytes[..at], .. bytes[until..]];
            default: // the rest of another one
                var other = Pick(samples);
                return [.. bytes[..at], .. other[Math.Min(at, other.Length)..]];
        }
    }
}
