using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Lan;

/// <summary>How many datagrams each host may have us read: a burst, and a steady rate after it.</summary>
internal sealed class SourceBudget
{
    /// <summary>Datagrams that one host may send at once; a host with a full cache of known answers sends ten. A guess.</summary>
    public const int Burst = 200;

    /// <summary>Datagrams a second after the burst. A guess.</summary>
    public const int PerSecond = 50;

    /// <summary>Loopback stands for all processes of the machine, so it may send this many times more.</summary>
    public const int LoopbackFactor = 8;

    /// <summary>Hosts remembered; a link with more has a sender that makes addresses up.</summary>
    public const int MaxSources = 512;

    private readonly Dictionary<TransportAddress, (double Tokens, Instant At)> _sources = [];

    /// <summary>Takes one datagram from the host's budget; false when there is none left.</summary>
    public bool TryTake(Instant now, TransportAddress source)
    {
        var factor = source.IsLoopback ? LoopbackFactor : 1;
        if (!_sources.TryGetValue(source, out var bucket))
        {
            if (_sources.Count >= MaxSources && !ForgetRested(now))
            {
                return false;
            }

            bucket = (Burst * factor, now);
        }

        var tokens = Refill(bucket, now, factor);
        var isEnough = tokens >= 1;
        _sources[source] = (isEnough ? tokens - 1 : tokens, now);
        return isEnough;
    }

    private static double Refill((double Tokens, Instant At) bucket, Instant now, int factor) =>
        Math.Min(Burst * factor, bucket.Tokens + ((now - bucket.At).TotalSeconds * PerSecond * factor));

    /// <summary>Forgets hosts whose budget is full again; they are treated as new when they come back.</summary>
    private bool ForgetRested(Instant now)
    {
        var rested = _sources
            .Where(s => Refill(s.Value, now, factor: 1) >= Burst)
            .Select(s => s.Key)
            .ToList();
        foreach (var source in rested)
        {
            _sources.Remove(source);
        }

        return rested.Count > 0;
    }
}
