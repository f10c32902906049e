using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <content>By which time content is deleted: a clock that was set far ahead must not delete what is young (docs/decisions/0126).</content>
public sealed partial class Room
{
    /// <summary>
    /// How far the wall clock may be ahead of what it should be since the last look: a program that did not run over a long weekend is nothing
    /// to doubt, and as much too early content may go at worst. A guess.
    /// </summary>
    public static readonly TimeSpan MaxClockJump = TimeSpan.FromDays(3);

    /// <summary>
    /// How long the program has to have run with a clock that jumped until it is believed although nobody confirms it: somebody would have
    /// noticed. A guess.
    /// </summary>
    public static readonly TimeSpan ClockConfirmation = TimeSpan.FromDays(2);

    /// <summary>How long it is doubted in silence: somebody's message may be about to confirm it. A guess.</summary>
    public static readonly TimeSpan ClockSilence = TimeSpan.FromMinutes(10);

    // What it is saved for needs no finer steps, and each is a write.
    private static readonly TimeSpan ClockStep = TimeSpan.FromHours(1);

    private WallTime? _clockSeen; // the time of day as far as it is believed
    private Instant? _clockSeenAt; // when that was, in this run
    private TimeSpan _clockDoubted; // for how long the program has run with a clock that is not believed
    private WallTime? _clockSaved;
    private bool _hasToldOfClock;

    /// <summary>
    /// The time of day to delete by: the wall clock's where it goes on from the last look by no more than <see cref="MaxClockJump"/> beyond what has passed,
    /// where another member's entry confirms it, or where it has stood so for <see cref="ClockConfirmation"/> of running; else the last that was
    /// believed, and what has passed since.
    /// </summary>
    public WallTime RetentionTime(Instant now, WallTime wall)
    {
        if (_clockSeen is not { } seen)
        {
            return Believe(now, wall);
        }

        var passed = _clockSeenAt is { } at ? now - at : TimeSpan.Zero;
        var expected = seen + passed;
        _clockDoubted = wall - expected > MaxClockJump ? _clockDoubted + passed : TimeSpan.Zero;
        if (
            wall - expected <= MaxClockJump
            || _clockDoubted >= ClockConfirmation
            || (NewestOfOthers() is { } newest && wall - newest <= MaxClockJump)
        )
        {
            return Believe(now, wall);
        }

        (_clockSeen, _clockSeenAt) = (expected, now);
        SaveClock(expected);
        if (!_hasToldOfClock && _clockDoubted >= ClockSilence)
        {
            _hasToldOfClock = true;
            _state.Emit(new RoomEvent.ClockDoubted(wall - expected));
        }

        return expected;
    }

    private WallTime Believe(Instant now, WallTime wall)
    {
        (_clockSeen, _clockSeenAt, _clockDoubted) = (wall, now, TimeSpan.Zero);
        _hasToldOfClock = false;
        SaveClock(wall);
        return wall;
    }

    private void TrustClock() => (_clockSeen, _clockSeenAt, _clockDoubted) = (null, null, TimeSpan.Zero);

    // Only where there is a time of keeping
    private void SaveClock(WallTime time)
    {
        if (_retention is null)
        {
            return;
        }

        if (_clockSaved is not { } saved || (time - saved).Duration() >= ClockStep)
        {
            SaveRetention();
        }
    }

    private WallTime? NewestOfOthers()
    {
        WallTime? newest = null;
        foreach (var author in _state.Authors.All)
        {
            if (!_state.IsOwn(author) && author.HeadSeq > 0)
            {
                var time = HybridClock.ToWall(author.HeadClock);
                newest = newest is { } other && other - time > TimeSpan.Zero ? other : time;
            }
        }

        return newest;
    }

    private void RestoreClock(ReadOnlySpan<byte> stored)
    {
        if (
            stored.Length == 2 * sizeof(long)
            && BinaryPrimitives.ReadInt64BigEndian(stored) is > 0 and var seen
        )
        {
            _clockSeen = new WallTime(seen);
            _clockSaved = _clockSeen;
            _clockDoubted = TimeSpan.FromMilliseconds(
                BinaryPrimitives.ReadInt64BigEndian(stored[sizeof(long)..])
            );
        }
    }

    private void WriteClock(ref SpanWriter writer)
    {
        writer.WriteUInt64((ulong)(_clockSeen?.UnixMilliseconds ?? 0));
        writer.WriteUInt64((ulong)_clockDoubted.TotalMilliseconds);
        _clockSaved = _clockSeen;
    }
}
