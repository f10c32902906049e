using PeerChat.Primitives;

namespace PeerChat.Rooms.Log;

/// <summary>The clock of entries: milliseconds·2^16 + a counter, always later than all that was seen (crypto.md section 3).</summary>
internal static class HybridClock
{
    /// <summary>How far another's clock may run ahead before its entries wait (crypto.md section 3).</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    private const int CounterBits = 16;

    /// <summary>The clock of the next entry.</summary>
    public static ulong Next(WallTime now, ulong greatestSeen) => Math.Max(FromWall(now), greatestSeen + 1);

    /// <summary>The wall time in a clock.</summary>
    public static WallTime ToWall(ulong clock) => new((long)(clock >> CounterBits));

    /// <summary>The clock of a wall time, with the counter at 0.</summary>
    public static ulong FromWall(WallTime time) =>
        unchecked((ulong)Math.Clamp(time.UnixMilliseconds, 0, (1L << (63 - CounterBits)) - 1) << CounterBits);

    /// <summary>Whether an entry with this clock has to wait.</summary>
    public static bool IsTooFarAhead(ulong clock, WallTime now) => clock > FromWall(now + MaxAhead);
}
