using System.Diagnostics;

namespace PeerChat.Benchmarks.Link;

/// <summary>Carries packets from one interface to another, each so much later; the kernel of this machine cannot (netem).</summary>
internal sealed class DelayLine
{
    private readonly Queue<(byte[] Packet, long Due)> _waiting = new();
    private readonly TunDevice _from;
    private readonly TunDevice _to;
    private readonly TimeSpan _delay;

    /// <summary>Begins.</summary>
    public DelayLine(TunDevice from, TunDevice to, TimeSpan delay)
    {
        (_from, _to, _delay) = (from, to, delay);
        new Thread(Take) { IsBackground = true, Name = "delay in" }.Start();
        if (delay > TimeSpan.Zero)
        {
            new Thread(Pass) { IsBackground = true, Name = "delay out" }.Start();
        }
    }

    private void Take()
    {
        var buffer = new byte[TunDevice.MaxPacket];
        var delay = (long)(_delay.TotalSeconds * Stopwatch.Frequency);
        for (int length; (length = _from.Read(buffer)) > 0; )
        {
            var packet = buffer[..length];
            if (delay == 0)
            {
                _to.Write(packet);
                continue;
            }

            lock (_waiting)
            {
                _waiting.Enqueue((packet, Stopwatch.GetTimestamp() + delay));
                Monitor.Pulse(_waiting);
            }
        }
    }

    private void Pass()
    {
        while (true)
        {
            (byte[] Packet, long Due) next;
            lock (_waiting)
            {
                while (!_waiting.TryDequeue(out next))
                {
                    Monitor.Wait(_waiting);
                }
            }

            var wait = TimeSpan.FromSeconds(
                (next.Due - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency
            );
            if (wait > TimeSpan.Zero)
            {
                Thread.Sleep(wait);
            }

            _to.Write(next.Packet);
        }
    }
}
