using System.Text;

namespace PeerChat.Rendezvous.Lan.Dns;

/// <summary>A domain name in its uncompressed wire form (RFC 1035 section 3.1), compared without regard to ASCII case.</summary>
internal sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>The longest name with its length bytes and the root (RFC 1035 section 3.1).</summary>
    public const int MaxSize = 255;

    /// <summary>The longest label (RFC 1035 section 2.3.4).</summary>
    public const int MaxLabelSize = 63;

    /// <summary>How often one name may jump; writers use one jump, a few chain two or three. A guess.</summary>
    public const int MaxPointers = 16;

    private const byte PointerMark = 0xC0; // RFC 1035 section 4.1.4
    private readonly byte[] _wire;

    private DnsName(byte[] wire) => _wire = wire;

    /// <summary>The name as labels with length bytes, the root's zero byte included.</summary>
    public ReadOnlyMemory<byte> Wire => _wire;

    /// <summary>The bytes of the first label; empty for the root.</summary>
    public ReadOnlySpan<byte> FirstLabel => _wire.AsSpan(1, _wire[0]);

    /// <summary>Makes a name from its labels.</summary>
    /// <exception cref="ArgumentException">A label is empty or too long, or the whole is.</exception>
    public static DnsName FromLabels(params ReadOnlySpan<string> labels)
    {
        var wire = new List<byte>(64);
        foreach (var label in labels)
        {
            var bytes = Encoding.UTF8.GetBytes(label);
            if (bytes.Length is 0 or > MaxLabelSize)
            {
                throw new ArgumentException("A label has 1 to 63 bytes.", nameof(labels));
            }

            wire.Add((byte)bytes.Length);
            wire.AddRange(bytes);
        }

        wire.Add(0);
        return wire.Count <= MaxSize
            ? new DnsName([.. wire])
            : throw new ArgumentException("A name has at most 255 bytes.", nameof(labels));
    }

    /// <summary>Reads a name that may be compressed; moves <paramref name="position"/> behind it.</summary>
    /// <remarks>
    /// A pointer must lead to before the place where the current run of labels began, so a chain cannot
    /// turn back on itself, and the number of jumps and the length of the result are bounded.
    /// </remarks>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int position, out DnsName name)
    {
        name = null!;
        Span<byte> wire = stackalloc byte[MaxSize];
        var length = 0;
        var at = position;
        var runStart = position;
        var pointers = 0;
        var end = -1;
        while (at < message.Length)
        {
            var head = message[at];
            if ((head & PointerMark) == PointerMark)
            {
                if (at + 1 >= message.Length || ++pointers > MaxPointers)
                {
                    return false;
                }

                var target = ((head & ~PointerMark) << 8) | message[at + 1];
                end = end < 0 ? at + 2 : end;
                if (target >= runStart)
                {
                    return false;
                }

                at = target;
                runStart = target;
                continue;
            }

            if (head > MaxLabelSize || at + 1 + head > message.Length || length + 1 + head > MaxSize)
            {
                return false;
            }

            message.Slice(at, head + 1).CopyTo(wire[length..]);
            length += head + 1;
            at += head + 1;
            if (head == 0)
            {
                position = end < 0 ? at : end;
                name = new DnsName(wire[..length].ToArray());
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether this name is one label followed by <paramref name="parent"/>.</summary>
    public bool IsChildOf(DnsName parent)
    {
        var rest = _wire.AsSpan(Math.Min(_wire.Length, _wire[0] + 1));
        return _wire[0] != 0 && SameBytes(rest, parent._wire);
    }

    /// <inheritdoc/>
    public bool Equals(DnsName? other) =>
        // Length bytes are at most 63, below every letter, so ignoring case never mixes them up.
        other is not null
        && SameBytes(_wire, other._wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var b in _wire)
        {
            hash.Add(Lower(b));
        }

        return hash.ToHashCode();
    }

    /// <summary>The labels with dots; for reading, not for comparing.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var at = 0; _wire[at] != 0; at += _wire[at] + 1)
        {
            text.Append(Encoding.UTF8.GetString(_wire, at + 1, _wire[at])).Append('.');
        }

        return text.ToString();
    }

    // Ascii.EqualsIgnoreCase refuses bytes above 127, which UTF-8 labels have.
    private static bool SameBytes(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (Lower(left[i]) != Lower(right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static byte Lower(byte value) =>
        value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value + 32) : value;
}
