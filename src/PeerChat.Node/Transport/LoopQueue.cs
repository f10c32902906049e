using System.Diagnostics;

namespace PeerChat.Node.Transport;

/// <summary>Hands items from many threads to the one loop thread, which waits for them with a time limit.</summary>
/// <typeparam name="T">What is handed over.</typeparam>
/// <param name="capacity">How many items may wait before <see cref="TryEnqueue"/> refuses more.</param>
internal sealed class LoopQueue<T>(int capacity)
{
    private readonly object _gate = new();
    private readonly Queue<T> _items = new();
    private int _waiting;
    private bool _isClosed;
    private bool _isWoken;
    private long _refused;

    /// <summary>Items waiting.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>Items that <see cref="TryEnqueue"/> refused so far.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Adds an item unless the queue is full; what may be lost, as datagrams may, goes this way.</summary>
    public bool TryEnqueue(T item)
    {
        lock (_gate)
        {
            if (_items.Count < capacity && !_isClosed)
            {
                Add(item);
                return true;
            }
        }

        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>Adds an item beyond the capacity if need be; for commands, which must not be lost. False once closed.</summary>
    public bool Enqueue(T item)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                Add(item);
            }

            return !_isClosed;
        }
    }

    /// <summary>Ends the present wait, or the next one, although no item came.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            if (_waiting > 0)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Takes nothing more, and gives back what nobody took.</summary>
    public IReadOnlyList<T> Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            T[] left = [.. _items];
            _items.Clear();
            return left;
        }
    }

    /// <summary>Takes the next item, and waits for one no longer than <paramref name="timeout"/>.</summary>
    /// <remarks>The wait is rounded up to whole milliseconds, so a loop does not spin towards its deadline.</remarks>
    public bool TryDequeue(TimeSpan timeout, out T item)
    {
        lock (_gate)
        {
            WaitForItems(timeout);
            return _items.TryDequeue(out item!);
        }
    }

    /// <summary>Waits until an item is there, or <see cref="Wake"/> was called, no longer than <paramref name="timeout"/>.</summary>
    public void Wait(TimeSpan timeout)
    {
        lock (_gate)
        {
            WaitForItems(timeout);
        }
    }

    /// <summary>Adds up to <paramref name="max"/> items to a list under one lock, without waiting; returns how many.</summary>
    /// <remarks>Another thread that waits for <see cref="Wake"/> is woken all the same.</remarks>
    public int TakeWaiting(List<T> batch, int max)
    {
        lock (_gate)
        {
            var count = Math.Min(max, _items.Count);
            for (var i = 0; i < count; i++)
            {
                batch.Add(_items.Dequeue());
            }

            return count;
        }
    }

    private void Add(T item)
    {
        _items.Enqueue(item);
        if (_waiting > 0)
        {
            Monitor.Pulse(_gate);
        }
    }

    private void WaitForItems(TimeSpan timeout)
    {
        if (_items.Count > 0 || timeout == TimeSpan.Zero)
        {
            _isWoken = false;
            return;
        }

        var start = Stopwatch.GetTimestamp();
        _waiting++;
        try
        {
            while (_items.Count == 0 && !_isWoken)
            {
                var wait = Timeout.Infinite;
                if (timeout != Timeout.InfiniteTimeSpan)
                {
                    var left = (timeout - Stopwatch.GetElapsedTime(start)).TotalMilliseconds;
                    if (left <= 0)
                    {
                        return;
                    }

                    wait = (int)Math.Min(int.MaxValue, Math.Ceiling(left));
                }

                Monitor.Wait(_gate, wait);
            }
        }
        finally
        {
            _waiting--;
            _isWoken = false;
        }
    }
}
