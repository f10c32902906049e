namespace PeerChat.Primitives;

/// <summary>The timers of one state machine: at most one deadline per kind.</summary>
/// <typeparam name="TKind">An enumeration with one member per timer, numbered from zero.</typeparam>
public sealed class TimerTable<TKind>
    where TKind : struct, Enum
{
    private static readonly TKind[] Kinds = Enum.GetValues<TKind>();
    private readonly Instant?[] _deadlines = new Instant?[Kinds.Length];

    /// <summary>The earliest deadline, or null when no timer runs.</summary>
    public Instant? NextDeadline
    {
        get
        {
            Instant? earliest = null;
            foreach (var deadline in _deadlines)
            {
                earliest = Instant.Earliest(earliest, deadline);
            }

            return earliest;
        }
    }

    /// <summary>The deadline of one timer, or null when it does not run.</summary>
    public Instant? this[TKind kind] => _deadlines[IndexOf(kind)];

    /// <summary>Starts or moves a timer.</summary>
    public void Set(TKind kind, Instant deadline) => _deadlines[IndexOf(kind)] = deadline;

    /// <summary>Stops a timer.</summary>
    public void Clear(TKind kind) => _deadlines[IndexOf(kind)] = null;

    /// <summary>Stops all timers.</summary>
    public void ClearAll() => Array.Clear(_deadlines);

    /// <summary>Takes the earliest timer that is due, and stops it.</summary>
    public bool TryTakeDue(Instant now, out TKind kind)
    {
        var due = -1;
        for (var i = 0; i < _deadlines.Length; i++)
        {
            if (_deadlines[i] is { } deadline && deadline <= now && (due < 0 || deadline < _deadlines[due]))
            {
                due = i;
            }
        }

        kind = due < 0 ? default : Kinds[due];
        if (due < 0)
        {
            return false;
        }

        _deadlines[due] = null;
        return true;
    }

    private static int IndexOf(TKind kind) => Array.IndexOf(Kinds, kind);
}
