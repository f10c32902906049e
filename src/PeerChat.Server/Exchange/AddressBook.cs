using PeerChat.Primitives;

namespace PeerChat.Server.Exchange;

/// <summary>How many ids each address holds, and how fast it takes new ones.</summary>
internal sealed class AddressBook(ExchangeLimits limits)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Whether an address may hold one more.</summary>
    public bool TryAdd(string address, Instant now)
    {
        if (!_entries.TryGetValue(address, out var entry))
        {
            if (_entries.Count >= ExchangeLimits.MaxAddresses)
            {
                return false;
            }

            entry = new Entry(
                new TokenBucket(
                    now,
                    limits.MaxPerAddress + (ExchangeLimits.ConnectsPerSecond * ExchangeLimits.BurstSeconds),
                    TimeSpan.FromSeconds(1.0 / ExchangeLimits.ConnectsPerSecond)
                )
            );
            _entries.Add(address, entry);
        }

        if (!entry.Rate.TryTake(now) || entry.Count >= limits.MaxPerAddress)
        {
            return false;
        }

        entry.Count++;
        return true;
    }

    /// <summary>An address holds one less.</summary>
    public void Remove(string address)
    {
        if (_entries.TryGetValue(address, out var entry))
        {
            entry.Count--;
        }
    }

    /// <summary>Forgets who holds nothing and has been quiet.</summary>
    public void Forget(Instant now)
    {
        foreach (var (address, entry) in _entries)
        {
            if (entry.Count == 0 && entry.Rate.IsFull(now))
            {
                _entries.Remove(address);
            }
        }
    }

    private sealed class Entry(TokenBucket rate)
    {
        public TokenBucket Rate => rate;

        public int Count { get; set; }
    }
}
