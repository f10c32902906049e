using System.Collections.Concurrent;
using PeerChat.Node.Engine;

namespace PeerChat.Node.Files;

/// <summary>Writes great blocks on a thread of its own, so that the next one is opened and hashed while the disk takes this one.</summary>
/// <param name="report">Takes what the engine is told.</param>
internal sealed class FileWriter(Action<Action<NodeEngine>> report) : IDisposable
{
    /// <summary>Blocks that wait; whoever has one more waits with it, so that memory stays bounded.</summary>
    public const int MaxWaiting = 3;

    private readonly BlockingCollection<Action<Action<Action<NodeEngine>>>> _waiting = new(MaxWaiting);
    private Thread? _thread;

    /// <summary>Does a piece of writing, soon and in turn. For one thread.</summary>
    public void Add(Action<Action<Action<NodeEngine>>> write)
    {
        if (_thread is null) // nobody pays for it who has no great files
        {
            _thread = new Thread(Run) { Name = "peerchat-writer", IsBackground = true };
            _thread.Start();
        }

        _waiting.Add(write);
    }

    /// <summary>Writes what waits, and ends.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread?.Join();
        _waiting.Dispose();
    }

    private void Run()
    {
        foreach (var write in _waiting.GetConsumingEnumerable())
        {
            write(report);
        }
    }
}
