namespace PeerChat.Node.Storage;

/// <summary>Unsigned 64-bit numbers as SQLite's signed ones, with the order kept.</summary>
internal static class SqlNumber
{
    private const ulong Offset = 1UL << 63;

    /// <summary>The number as it is stored.</summary>
    public static long ToSql(ulong value) => unchecked((long)(value - Offset));

    /// <summary>The number that was stored.</summary>
    public static ulong FromSql(long value) => unchecked((ulong)value + Offset);
}
