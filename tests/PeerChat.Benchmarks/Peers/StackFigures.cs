using System.Globalization;
using System.Text.Json.Nodes;

namespace PeerChat.Benchmarks.Peers;

/// <summary>What one stack came to: the row of the report.</summary>
/// <param name="stack">Its name.</param>
internal sealed class StackFigures(string stack)
{
    /// <summary>The stack's name.</summary>
    public string Stack => stack;

    /// <summary>Why nothing was measured; null when something was.</summary>
    public string? Failure { get; set; }

    /// <summary>From createOffer to both open for the first time in the two processes, in milliseconds.</summary>
    public Samples OpenCold { get; } = new();

    /// <summary>The same once both have done it before.</summary>
    public Samples Open { get; } = new();

    /// <summary>64 bytes and back, the middle of each round, in milliseconds.</summary>
    public Samples RoundTrip { get; } = new();

    /// <summary>The 99th percentile of each round.</summary>
    public Samples RoundTrip99 { get; } = new();

    /// <summary>Messages of 64 KiB, in megabytes a second.</summary>
    public Samples Bulk64 { get; } = new();

    /// <summary>Messages of 16 KiB, in megabytes a second.</summary>
    public Samples Bulk16 { get; } = new();

    /// <summary>Processor seconds of both sides for a gigabyte in messages of 64 KiB.</summary>
    public Samples Cpu { get; } = new();

    /// <summary>Messages of 64 KiB over 40 ms of round trip where one datagram in a hundred is lost, in megabytes a second.</summary>
    public Samples Lossy { get; } = new();

    /// <summary>The same over 100 ms where one in a thousand is lost.</summary>
    public Samples LossyFar { get; } = new();

    /// <summary>Resident memory of the sending side after its bulk, in megabytes.</summary>
    public Samples Resident { get; } = new();

    /// <summary>The headings of <see cref="ToString"/>.</summary>
    public static string Heading =>
        $"{"stack", -18}{"open ms", 9}{"worst", 8}{"cold", 8}{"rtt p50", 9}{"rtt p99", 9}{"64K MB/s", 10}{"16K MB/s", 10}{"cpu s/GB", 10}{"1%/40ms", 9}{".1%/100", 9}{"rss MB", 8}";

    /// <summary>The row as JSON.</summary>
    public string ToJson() =>
        new JsonObject
        {
            ["stack"] = stack,
            ["openMs"] = Number(Open.Median),
            ["openWorstMs"] = Number(Open.Percentile(100)),
            ["openColdMs"] = Number(OpenCold.Median),
            ["rttP50Ms"] = Number(RoundTrip.Median),
            ["rttP99Ms"] = Number(RoundTrip99.Median),
            ["bulk64KMBps"] = Number(Bulk64.Median),
            ["bulk16KMBps"] = Number(Bulk16.Median),
            ["cpuSecondsPerGB"] = Number(Cpu.Median),
            ["lossy1MBps"] = Number(Lossy.Median),
            ["lossy01MBps"] = Number(LossyFar.Median),
            ["rssMb"] = Number(Resident.Median),
            ["failure"] = Failure,
        }.ToJsonString();

    /// <inheritdoc/>
    public override string ToString() =>
        Failure is { } failure
            ? $"{stack, -18}{failure}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{stack, -18}{Open.Median, 9:0.0}{Open.Percentile(100), 8:0}{OpenCold.Median, 8:0}{RoundTrip.Median, 9:0.000}{RoundTrip99.Median, 9:0.000}{Bulk64.Median, 10:0.0}{Bulk16.Median, 10:0.0}{Cpu.Median, 10:0.0}{Lossy.Median, 9:0.00}{LossyFar.Median, 9:0.00}{Resident.Median, 8:0}"
            );

    private static JsonValue? Number(double value) =>
        double.IsNaN(value) ? null : JsonValue.Create(Math.Round(value, 3));
}
