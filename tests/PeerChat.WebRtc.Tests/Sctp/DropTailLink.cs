using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Sctp.Sending;

namespace PeerChat.WebRtc.Tests.Sctp;

/// <summary>Flows that always have something to send, over one link of a rate with a buffer that drops what does not fit.</summary>
/// <remarks>The room for a packet varies by a twentieth, by the seed, as with bursts of others: else who loses is always the same flow.</remarks>
internal sealed class DropTailLink(double bytesPerSecond, TimeSpan roundTrip, TimeSpan buffer, int seed)
{
    private readonly Random _random = new(seed);
    private readonly TimeSpan _perPacket = TimeSpan.FromSeconds(Flow.Packet / bytesPerSecond);
    private readonly List<Flow> _flows = [];
    private readonly Queue<(Flow Flow, uint Tsn, Instant Sent, Instant Acked, int LostBefore)> _underWay =
        new();
    private Instant _free = Instant.Origin; // when the link has sent all that waits

    /// <summary>The time of the simulation.</summary>
    public Instant Now { get; private set; } = Instant.Origin;

    /// <summary>Has one more flow begin.</summary>
    public Flow Add(Flow flow)
    {
        _flows.Add(flow);
        Send(flow);
        return flow;
    }

    /// <summary>The part of the link's rate that so many packets in a time are.</summary>
    public double ShareOf(int packets, TimeSpan time) => packets * _perPacket / time;

    /// <summary>Goes on for a while, and tells how long packets waited in the mean.</summary>
    public TimeSpan Run(TimeSpan time)
    {
        var end = Now + time;
        var (arrived, waited) = (0, TimeSpan.Zero);
        while (_underWay.Peek().Acked <= end)
        {
            var (flow, tsn, sent, acked, lostBefore) = _underWay.Dequeue();
            Now = acked;
            arrived++;
            waited += acked - sent - roundTrip - _perPacket;
            flow.Arrived++;
            var wasFull = (flow.InFlight + 1) * Flow.Packet > flow.Window;
            flow.InFlight -= 1 + lostBefore;
            flow.HandleAck(acked - sent, new Tsn(tsn), lostBefore, wasFull, Now);
            Send(flow);
        }

        Now = end;
        return waited / Math.Max(1, arrived);
    }

    private void Send(Flow flow)
    {
        while ((flow.InFlight + 1) * Flow.Packet <= flow.Window || flow.InFlight == flow.Lost)
        {
            flow.LastTsn = flow.LastTsn.Next;
            flow.InFlight++;
            _free = _free < Now ? Now : _free;
            if (_free - Now > buffer * (1 - (_random.NextDouble() / 20)) && flow.InFlight > flow.Lost + 1)
            {
                flow.Lost++; // seen when the next one that is not is acknowledged
                continue;
            }

            _free += _perPacket;
            _underWay.Enqueue((flow, flow.LastTsn.Value, Now, _free + roundTrip, flow.Lost));
            flow.Lost = 0;
        }
    }
}

/// <summary>One sender.</summary>
internal abstract class Flow
{
    public const int Packet = SctpOptions.MaxPacketSize;

    public abstract double Window { get; }
    public int InFlight { get; set; }
    public int Arrived { get; set; }
    public int Lost { get; set; } // behind the last packet that fitted
    public Tsn LastTsn { get; set; }

    public abstract void HandleAck(TimeSpan sample, Tsn tsn, int lostBefore, bool wasFull, Instant now);
}

/// <summary>Our window.</summary>
internal sealed class OurFlow : Flow
{
    private readonly CongestionWindow _window = new();

    public override double Window => _window.Bytes;

    public override void HandleAck(TimeSpan sample, Tsn tsn, int lostBefore, bool wasFull, Instant now)
    {
        _window.HandleSample(sample, tsn, LastTsn, now);
        if (lostBefore > 0)
        {
            _window.HandleLoss(lostBefore, LastTsn, now);
        }

        _window.HandleAcked(Packet, wasFull, tsn, now);
    }
}

/// <summary>A TCP with CUBIC as Linux has it, in its main lines: RFC 9438 with fast convergence, slow start that ends when the round trip grows (HyStart).</summary>
internal sealed class CubicFlow : Flow
{
    private double _packets = 10;
    private double _threshold = double.MaxValue;
    private double _max;
    private double _reno;
    private Instant? _epoch;
    private double _k;
    private Tsn? _exit;
    private TimeSpan _shortest = TimeSpan.MaxValue;

    public override double Window => _packets * Packet;

    public override void HandleAck(TimeSpan sample, Tsn tsn, int lostBefore, bool wasFull, Instant now)
    {
        _shortest = sample < _shortest ? sample : _shortest;
        if (_exit is { } exit && !exit.IsAfter(tsn))
        {
            _exit = null;
        }

        if (lostBefore > 0 && _exit is null)
        {
            _max = _packets < _max ? _packets * 0.85 : _packets;
            _threshold = _packets = Math.Max(2, _packets * 0.7);
            (_exit, _epoch) = (LastTsn, null);
        }

        if (_exit is not null || !wasFull)
        {
            return;
        }

        if (_packets < _threshold)
        {
            _packets++;
            if (
                _packets >= 16
                && sample - _shortest
                    > TimeSpan.FromMilliseconds(Math.Clamp(_shortest.TotalMilliseconds / 8, 4, 16))
            )
            {
                _threshold = _packets;
            }

            return;
        }

        if (_epoch is null)
        {
            (_epoch, _reno, _max) = (now, _packets, Math.Max(_max, _packets));
            _k = Math.Cbrt((_max - _packets) / 0.4);
        }

        var elapsed = (now - _epoch.Value + _shortest).TotalSeconds;
        var target = Math.Clamp(_max + (0.4 * Math.Pow(elapsed - _k, 3)), _packets, _packets * 1.5);
        _reno += 3 * 0.3 / 1.7 / _packets;
        _packets = Math.Max(_packets + ((target - _packets) / _packets), _reno);
    }
}
