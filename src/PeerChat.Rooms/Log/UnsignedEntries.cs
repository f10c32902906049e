namespace PeerChat.Rooms.Log;

/// <summary>What was written in one's own log and waits for a signature behind it, which vouches for all of it.</summary>
/// <remarks>
/// The signatures inside of a range are neither sent nor kept (crypto.md section 3), and a signature takes a third of the time that
/// writing a message does. So of what is written between two commits only the last is signed. Nothing that ends without a signature can
/// be passed on, so there is one every few entries, as much as fits a page of a history that is read from its end.
/// </remarks>
internal sealed class UnsignedEntries
{
    /// <summary>Entries under one signature: half a page of what is asked for newest first.</summary>
    public const int MaxEntries = 32;

    /// <summary>Bytes of payloads under one signature: a quarter of a frame.</summary>
    public const int MaxBytes = 32 * 1024;

    private EntryId? _last;
    private int _entries;
    private int _bytes;

    /// <summary>Whether the next entry of the log may be stored without its signature; if not, its own vouches for those before it.</summary>
    public bool MayWait(EntryHeader header, int payloadBytes, bool isSignedLater)
    {
        (_entries, _bytes) = (_entries + 1, _bytes + payloadBytes);
        if (isSignedLater && header.Kind == EntryKind.Content && _entries < MaxEntries && _bytes < MaxBytes)
        {
            _last = header.Id;
            return true;
        }

        Clear();
        return false;
    }

    /// <summary>The last entry that waits, once.</summary>
    public EntryId? Take()
    {
        var last = _last;
        Clear();
        return last;
    }

    private void Clear() => (_last, _entries, _bytes) = (null, 0, 0);
}
