namespace PeerChat.Benchmarks;

/// <summary>What one thing measured several times came to.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    /// <summary>How many there are.</summary>
    public int Count => _values.Count;

    /// <summary>The middle one.</summary>
    public double Median => Percentile(50);

    /// <summary>Adds one.</summary>
    public void Add(double value) => _values.Add(value);

    /// <summary>Adds a time in milliseconds.</summary>
    public void Add(TimeSpan time) => Add(time.TotalMilliseconds);

    /// <summary>The least value that so many percent of all do not exceed; not a number where there is none.</summary>
    public double Percentile(double percent)
    {
        if (_values.Count == 0)
        {
            return double.NaN;
        }

        var sorted = _values.Order().ToArray();
        var index = (int)Math.Ceiling(percent / 100 * sorted.Length) - 1;
        return sorted[Math.Clamp(index, 0, sorted.Length - 1)];
    }
}
