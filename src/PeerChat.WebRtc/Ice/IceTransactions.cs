using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc.Ice;

/// <summary>The checks that were sent and may still be answered (RFC 8445 section 7.2.5).</summary>
internal sealed class IceTransactions(IEntropy entropy)
{
    private readonly Dictionary<StunTransactionId, IceOutstandingCheck> _outstanding = [];

    /// <summary>Notes a check; gives the id it has to carry.</summary>
    public StunTransactionId Add(in IceOutstandingCheck check)
    {
        var id = StunTransactionId.Create(entropy);
        _outstanding[id] = check;
        return id;
    }

    /// <summary>Takes the check that an authentic response answers.</summary>
    /// <remarks>
    /// RFC 8445 section 7.2.5.2.1 says that an answer from another address than the checked one fails the pair. Here it
    /// is no answer: a pair that gets no other fails too, and nobody who copies an answer can keep a good pair from
    /// working.
    /// </remarks>
    public bool TryTake(
        in StunMessage response,
        TransportAddress local,
        TransportAddress remote,
        ReadOnlySpan<byte> key,
        out IceOutstandingCheck check
    ) =>
        _outstanding.TryGetValue(response.Header.TransactionId, out check)
        && check.Pair.LocalAddress == local
        && check.Pair.RemoteAddress == remote
        && response.UnknownAttributes.IsEmpty
        && response.VerifyIntegrity(key)
        && _outstanding.Remove(response.Header.TransactionId);

    /// <summary>Forgets checks whose answer would come too late; there are never more than what fits into that time.</summary>
    public void ForgetOld(Instant now)
    {
        var oldest = now - IceLimits.TransactionLifetime;
        foreach (var (id, check) in _outstanding)
        {
            if (check.SentAt < oldest)
            {
                _outstanding.Remove(id);
            }
        }
    }
}
