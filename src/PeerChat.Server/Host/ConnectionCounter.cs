namespace PeerChat.Server.Host;

/// <summary>TCP connections of each address, those included that never come to be a WebSocket.</summary>
/// <param name="limit">How many one address may have.</param>
internal sealed class ConnectionCounter(int limit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts one more; false where the address has as many as it may.</summary>
    public bool TryAdd(string address)
    {
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(address);
            if (count >= limit)
            {
                return false;
            }

            _counts[address] = count + 1;
            return true;
        }
    }

    /// <summary>Counts one less.</summary>
    public void Remove(string address)
    {
        lock (_lock)
        {
            if (_counts.TryGetValue(address, out var count) && count > 1)
            {
                _counts[address] = count - 1;
            }
            else
            {
                _counts.Remove(address);
            }
        }
    }
}
