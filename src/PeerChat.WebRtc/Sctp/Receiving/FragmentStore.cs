namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>Joins fragments by consecutive TSNs into whole messages, whatever order they come in (RFC 9260 section 6.9).</summary>
/// <remarks>Fragments that touch form a run, known by its two ends; so each fragment costs the same, in any order.</remarks>
/// <param name="maxMessageSize">The largest message.</param>
internal sealed class FragmentStore(int maxMessageSize)
{
    /// <summary>What a fragment costs beside its payload: objects and table entries (estimate).</summary>
    public const int Overhead = 128;

    private readonly Dictionary<Tsn, Fragment> _fragments = [];
    private readonly Dictionary<Tsn, Run> _runsByFirst = [];
    private readonly Dictionary<Tsn, Run> _runsByLast = [];

    /// <summary>Memory that the fragments take.</summary>
    public int Bytes { get; private set; }

    /// <summary>Takes a fragment in; the message when that made one whole.</summary>
    /// <returns>Null when all is well, else why the association must end.</returns>
    public SctpCloseReason? Add(Tsn tsn, Fragment fragment, out ReassembledMessage? message)
    {
        message = null;
        if (!Fits(tsn, fragment))
        {
            return SctpCloseReason.ProtocolViolation;
        }

        _fragments.Add(tsn, fragment);
        Bytes += fragment.Payload.Length + Overhead;
        var run = new Run(tsn, tsn, fragment.Payload.Length);
        if (!fragment.IsBegin && _runsByLast.TryGetValue(tsn.Previous, out var before))
        {
            Remove(before);
            run = new Run(before.First, run.Last, before.Bytes + run.Bytes);
        }

        if (!fragment.IsEnd && _runsByFirst.TryGetValue(tsn.Next, out var after))
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

    /// <summary>Whether the fragments beside it agree on where messages begin and end, and on which message it is.</summary>
    private bool Fits(Tsn tsn, Fragment fragment) =>
        (
            !_fragments.TryGetValue(tsn.Previous, out var before)
            || (before.IsEnd == fragment.IsBegin && (before.IsEnd || before.IsOfSameMessage(fragment)))
        )
        && (
            !_fragments.TryGetValue(tsn.Next, out var after)
            || (fragment.IsEnd == after.IsBegin && (fragment.IsEnd || after.IsOfSameMessage(fragment)))
        );

    private ReassembledMessage Join(Run run)
    {
        var payload = new byte[run.Bytes];
        var first = _fragments[run.First];
        var offset = 0;
        for (var tsn = run.First; !tsn.IsAfter(run.Last); tsn = tsn.Next)
        {
            _fragments.Remove(tsn, out var fragment);
            fragment!.Payload.CopyTo(payload.AsSpan(offset));
            offset += fragment.Payload.Length;
            Bytes -= fragment.Payload.Length + Overhead;
        }

        return new ReassembledMessage(
            first.Stream,
            first.StreamSequenceNumber,
            first.IsUnordered,
            first.Ppid,
            payload
        );
    }

    private void Remove(Run run)
    {
        _runsByFirst.Remove(run.First);
        _runsByLast.Remove(run.Last);
    }

    private readonly record struct Run(Tsn First, Tsn Last, int Bytes);
}
