namespace PeerChat.Primitives;

/// <summary>A point on a monotonic time line, in ticks of 100 ns since an origin the host chose.</summary>
/// <remarks>
/// The only time that code below the node sees. It says nothing about the wall clock; see <see cref="WallTime"/>.
/// </remarks>
/// <param name="Ticks">Ticks of 100 ns since the origin.</param>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>The origin of the time line.</summary>
    public static Instant Origin => default;

    /// <summary>The later of two instants.</summary>
    public static Instant Max(Instant left, Instant right) => left.Ticks >= right.Ticks ? left : right;

    /// <summary>The earlier of two instants.</summary>
    public static Instant Min(Instant left, Instant right) => left.Ticks <= right.Ticks ? left : right;

    /// <summary>The earlier of two deadlines, where null means "none".</summary>
    public static Instant? Earliest(Instant? left, Instant? right) =>
        (left, right) switch
        {
            (null, _) => right,
            (_, null) => left,
            ({ } l, { } r) => Min(l, r),
        };

    /// <summary>The instant <paramref name="span"/> later.</summary>
    public static Instant operator +(Instant instant, TimeSpan span) => new(instant.Ticks + span.Ticks);

    /// <summary>The instant <paramref name="span"/> earlier.</summary>
    public static Instant operator -(Instant instant, TimeSpan span) => new(instant.Ticks - span.Ticks);

    /// <summary>The time from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static TimeSpan operator -(Instant left, Instant right) => new(left.Ticks - right.Ticks);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    /// <summary>Whether <paramref name="left"/> comes before or equals <paramref name="right"/>.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    /// <summary>Whether <paramref name="left"/> comes after or equals <paramref name="right"/>.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);
}
