using System.Diagnostics;
using System.Globalization;

namespace PeerChat.Benchmarks.Peers;

/// <summary>Two sides of one stack that find each other through us, by pipes.</summary>
internal sealed class StackPair : IAsyncDisposable
{
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(20);
    private readonly StackPeer _offerer;
    private readonly StackPeer _answerer;
    private PathRelay? _relay;

    private StackPair(StackPeer offerer, StackPeer answerer)
    {
        (_offerer, _answerer) = (offerer, answerer);
        offerer.OnSignal = json => answerer.GiveSignal(_relay?.Rewrite(json, isFromFirst: true) ?? json);
        answerer.OnSignal = json => offerer.GiveSignal(_relay?.Rewrite(json, isFromFirst: false) ?? json);
    }

    /// <summary>Processor time of both sides so far, in seconds.</summary>
    public double CpuSeconds => _offerer.CpuSeconds + _answerer.CpuSeconds;

    /// <summary>Resident memory of the side that sends, in megabytes.</summary>
    public double ResidentMegabytes => _offerer.ResidentMegabytes;

    /// <summary>Starts both processes.</summary>
    public static StackPair Start(StackDefinition stack) => Start(stack, stack);

    /// <summary>Starts both processes, each in its own way.</summary>
    public static StackPair Start(StackDefinition offerer, StackDefinition answerer) =>
        new(StackPeer.Start(offerer), StackPeer.Start(answerer));

    /// <summary>Opens a connection with one channel, by way of a relay if there is one; how long it took until both sides had it open.</summary>
    public async Task<TimeSpan> OpenAsync(PathRelay? relay = null)
    {
        _relay = relay;
        _answerer.Say("create answer");
        var from = Stopwatch.GetTimestamp();
        _offerer.Say("create offer");
        await Task.WhenAll(
            _offerer.NextAsync("open", OpenPatience),
            _answerer.NextAsync("open", OpenPatience)
        );
        return Stopwatch.GetElapsedTime(from);
    }

    /// <summary>Closes the connection on both sides.</summary>
    public async Task CloseAsync()
    {
        _offerer.Say("close");
        _answerer.Say("close");
        await Task.WhenAll(_offerer.NextAsync("closed"), _answerer.NextAsync("closed"));
    }

    /// <summary>Sends 64 bytes back and forth; middle and 99th percentile in milliseconds.</summary>
    public async Task<(double P50, double P99)> PingAsync(int count)
    {
        _offerer.Say($"ping {count}");
        return await _offerer.NextAsync("rtt") is [var p50, var p99]
            ? (p50 / 1000, p99 / 1000)
            : throw new InvalidOperationException("The peer said no times.");
    }

    /// <summary>Sends much; megabytes a second, and processor seconds of both sides for a gigabyte.</summary>
    public async Task<(double Rate, double Cpu)> BulkAsync(int size, long total, double seconds)
    {
        var cpu = CpuSeconds;
        _offerer.Say(string.Create(CultureInfo.InvariantCulture, $"bulk {size} {total} {seconds}"));
        var answer = await _offerer.NextAsync("bulk", TimeSpan.FromSeconds(seconds + 60));
        return answer is [var bytes, var took]
            ? (bytes / took / 1e6, (CpuSeconds - cpu) / (bytes / 1e9))
            : throw new InvalidOperationException("The peer said no bytes.");
    }

    /// <summary>Sends lines on a channel of their own; middle and 95th percentile of their ways in milliseconds. Our own stack only.</summary>
    public async Task<(double P50, double P95)> ChatAsync(int count, int interval)
    {
        _offerer.Say($"chat {count} {interval}");
        return await _answerer.NextAsync("lines", TimeSpan.FromSeconds(60)) is [var p50, var p95]
            ? (p50, p95)
            : throw new InvalidOperationException("The peer said no times.");
    }

    /// <summary>How many bytes of bulk have come so far. Our own stack only.</summary>
    public async Task<double> CountAsync()
    {
        _answerer.Say("count");
        return (await _answerer.NextAsync("count"))[0];
    }

    /// <summary>Ends both processes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _offerer.DisposeAsync();
        await _answerer.DisposeAsync();
    }
}
