using System.Buffers.Binary;

namespace PeerChat.Rooms;

/// <summary>How far back a newcomer of a private room may read (crypto.md section 5).</summary>
/// <param name="Mode">The kind of limit.</param>
/// <param name="Value">
/// For <see cref="HistoryMode.Last"/> how many messages, 1 to <see cref="MaxMessages"/>; for <see cref="HistoryMode.Since"/>
/// milliseconds since 1970; otherwise 0.
/// </param>
public readonly record struct HistoryPolicy(HistoryMode Mode, ulong Value)
{
    /// <summary>
    /// Messages whose keys are handed to one newcomer at most. Each key is 64 bytes on the wire and in the store; a thousand is
    /// more than anybody reads on arrival. A guess.
    /// </summary>
    public const int MaxMessages = 1000;

    /// <summary>Bytes of a policy on the wire: mode 1, value 8.</summary>
    internal const int Size = 9;

    /// <summary>A newcomer reads what is written from its admission on.</summary>
    public static HistoryPolicy None => default;

    /// <summary>A newcomer reads everything.</summary>
    public static HistoryPolicy All => new(HistoryMode.All, 0);

    /// <summary>A newcomer reads the newest messages before its admission.</summary>
    public static HistoryPolicy Last(int messages) => new(HistoryMode.Last, (ulong)messages);

    /// <summary>Reads the nine bytes; refuses modes and values that no version writes.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> source, out HistoryPolicy policy)
    {
        policy = default;
        if (source.Length != Size)
        {
            return false;
        }

        var read = new HistoryPolicy(
            (HistoryMode)source[0],
            BinaryPrimitives.ReadUInt64BigEndian(source[1..])
        );
        policy = read.IsValid ? read : default;
        return read.IsValid;
    }

    /// <summary>Whether it is one of those that exist.</summary>
    public bool IsValid =>
        Mode switch
        {
            HistoryMode.None or HistoryMode.All => Value == 0,
            HistoryMode.Last => Value is > 0 and <= MaxMessages,
            HistoryMode.Since => Value is > 0 and < (1UL << 47),
            _ => false,
        };

    /// <summary>The nine bytes.</summary>
    internal byte[] Write()
    {
        var bytes = new byte[Size];
        bytes[0] = (byte)Mode;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), Value);
        return bytes;
    }
}
