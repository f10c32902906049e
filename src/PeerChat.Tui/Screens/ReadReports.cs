using PeerChat.Node;

namespace PeerChat.Tui.Screens;

/// <summary>Gathers what was read: in a burst each line is read at once, and one word to the node about the last of each chat serves.</summary>
internal sealed class ReadReports : IDisposable
{
    /// <summary>How long it gathers.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Action<NodeCommand.MarkRead> _tell;
    private readonly ITimer _pause;
    private readonly Dictionary<string, NodeCommand.MarkRead> _read = new(StringComparer.Ordinal); // by chat

    /// <summary>Prepares it.</summary>
    /// <param name="clock">The clock for the pause.</param>
    /// <param name="tell">Takes what is told, on a thread of the clock's or on the caller's.</param>
    public ReadReports(TimeProvider clock, Action<NodeCommand.MarkRead> tell)
    {
        _tell = tell;
        _pause = clock.CreateTimer(_ => Tell(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Has it told after the pause, unless something later of its chat comes in between.</summary>
    public void Note(NodeCommand.MarkRead read)
    {
        lock (_read)
        {
            if (_read.Count == 0)
            {
                _pause.Change(Pause, Timeout.InfiniteTimeSpan);
            }

            _read[read.Chat] = read;
        }
    }

    /// <summary>Tells at once what waits.</summary>
    public void Tell()
    {
        lock (_read)
        {
            foreach (var read in _read.Values)
            {
                _tell(read);
            }

            _read.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _pause.Dispose();
}
