namespace PeerChat.WebRtc.Dtls;

/// <summary>Which record numbers were seen already (RFC 6347 section 4.1.2.6).</summary>
/// <remarks>Ask before decrypting, tell after the tag was verified: a forged number must not move the window.</remarks>
internal sealed class ReplayWindow
{
    /// <summary>How far behind the newest record an older one may arrive. Batches and parallel paths reorder (guess).</summary>
    public const int Size = 1024;

    // One more than the size needs, since the word of the newest number is only partly filled.
    private const int Words = (Size / 64) + 1;
    private readonly ulong[] _seen = new ulong[Words];
    private ulong _next; // one above the newest number seen

    /// <summary>Whether a record with this number may be new.</summary>
    public bool Admits(ulong number)
    {
        if (number >= _next)
        {
            return true;
        }

        return number / 64 + Words > (_next - 1) / 64 && (_seen[number / 64 % Words] & Bit(number)) == 0;
    }

    /// <summary>Remembers the number of an authentic record.</summary>
    public void Mark(ulong number)
    {
        if (number >= _next)
        {
            var newest = number / 64;
            var firstStale = _next == 0 ? 0 : ((_next - 1) / 64) + 1;
            for (var word = firstStale; word <= newest && word < firstStale + Words; word++)
            {
                _seen[word % Words] = 0;
            }

            _next = number + 1;
        }

        _seen[number / 64 % Words] |= Bit(number);
    }

    private static ulong Bit(ulong number) => 1UL << (int)(number % 64);
}
