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
        var work = new FileWork(report);
        foreach (var job in _blocks.GetConsumingEnumerable())
        {
            work.Do(job);
        }
    }
}
