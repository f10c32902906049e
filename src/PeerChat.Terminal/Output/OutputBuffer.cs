using System.Buffers.Text;
using System.Text;

namespace PeerChat.Terminal.Output;

/// <summary>Bytes on their way to the terminal; grows as needed and is used again for each frame.</summary>
internal sealed class OutputBuffer
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Append(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Append(string text) =>
        Length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void AppendNumber(int value)
    {
        _ = Utf8Formatter.TryFormat(value, Room(11), out var length);
        Length += length;
    }

    /// <summary>CSI, a number unless it is 1 (the default of every movement), and the final byte.</summary>
    public void AppendControl(int count, byte final)
    {
        Append("\e["u8);
        if (count != 1)
        {
            AppendNumber(count);
        }

        Append(final);
    }

    /// <summary>Free room to write into; follow with <see cref="Advance"/>.</summary>
    public Span<byte> Room(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + size));
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;
}
