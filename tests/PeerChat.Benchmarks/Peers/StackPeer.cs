using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace PeerChat.Benchmarks.Peers;

/// <summary>One side of a pair in a process of its own, whatever stack it runs.</summary>
/// <remarks>
/// Lines in: <c>create offer|answer</c>, <c>signal JSON</c>, <c>ping COUNT</c>, <c>bulk SIZE BYTES SECONDS</c>, <c>close</c>; the end of
/// input ends it. Lines out: <c>signal JSON</c>, <c>open</c>, <c>rtt P50 P99</c> in microseconds, <c>bulk BYTES SECONDS</c> as the other
/// side counted them, <c>closed</c>.
/// </remarks>
internal sealed class StackPeer : IAsyncDisposable
{
    private const string Signal = "signal ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private StackPeer(Process process) => _process = process;

    /// <summary>Takes what this side wants the other one to know.</summary>
    public Action<string>? OnSignal { get; set; }

    /// <summary>Processor time so far with that of helper processes, in seconds.</summary>
    public double CpuSeconds => ProcessTree.CpuSeconds(_process.Id);

    /// <summary>Resident memory in megabytes.</summary>
    public double ResidentMegabytes => ProgramRun.ResidentMegabytes(_process.Id);

    /// <summary>Starts one.</summary>
    public static StackPeer Start(StackDefinition stack)
    {
        var start = new ProcessStartInfo(stack.Program, stack.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process =
            Process.Start(start) ?? throw new InvalidOperationException($"{stack.Name} did not start.");
        var peer = new StackPeer(process);
        new Thread(peer.Read) { IsBackground = true, Name = stack.Name }.Start();
        return peer;
    }

    /// <summary>Tells it something.</summary>
    public void Say(string line)
    {
        lock (_process)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
    }

    /// <summary>Gives it what the other side said.</summary>
    public void GiveSignal(string json) => Say(Signal + json);

    /// <summary>Waits for the next line of a kind, and returns the numbers in it.</summary>
    public async Task<double[]> NextAsync(string kind, TimeSpan? patience = null)
    {
        using var timeout = new CancellationTokenSource(patience ?? Patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(timeout.Token))
            {
                var words = line.Split(' ');
                if (words[0] == kind)
                {
                    return
                    [
                        .. words.Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture)),
                    ];
                }

                Console.Error.WriteLine($"  {line}");
            }
        }
        catch (OperationCanceledException late)
        {
            throw new InvalidOperationException($"The peer did not say '{kind}' in time.", late);
        }

        throw new InvalidOperationException($"The peer ended before it said '{kind}'.");
    }

    /// <summary>Lets it go.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await ProgramRun.EndAsync(_process);
        }

        _process.Dispose();
    }

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(Signal, StringComparison.Ordinal))
            {
                OnSignal?.Invoke(line[Signal.Length..]);
            }
            else
            {
                _lines.Writer.TryWrite(line);
            }
        }

        _lines.Writer.TryComplete();
    }
}
