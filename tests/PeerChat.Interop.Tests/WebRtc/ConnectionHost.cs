using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using PeerChat.Node.Transport;
using PeerChat.Primitives;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Sdp;
using Shouldly;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>One <see cref="PeerConnection"/> with real sockets and the real clock: the run loop of its README on a thread.</summary>
internal sealed class ConnectionHost : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120); // far above what anything takes

    private readonly NodeClock _clock = new();
    private readonly BlockingCollection<Action> _work = [];
    private readonly DatagramPool _pool = new();
    private readonly List<UdpPort> _ports = [];
    private readonly List<PeerConnectionEvent> _events = []; // under its own lock
    private readonly PeerConnection _connection;
    private readonly Thread _thread;
    private volatile bool _isOver;
    private volatile Capture? _capture;

    /// <summary>Opens a port on an address and starts the loop.</summary>
    public ConnectionHost(bool isOfferer, LocalInterface on, IPAddress address)
    {
        _ports.Add(
            UdpPort.TryOpen(on, address, preferredPort: 0, pin: false, _pool, Take)
                ?? throw new InvalidOperationException($"No port on {address}.")
        );
        _connection = new PeerConnection(
            isOfferer,
            [.. _ports.Select(port => port.Local)],
            new SystemEntropy(),
            _clock.Now
        );
        _thread = new Thread(Loop) { IsBackground = true, Name = "connection under test" };
        _thread.Start();
    }

    /// <summary>Events so far.</summary>
    public IReadOnlyList<PeerConnectionEvent> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Where all datagrams go too, both ways, from now on.</summary>
    public void CaptureTo(Capture capture) => _capture = capture;

    /// <summary>This side's offer.</summary>
    public string Offer() => Run((connection, _) => SdpDocument.WriteOffer(connection.LocalDescription));

    /// <summary>Takes an offer in and gives the answer.</summary>
    public string Answer(string offer)
    {
        var document = Read(offer);
        return Run(
            (connection, now) =>
            {
                connection.SetRemoteDescription(document.Description, now);
                return SdpDocument.WriteAnswer(connection.LocalDescription, document);
            }
        );
    }

    /// <summary>Takes the answer in.</summary>
    public void Accept(string answer)
    {
        var document = Read(answer);
        Run((connection, now) => connection.SetRemoteDescription(document.Description, now));
    }

    /// <summary>This side's offer to restart ICE.</summary>
    /// <param name="version">Counts the descriptions of this side.</param>
    public string OfferRestart(int version) =>
        Run(
            (connection, now) =>
                connection.TryOfferRestart(Locals, [], now, out var offer)
                    ? SdpDocument.WriteOffer(offer, version)
                    : throw new InvalidOperationException("No restart can be offered.")
        );

    /// <summary>Takes an offer to restart in and gives the answer.</summary>
    public string AnswerRestart(string offer, int version)
    {
        var document = Read(offer);
        return Run(
            (connection, now) =>
                connection.TryAnswerRestart(document.Description, Locals, [], now, out var answer)
                    ? SdpDocument.WriteAnswer(answer, document, version)
                    : throw new InvalidOperationException($"It is no restart:\n{offer}")
        );
    }

    /// <summary>Takes the answer to an offer to restart in.</summary>
    public void AcceptRestart(string answer)
    {
        var document = Read(answer);
        Run((connection, now) => connection.TryCompleteRestart(document.Description, now))
            .ShouldBeTrue(answer);
    }

    /// <summary>Waits until the path of a restart is in use.</summary>
    /// <param name="description">What this side said of it.</param>
    public void AwaitRestarted(string description)
    {
        var ufrag = Read(description).Description.Ufrag;
        Poll(
            connection => string.Equals(connection.LocalDescription.Ufrag, ufrag, StringComparison.Ordinal),
            "the path of the restart"
        );
    }

    /// <summary>Waits until the other side has answered the opening of a channel.</summary>
    public void AwaitConfirmed(ushort channel) =>
        Poll(connection => connection.IsConfirmed(channel), $"the answer to channel {channel}");

    /// <summary>Reads an SDP, or fails with the reason and the text.</summary>
    public static SdpDocument Read(string text) =>
        SdpDocument.TryParse(text, out var document, out var reason)
            ? document
            : throw new InvalidOperationException($"{reason}:\n{text}");

    /// <summary>Does something with the connection on its thread.</summary>
    public void Run(Action<PeerConnection, Instant> action) =>
        Run(
            (connection, now) =>
            {
                action(connection, now);
                return true;
            }
        );

    /// <summary>Asks the connection something on its thread.</summary>
    public T Run<T>(Func<PeerConnection, Instant, T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(function(_connection, _clock.Now));
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException)
            {
                result.SetException(e);
            }
        });
        return result.Task.WaitAsync(Patience).GetAwaiter().GetResult();
    }

    /// <summary>Sends a message of the pattern for each size.</summary>
    public void Send(ushort channel, params int[] sizes) =>
        Run(
            (connection, now) =>
            {
                foreach (var size in sizes)
                {
                    connection.Send(channel, isText: false, MessagePattern.Of(size), now);
                }
            }
        );

    /// <summary>Sends a text.</summary>
    public void Send(ushort channel, string text) =>
        Run((connection, now) => connection.Send(channel, isText: true, Encoding.UTF8.GetBytes(text), now));

    /// <summary>Sends many messages of one size, never with more than a megabyte waiting.</summary>
    public void SendBulk(ushort channel, int count, int size)
    {
        const int High = 1_048_576;
        var message = MessagePattern.Of(size);
        Run((connection, _) => connection.SetBufferedAmountLowThreshold(channel, High / 4));
        for (var sent = 0; sent < count; )
        {
            var seen = Events.OfType<PeerConnectionEvent.BufferedAmountLow>().Count();
            var isFull = Run(
                (connection, now) =>
                {
                    while (sent < count && connection.BufferedAmount(channel) <= High)
                    {
                        connection.Send(channel, isText: false, message, now);
                        sent++;
                    }

                    return connection.BufferedAmount(channel) > High;
                }
            );
            if (isFull && sent < count)
            {
                Await(
                    events => events.OfType<PeerConnectionEvent.BufferedAmountLow>().Count() > seen,
                    "room to send"
                );
            }
        }
    }

    /// <summary>Waits until the connection holds.</summary>
    public void AwaitConnected() =>
        Await(events => events.OfType<PeerConnectionEvent.Connected>().Any(), "the connection");

    /// <summary>Waits for the channel that the peer opens under a label.</summary>
    public ushort AwaitChannel(string label)
    {
        ushort channel = 0;
        Await(
            events =>
            {
                var opened = events
                    .OfType<PeerConnectionEvent.ChannelOpened>()
                    .LastOrDefault(each => string.Equals(each.Label, label, StringComparison.Ordinal));
                channel = opened?.Channel ?? 0;
                return opened is not null;
            },
            $"channel {label}"
        );
        return channel;
    }

    /// <summary>Waits for so many messages on a channel, and names all as <c>peer.js</c> does.</summary>
    public IReadOnlyList<string> AwaitMessages(ushort channel, int count)
    {
        List<string> names = [];
        Await(
            events =>
            {
                var messages = events
                    .OfType<PeerConnectionEvent.MessageReceived>()
                    .Where(each => each.Channel == channel)
                    .ToList();
                if (messages.Count < count)
                {
                    return false;
                }

                names =
                [
                    .. messages.Select(each =>
                        each.IsText
                            ? $"text {Encoding.UTF8.GetString(each.Message.Span)}"
                            : MessagePattern.Name(each.Message)
                    ),
                ];
                return true;
            },
            $"message {count} on channel {channel}"
        );
        return names;
    }

    /// <summary>Waits for the end of a channel.</summary>
    public void AwaitChannelClosed(ushort channel) =>
        Await(
            events => events.OfType<PeerConnectionEvent.ChannelClosed>().Any(each => each.Channel == channel),
            $"the end of channel {channel}"
        );

    /// <summary>Waits for the end of the connection.</summary>
    public PeerConnectionEvent.Closed AwaitClosed()
    {
        PeerConnectionEvent.Closed? closed = null;
        Await(
            events => (closed = events.OfType<PeerConnectionEvent.Closed>().FirstOrDefault()) is not null,
            "the end of the connection"
        );
        return closed!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _work.Add(() => { });
        _thread.Join();
        _ports.ForEach(port => port.Dispose());
        _connection.Dispose();
    }

    private IReadOnlyList<TransportAddress> Locals => [.. _ports.Select(port => port.Local)];

    private bool Take(in ReceivedDatagram datagram)
    {
        var taken = datagram;
        _work.Add(() =>
        {
            for (var i = 0; i < taken.Count; i++)
            {
                _capture?.Add(_clock.Now, taken.Remote, taken.Local, taken.Writable(i));
                _connection.HandleDatagram(_clock.Now, taken.Local, taken.Remote, taken.Writable(i));
            }

            taken.Release();
        });
        return true;
    }

    private void Loop()
    {
        while (!_isOver)
        {
            Drain();
            if (_work.TryTake(out var next, _clock.Until(_connection.NextDeadline)))
            {
                next();
            }

            Drain();
            _connection.HandleDeadline(_clock.Now);
        }

        Drain();
    }

    private void Drain()
    {
        while (_connection.TryTakeTransmit(out var datagram))
        {
            _capture?.Add(_clock.Now, datagram.Local, datagram.Remote, datagram.Payload.Span);
            _ports.First(port => port.Local == datagram.Local).Send(datagram.Remote, datagram.Payload.Span);
        }

        lock (_events)
        {
            var before = _events.Count;
            while (_connection.TryTakeEvent(out var e))
            {
                _events.Add(e);
            }

            if (_events.Count != before)
            {
                Monitor.PulseAll(_events);
            }
        }
    }

    // For what no event tells of.
    private void Poll(Func<PeerConnection, bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!Run((connection, _) => condition(connection)))
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException($"{what} did not come.");
            }

            tick.WaitForNextTickAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void Await(Func<List<PeerConnectionEvent>, bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        lock (_events)
        {
            while (!condition(_events))
            {
                var left = Patience - clock.Elapsed;
                var isOver = _events.OfType<PeerConnectionEvent.Closed>().FirstOrDefault();
                if (isOver is not null || left <= TimeSpan.Zero || !Monitor.Wait(_events, left))
                {
                    throw new TimeoutException(
                        $"{what} did not come; {isOver?.ToString() ?? "still open"}, last: {_events.LastOrDefault()}"
                    );
                }
            }
        }
    }
}
