using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>The last checks on a valid pair and which of them were answered.</summary>
internal sealed class IceCheckHistory
{
    /// <summary>So many checks are remembered: five minutes of a path on which nothing is amiss (guess).</summary>
    public const int Capacity = 64;

    /// <summary>A check without an answer counts as lost after so long; what comes later is late enough to count so too (guess).</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    private readonly Queue<(Instant SentAt, bool IsAnswered)> _checks = new(Capacity);

    /// <summary>A check left.</summary>
    public void Sent(Instant now)
    {
        if (_checks.Count == Capacity)
        {
            _checks.Dequeue();
        }

        _checks.Enqueue((now, false));
    }

    /// <summary>The check that left then was answered; those of one instant count as one.</summary>
    public void Answered(Instant sentAt, Instant now)
    {
        if (now - sentAt > AnswerTime)
        {
            return;
        }

        for (var left = _checks.Count; left > 0; left--)
        {
            var check = _checks.Dequeue();
            _checks.Enqueue(check with { IsAnswered = check.IsAnswered || check.SentAt == sentAt });
        }
    }

    /// <summary>What it comes to.</summary>
    public PathLoss At(Instant now)
    {
        var (count, lost) = (0, 0);
        var first = now;
        foreach (var (sentAt, isAnswered) in _checks)
        {
            if (isAnswered || now - sentAt > AnswerTime)
            {
                first = count == 0 ? sentAt : first;
                count++;
                lost += isAnswered ? 0 : 1;
            }
        }

        return new PathLoss(count, lost, now - first);
    }
}
