using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Services;

/// <summary>Waits that double with each failure, each a little different, so that a service that comes back is not hammered by all at once.</summary>
/// <param name="entropy">Makes the waits differ.</param>
/// <param name="first">The first wait.</param>
/// <param name="longest">The longest wait.</param>
public sealed class BackOff(IEntropy entropy, TimeSpan first, TimeSpan longest)
{
    private const int MaxDoublings = 16;

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>The wait before the next attempt: between three and five quarters of what doubling gives.</summary>
    public TimeSpan Next()
    {
        var wait = first * Math.Pow(2, Math.Min(Failures, MaxDoublings));
        Failures++;
        return Jitter(entropy, wait < longest ? wait : longest);
    }

    /// <summary>It went well.</summary>
    public void Reset() => Failures = 0;

    /// <summary>A time between three and five quarters of this one.</summary>
    public static TimeSpan Jitter(IEntropy entropy, TimeSpan around)
    {
        Span<byte> random = stackalloc byte[2];
        entropy.Fill(random);
        return around * (0.75 + (BinaryPrimitives.ReadUInt16BigEndian(random) / (2.0 * ushort.MaxValue)));
    }
}
