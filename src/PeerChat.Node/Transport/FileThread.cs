using System.Collections.Concurrent;
using PeerChat.Node.Engine;
using PeerChat.Node.Files;

namespace PeerChat.Node.Transport;

/// <summary>Where files are read, hashed and written: blocks one after the other on a thread of their own, long work on others.</summary>
/// <param name="report">Takes what the loop has to do with the outcome.</param>
internal sealed class FileThread(Action<Action<NodeEngine>> report) : IDisposable
{
    /// <summary>How long the end waits for work that was cancelled.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    /// <summary>Outcomes that the loop takes in one go: what comes of small blocks would wake it for each.</summary>
    private const int MaxReports = 64;

    /// <summary>After so many bytes of blocks the loop is told at once, so that whoever waits for more can be asked for it.</summary>
    private const int MaxBytes = 256 * 1024;

    private readonly BlockingCollection<FileJob> _blocks = [];
    private readonly ConcurrentDictionary<Task, bool> _long = [];
    private readonly Lock _gate = new();
    private Thread? _thread;

    /// <summary>Does a job, some time.</summary>
    public void Begin(FileJob job)
    {
        if (job.IsLong)
        {
            var task = new Task(() => new FileWork(report).Do(job), TaskCreationOptions.LongRunning);
            _long[task] = true;
            _ = task.ContinueWith(
                done => _long.TryRemove(done, out _),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
            task.Start(TaskScheduler.Default);
            return;
        }

        lock (_gate)
        {
            if (_thread is null) // nobody pays for it who has no files
            {
                _thread = new Thread(Run) { Name = "peerchat-files", IsBackground = true };
                _thread.Start();
            }
        }

        _blocks.Add(job);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.CompleteAdding();
        _thread?.Join(EndPatience);
        Task.WaitAll([.. _long.Keys], EndPatience);
    }

    private void Run()
    {
        var outcomes = new List<Action<NodeEngine>>();
        using var writer = new FileWriter(report);
        var work = new FileWork(outcomes.Add, writer);
        var bytes = 0;
        foreach (var job in _blocks.GetConsumingEnumerable())
        {
            work.Do(job);
            bytes += job is FileJob.Take take ? take.Bytes.Length : 0;
            if (
                job is FileJob.Give
                || bytes >= MaxBytes
                || outcomes.Count >= MaxReports
                || _blocks.Count == 0
            )
            {
                Report(outcomes);
                bytes = 0;
            }
        }
    }

    private void Report(List<Action<NodeEngine>> outcomes)
    {
        Action<NodeEngine>[] all = [.. outcomes];
        outcomes.Clear();
        report(engine =>
        {
            foreach (var outcome in all)
            {
                outcome(engine);
            }
        });
    }
}
