using PeerChat.Primitives;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>Follows the clock of a gateway's table: one that does not go on as it should has lost its mappings (RFC 6887 section 8.5).</summary>
internal sealed class GatewayEpoch
{
    private (uint Epoch, Instant At)? _last;

    /// <summary>Takes the epoch of an answer in; true when the gateway began anew since the last one.</summary>
    public bool IsNewStart(uint epoch, Instant now)
    {
        var last = _last;
        _last = (epoch, now);
        if (last is not var (before, at))
        {
            return false;
        }

        if ((long)epoch < (long)before - 1)
        {
            return true;
        }

        var here = (now - at).TotalSeconds;
        var there = (double)epoch - before;
        return here + 2 < there - there / 16 || there + 2 < here - here / 16;
    }

    /// <summary>Forgets it: the next gateway is another one.</summary>
    public void Reset() => _last = null;
}
