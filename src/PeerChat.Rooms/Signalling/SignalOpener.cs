using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Signalling;

/// <summary>Opens sealed signals with a rate limit per tag before each cryptographic step (crypto.md section 7).</summary>
/// <remarks>
/// The first check, whether the tag is one of ours, is the caller's: a look-up in its own table without cryptography.
/// Only such tags come here. Then: size, limit, commitment, limit, decryption, form.
/// </remarks>
public sealed class SignalOpener
{
    /// <summary>Commitments checked under one tag without a pause; a guess well above what a room of 1,024 needs in a burst.</summary>
    public const int CommitmentBurst = 64;

    /// <summary>Decryptions under one tag without a pause; each may cost an ICE agent afterwards (guess).</summary>
    public const int DecryptionBurst = 16;

    /// <summary>Tags remembered; when all of them are busy, a further one is refused.</summary>
    public const int MaxTags = 4_096;

    /// <summary>One more commitment under a tag per this time: 8 µs of work each (measured).</summary>
    public static readonly TimeSpan CommitmentInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>One more decryption under a tag per this time (guess).</summary>
    public static readonly TimeSpan DecryptionInterval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<SignalTag, Limits> _limits = [];

    /// <summary>Blobs refused so far, for whatever reason.</summary>
    public long Refused { get; private set; }

    /// <summary>Opens a blob that came under a tag of ours.</summary>
    public SignalRefusal TryOpen(
        Instant now,
        SignalKeys keys,
        SignalTag tag,
        ReadOnlySpan<byte> blob,
        out SignalBody? body
    )
    {
        var refusal = Open(now, keys, tag, blob, out body);
        Refused += refusal == SignalRefusal.None ? 0 : 1;
        return refusal;
    }

    private SignalRefusal Open(
        Instant now,
        SignalKeys keys,
        SignalTag tag,
        ReadOnlySpan<byte> blob,
        out SignalBody? body
    )
    {
        body = null;
        if (blob.Length is not (SealedSignal.SmallSize or SealedSignal.LargeSize))
        {
            return SignalRefusal.WrongSize;
        }

        if (!TryGetLimits(now, tag, out var limits) || !limits.Commitments.TryTake(now))
        {
            return SignalRefusal.RateLimited;
        }

        var key = keys.SignalKey.Span;
        var context = tag.ToArray();
        if (!Sealing.HasCommitment(key, SealedSignal.Use, context, blob))
        {
            return SignalRefusal.WrongKey;
        }

        if (!limits.Decryptions.TryTake(now))
        {
            return SignalRefusal.RateLimited;
        }

        var padded = Sealing.Open(key, SealedSignal.Use, context, [], blob);
        if (padded is null)
        {
            return SignalRefusal.NotAuthentic;
        }

        return SignalPadding.TryUnpad(padded, out var bytes) && SignalBody.TryParse(bytes, out body)
            ? SignalRefusal.None
            : SignalRefusal.Malformed;
    }

    private bool TryGetLimits(Instant now, SignalTag tag, [NotNullWhen(true)] out Limits? limits)
    {
        if (_limits.TryGetValue(tag, out limits))
        {
            return true;
        }

        if (_limits.Count >= MaxTags)
        {
            foreach (var (idle, _) in _limits.Where(pair => pair.Value.IsIdle(now)).ToList())
            {
                _limits.Remove(idle);
            }
        }

        if (_limits.Count >= MaxTags)
        {
            return false;
        }

        limits = new Limits(
            new TokenBucket(now, CommitmentBurst, CommitmentInterval),
            new TokenBucket(now, DecryptionBurst, DecryptionInterval)
        );
        _limits.Add(tag, limits);
        return true;
    }

    private sealed record Limits(TokenBucket Commitments, TokenBucket Decryptions)
    {
        internal bool IsIdle(Instant now) => Commitments.IsFull(now) && Decryptions.IsFull(now);
    }
}
