namespace PeerChat.Primitives;

/// <summary>A wall-clock time: milliseconds since 1970-01-01T00:00:00Z, as users and hybrid clocks see it.</summary>
/// <param name="UnixMilliseconds">Milliseconds since the Unix epoch, without leap seconds.</param>
public readonly record struct WallTime(long UnixMilliseconds) : IComparable<WallTime>
{
    private const long MillisecondsPerDay = 86_400_000;

    /// <summary>Whole days since the Unix epoch, in UTC; never negative.</summary>
    public uint UtcDay => (uint)Math.Max(0, UnixMilliseconds / MillisecondsPerDay);

    /// <summary>The same moment as a framework type, for showing it to a user.</summary>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    /// <summary>The time <paramref name="span"/> later.</summary>
    public static WallTime operator +(WallTime time, TimeSpan span) =>
        new(time.UnixMilliseconds + (long)span.TotalMilliseconds);

    /// <summary>The time from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static TimeSpan operator -(WallTime left, WallTime right) =>
        TimeSpan.FromMilliseconds(left.UnixMilliseconds - right.UnixMilliseconds);

    /// <inheritdoc/>
    public int CompareTo(WallTime other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);
}
