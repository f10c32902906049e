namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>Joins fragments with consecutive keys into whole messages, whatever order they come in (RFC 9260 section 6.9).</summary>
/// <remarks>Fragments that touch form a run, known by its two ends; so each fragment costs the same, in any order.</remarks>
/// <param name="maxMessageSize">The largest message.</param>
internal sealed class FragmentStore(int maxMessageSize)
{
    /// <summary>What a fragment costs beside its payload: objects and table entries (estimate).</summary>
    public const int Overhead = 128;

    private readonly Dictionary<FragmentKey, Fragment> _fragments = [];
    private readonly Dictionary<FragmentKey, Run> _runsByFirst = [];
    private readonly Dictionary<FragmentKey, Run> _runsByLast = [];

    /// <summary>Memory that the fragments take.</summary>
    public int Bytes { get; private set; }

    /// <summary>Takes a fragment in; the message when that made one whole.</summary>
    /// <returns>Null when all is well, else why the association must end.</returns>
    public SctpCloseReason? Add(FragmentKey key, Fragment fragment, out ReassembledMessage? message)
    {
        message = null;
        if (!Fits(key, fragment) || !_fragments.TryAdd(key, fragment))
        {
            return SctpCloseReason.ProtocolViolation;
        }

        Bytes += fragment.Payload.Length + Overhead;
        var run = new Run(key, key, fragment.Payload.Length);
        if (!fragment.IsBegin && _runsByLast.TryGetValue(key.Previous, out var before))
        {
            Remove(before);
            run = new Run(before.First, run.Last, before.Bytes + run.Bytes);
        }

        if (!fragment.IsEnd && _runsByFirst.TryGetValue(key.Next, out var after))
        {
            Remove(after);
            run = new Run(run.First, after.Last, run.Bytes + after.Bytes);
        }

        if (run.Bytes > maxMessageSize)
        {
            return SctpCloseReason.MessageTooLarge;
        }

        if (_fragments[run.First].IsBegin && _fragments[run.Last].IsEnd)
        {
            message = Join(run);
            return null;
        }

        _runsByFirst.Add(run.First, run);
        _runsByLast.Add(run.Last, run);
        return null;
    }

    /// <summary>Forgets runs, because their messages will never be whole.</summary>
    /// <param name="isSkipped">Tells that of a run by its first fragment.</param>
    public void RemoveRuns(Func<FragmentKey, Fragment, bool> isSkipped)
    {
        if (_runsByFirst.Count == 0)
        {
            return;
        }

        foreach (
            var run in _runsByFirst.Values.Where(run => isSkipped(run.First, _fragments[run.First])).ToArray()
        )
        {
            Remove(run);
            for (var key = run.First; ; key = key.Next)
            {
                Take(key);
                if (key == run.Last)
                {
                    break;
                }
            }
        }
    }

    /// <summary>Whether the fragments beside it agree on where messages begin and end, and on which message it is.</summary>
    private bool Fits(FragmentKey key, Fragment fragment) =>
        (
            !_fragments.TryGetValue(key.Previous, out var before)
            || (before.IsEnd == fragment.IsBegin && (before.IsEnd || before.IsOfSameMessage(fragment)))
        )
        && (
            !_fragments.TryGetValue(key.Next, out var after)
            || (fragment.IsEnd == after.IsBegin && (fragment.IsEnd || after.IsOfSameMessage(fragment)))
        );

    private ReassembledMessage Join(Run run)
    {
        var payload = new byte[run.Bytes];
        var first = _fragments[run.First];
        var offset = 0;
        for (var key = run.First; ; key = key.Next)
        {
            var fragment = Take(key);
            fragment.Payload.CopyTo(payload.AsSpan(offset));
            offset += fragment.Payload.Length;
            if (key == run.Last)
            {
                break;
            }
        }

        return new ReassembledMessage(
            first.Stream,
            first.MessageNumber,
            first.IsUnordered,
            first.Ppid,
            payload
        );
    }

    private Fragment Take(FragmentKey key)
    {
        _fragments.Remove(key, out var fragment);
        Bytes -= fragment!.Payload.Length + Overhead;
        return fragment;
    }

    private void Remove(Run run)
    {
        _runsByFirst.Remove(run.First);
        _runsByLast.Remove(run.Last);
    }

    private readonly record struct Run(FragmentKey First, FragmentKey Last, int Bytes);
}
