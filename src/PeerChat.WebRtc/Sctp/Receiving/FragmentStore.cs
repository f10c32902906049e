using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>Joins fragments with consecutive keys into whole messages, whatever order they come in (RFC 9260 section 6.9).</summary>
/// <remarks>
/// What comes in order is joined at once. Other fragments that touch form a run, known by its two ends; so each fragment costs the same, in
/// any order.
/// </remarks>
/// <param name="maxMessageSize">The largest message.</param>
internal sealed class FragmentStore(int maxMessageSize)
{
    /// <summary>What a fragment costs beside its payload: objects and table entries (estimate).</summary>
    public const int Overhead = 128;

    private const int MaxSpare = 16; // partial messages kept for the next ones

    private readonly Dictionary<FragmentKey, Fragment> _fragments = [];
    private readonly Dictionary<FragmentKey, Run> _runsByFirst = [];
    private readonly Dictionary<FragmentKey, Run> _runsByLast = [];
    private readonly Dictionary<FragmentKey, PartialMessage> _partial = []; // by SlotOf
    private readonly Stack<PartialMessage> _spare = [];

    /// <summary>Memory that the fragments take.</summary>
    public int Bytes { get; private set; }

    /// <summary>Takes a fragment in; the message when that made one whole.</summary>
    /// <returns>Null when all is well, else why the association must end.</returns>
    public SctpCloseReason? Add(FragmentKey key, in DataChunk chunk, out ReassembledMessage? message)
    {
        message = null;
        if (!Fits(key, chunk))
        {
            return SctpCloseReason.ProtocolViolation;
        }

        var slot = SlotOf(key, chunk);
        if (chunk.IsBegin)
        {
            var begun = _spare.TryPop(out var spare) ? spare : new PartialMessage();
            begun.Start(key, chunk);
            Bytes += chunk.Payload.Length + Overhead;
            _partial.Add(slot, begun);
        }
        else if (!_partial.TryGetValue(slot, out var begun) || begun.Next != key)
        {
            return Keep(key, chunk);
        }
        else
        {
            begun.Append(chunk.Payload, chunk.IsEnd);
            Bytes += chunk.Payload.Length;
        }

        var partial = _partial[slot];
        if (!partial.IsWhole && _fragments.Count > 0)
        {
            JoinRun(partial);
        }

        if (partial.Length > maxMessageSize)
        {
            return SctpCloseReason.MessageTooLarge;
        }

        if (partial.IsWhole)
        {
            _partial.Remove(slot);
            Bytes -= partial.Length + Overhead;
            message = partial.Take();
            Spare(partial);
        }
        else if (!chunk.IsInterleaved)
        {
            _partial.Remove(slot);
            _partial.Add(partial.Next, partial);
        }

        return null;
    }

    /// <summary>Forgets runs, because their messages will never be whole.</summary>
    /// <param name="isSkipped">Tells that of a run by its first fragment.</param>
    public void RemoveRuns(Func<FragmentKey, Fragment, bool> isSkipped)
    {
        if (_partial.Count > 0)
        {
            foreach (
                var (slot, partial) in _partial
                    .Where(each => isSkipped(each.Value.First, each.Value.Head))
                    .ToArray()
            )
            {
                _partial.Remove(slot);
                Bytes -= partial.Length + Overhead;
                partial.Release();
                Spare(partial);
            }
        }

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

    // Fragments whose message's beginning is missing: those that touch form a run.
    private SctpCloseReason? Keep(FragmentKey key, in DataChunk chunk)
    {
        var fragment = new Fragment(
            chunk.Flags,
            chunk.Stream,
            chunk.MessageNumber,
            chunk.Ppid,
            chunk.Payload.ToArray()
        );
        if (!_fragments.TryAdd(key, fragment))
        {
            return SctpCloseReason.ProtocolViolation;
        }

        Bytes += fragment.Payload.Length + Overhead;
        var run = new Run(key, key, fragment.Payload.Length);
        if (_runsByLast.TryGetValue(key.Previous, out var before) && !_fragments[key.Previous].IsEnd)
        {
            Remove(before);
            run = new Run(before.First, run.Last, before.Bytes + run.Bytes);
        }

        if (!fragment.IsEnd && _runsByFirst.TryGetValue(key.Next, out var after))
        {
            Remove(after);
            run = new Run(run.First, after.Last, run.Bytes + after.Bytes);
        }

        _runsByFirst.Add(run.First, run);
        _runsByLast.Add(run.Last, run);
        return run.Bytes > maxMessageSize ? SctpCloseReason.MessageTooLarge : null;
    }

    // The fragments that waited for what came before them.
    private void JoinRun(PartialMessage partial)
    {
        if (!_runsByFirst.TryGetValue(partial.Next, out var run))
        {
            return;
        }

        Remove(run);
        for (var key = run.First; ; key = key.Next)
        {
            var fragment = Take(key);
            partial.Append(fragment.Payload, fragment.IsEnd);
            Bytes += fragment.Payload.Length;
            if (key == run.Last)
            {
                return;
            }
        }
    }

    private void Spare(PartialMessage partial)
    {
        if (_spare.Count < MaxSpare)
        {
            _spare.Push(partial);
        }
    }

    /// <summary>Whether the fragments beside it agree on where messages begin and end, and on which message it is.</summary>
    private bool Fits(FragmentKey key, in DataChunk chunk)
    {
        if (
            _partial.TryGetValue(SlotOf(key, chunk), out var partial)
            && (
                chunk.IsBegin
                || !IsOfSameMessage(partial.Head, chunk)
                || (chunk.IsInterleaved && chunk.FragmentNumber < partial.Next.Number) // it came before
            )
        )
        {
            return false;
        }

        if (_fragments.Count == 0)
        {
            return true;
        }

        return !_fragments.ContainsKey(key)
            && (
                !_fragments.TryGetValue(key.Previous, out var before)
                || (before.IsEnd == chunk.IsBegin && (before.IsEnd || IsOfSameMessage(before, chunk)))
            )
            && (
                !_fragments.TryGetValue(key.Next, out var after)
                || (!chunk.IsEnd && IsOfSameMessage(after, chunk)) // none that is kept begins a message
            );
    }

    // A message that has begun is found by its identifier in I-DATA, by the TSN that is to come in DATA.
    private static FragmentKey SlotOf(FragmentKey key, in DataChunk chunk) =>
        chunk.IsInterleaved ? key with { Number = 0 } : key;

    private static bool IsOfSameMessage(Fragment fragment, in DataChunk chunk) =>
        fragment.Stream == chunk.Stream
        && fragment.IsUnordered == chunk.IsUnordered
        && (fragment.IsUnordered || fragment.MessageNumber == chunk.MessageNumber);

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
