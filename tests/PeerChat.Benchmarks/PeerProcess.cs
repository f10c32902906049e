using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary>An <see cref="EchoPeer"/> seen from outside.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;

    private PeerProcess(Process process, long startedAt) => (_process, StartedAt) = (process, startedAt);

    /// <summary>When it was started, on the machine's monotonic clock.</summary>
    public long StartedAt { get; }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>What it has taken of the processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts one.</summary>
    public static PeerProcess Start(string user, string profile, string join = "") =>
        Start(profile, "peer", user, profile, join);

    /// <summary>Starts one whose code is compiled well at once, so that no compiler of its takes the processors from what is measured.</summary>
    public static PeerProcess StartCompiled(string user, string profile) =>
        Start(
            profile,
            "peer",
            user,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_TieredCompilation"] = "0" },
            profile,
            ""
        );

    /// <summary>Starts a helper of this program on a profile.</summary>
    public static PeerProcess Start(string profile, string helper, string user, params string[] arguments) =>
        Start(profile, helper, user, new Dictionary<string, string?>(StringComparer.Ordinal), arguments);

    private static PeerProcess Start(
        string profile,
        string helper,
        string user,
        IReadOnlyDictionary<string, string?> variables,
        params string[] arguments
    )
    {
        var startedAt = Stopwatch.GetTimestamp();
        var process = ProgramRun.Start(
            Environment.ProcessPath!,
            profile,
            variables,
            [helper, user, .. arguments]
        );
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                Console.Error.WriteLine($"{user}: {text}");
            }
        };
        process.BeginErrorReadLine();
        return new PeerProcess(process, startedAt);
    }

    /// <summary>Waits for the next line of a kind, and returns the moments in it.</summary>
    public async Task<long[]> NextAsync(string kind, TimeSpan? limit = null)
    {
        using var patience = new CancellationTokenSource(limit ?? Patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == kind)
            {
                return [.. words.Skip(1).Select(long.Parse)];
            }
        }

        throw new InvalidOperationException($"The peer ended before it was {kind}.");
    }

    /// <summary>Has it say something.</summary>
    public void Say(string text)
    {
        _process.StandardInput.WriteLine(text);
        _process.StandardInput.Flush();
    }

    /// <summary>Lets it say goodbye and go.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(patience.Token) is not null) { }

            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await ProgramRun.EndAsync(_process);
        }

        _process.Dispose();
    }
}
