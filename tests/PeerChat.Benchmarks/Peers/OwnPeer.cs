using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PeerChat.Node.Transport;
using PeerChat.Primitives;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Sdp;

namespace PeerChat.Benchmarks.Peers;

/// <summary>One side of our own stack, with the sockets and the loop of the product; speaks the lines of <see cref="StackPeer"/>.</summary>
internal sealed class OwnPeer : ILoopOwner<Action>, IDisposable
{
    /// <summary>The word for what only our own peers do with one another: SNAP, and datagrams beyond 1,200 bytes.</summary>
    public const string OwnWays = "own";

    private const int High = 1 << 20;
    private const int Low = 1 << 18;
    private const int PingSize = 64;
    private const int PlainDatagram = 1200;
    private const string Label = "bench";
    private const string ChatLabel = "chat";
    private readonly NodeClock _clock = new();
    private readonly SystemEntropy _entropy = new();
    private readonly DatagramPool _pool = new();
    private readonly EventLoop<Action> _loop;
    private readonly UdpPort _port;
    private readonly bool _usesOwnWays;
    private readonly byte[] _ping = new byte[PingSize];
    private PeerConnection? _connection;
    private SdpDocument? _offer;
    private ushort? _channel;
    private ushort? _chat;
    private bool _isOfferer;
    private bool _isOpen;
    private long _received;
    private double[] _times = [];
    private int _pongs;
    private long _sentAt;
    private byte[] _message = [];
    private long _toSend;
    private long _bulkFrom;
    private long _bulkUntil;
    private bool _sends;
    private readonly List<double> _lines = [];

    private OwnPeer(IPAddress address, bool usesOwnWays)
    {
        _usesOwnWays = usesOwnWays;
        _loop = new EventLoop<Action>(this, _clock);
        var on = LocalInterface.List().First(each => each.Addresses.Any(own => own.Address.Equals(address)));
        _port =
            UdpPort.TryOpen(on, address, preferredPort: 0, pin: false, _pool, Deliver)
            ?? throw new InvalidOperationException($"No port on {address}.");
    }

    Instant? ILoopOwner<Action>.NextDeadline => _connection?.NextDeadline;

    bool ILoopOwner<Action>.IsOver => false;

    /// <summary>Runs until its input ends.</summary>
    public static int Run(string address, bool usesOwnWays)
    {
        using var peer = new OwnPeer(IPAddress.Parse(address), usesOwnWays);
        new Thread(peer._loop.Run) { IsBackground = true, Name = "loop" }.Start();
        while (Console.In.ReadLine() is { } line)
        {
            peer._loop.Post(() => peer.Handle(line));
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _port.Dispose();

    void ILoopOwner<Action>.HandleDatagram(in ReceivedDatagram received, Span<byte> datagram) =>
        _connection?.HandleDatagram(_clock.Now, received.Local, received.Remote, datagram);

    void ILoopOwner<Action>.HandleRequest(Action request) => request();

    void ILoopOwner<Action>.EndTurn()
    {
        if (_connection is null)
        {
            return;
        }

        var now = _clock.Now;
        if (_connection.NextDeadline <= now)
        {
            _connection.HandleDeadline(now);
        }

        do
        {
            while (_connection.TryTakeEvent(out var happened))
            {
                Handle(happened);
            }

            if (!_isOpen && _channel is { } channel && _connection.IsConfirmed(channel))
            {
                SayOpen();
            }

            while (_connection.TryTakeTransmit(out var datagram))
            {
                if (datagram.IsProbe)
                {
                    _port.SendWhole(datagram.Remote, datagram.Payload.Span);
                }
                else
                {
                    _port.Queue(datagram.Remote, datagram.Payload.Span);
                }
            }

            _port.Flush();
        } while (_sends && TrySendMore());
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    private bool Deliver(in ReceivedDatagram datagram) => _loop.Deliver(datagram);

    private void Handle(string line)
    {
        var words = line.Split(' ', 2);
        switch (words[0])
        {
            case "create":
                Create(isOfferer: words[1] == "offer");
                break;
            case "signal":
                HandleSignal(JsonNode.Parse(words[1])!);
                break;
            case "ping":
                (_times, _pongs) = (new double[int.Parse(words[1], CultureInfo.InvariantCulture)], 0);
                SendPing();
                break;
            case "bulk":
                StartBulk([
                    .. words[1].Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)),
                ]);
                break;
            case "chat":
                StartChat([
                    .. words[1].Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture)),
                ]);
                break;
            case "count":
                Say($"count {_received}");
                break;
            case "close":
                CloseConnection();
                Say("closed");
                break;
            default:
                throw new InvalidOperationException(line);
        }
    }

    private void Create(bool isOfferer)
    {
        CloseConnection();
        _connection = new PeerConnection(isOfferer, [_port.Local], _entropy, _clock.Now)
        {
            MaxDatagramSize = _usesOwnWays ? PeerConnection.LargestDatagram : PlainDatagram,
        };
        (_isOfferer, _isOpen, _channel, _chat, _offer) = (isOfferer, false, null, null, null);
        if (isOfferer)
        {
            SaySignal("offer", SdpDocument.WriteOffer(Description));
        }
    }

    private void HandleSignal(JsonNode signal)
    {
        if (
            signal["sdp"] is not { } sdp
            || !SdpDocument.TryParse(sdp.GetValue<string>(), out var document, out _)
        )
        {
            return;
        }

        _connection!.SetRemoteDescription(document.Description, _clock.Now);
        if (!_isOfferer)
        {
            _offer = document;
            SaySignal("answer", SdpDocument.WriteAnswer(Description, _offer));
        }
    }

    private SessionDescription Description =>
        _usesOwnWays ? _connection!.LocalDescription : _connection!.LocalDescription with { SctpInit = null };

    private static void SaySignal(string type, string sdp) =>
        Say("signal " + new JsonObject { ["type"] = type, ["sdp"] = sdp }.ToJsonString());

    private void CloseConnection()
    {
        if (_connection is null)
        {
            return;
        }

        _connection.Close(_clock.Now);
        while (_connection.TryTakeTransmit(out var datagram))
        {
            _port.Queue(datagram.Remote, datagram.Payload.Span);
        }

        _port.Flush();
        _connection.Dispose();
        _connection = null;
    }

    private void Handle(PeerConnectionEvent happened)
    {
        switch (happened)
        {
            case PeerConnectionEvent.Connected when _isOfferer:
                _channel = _connection!.OpenChannel(Label, _clock.Now);
                _connection.SetBufferedAmountLowThreshold(_channel.Value, Low);
                break;
            case PeerConnectionEvent.ChannelOpened { Label: ChatLabel } opened:
                _chat = opened.Channel;
                break;
            case PeerConnectionEvent.ChannelOpened opened:
                _channel = opened.Channel;
                SayOpen();
                break;
            case PeerConnectionEvent.MessageReceived message:
                HandleMessage(message);
                break;
            case PeerConnectionEvent.BufferedAmountLow:
                _sends = _toSend > 0;
                break;
            default:
                break;
        }
    }

    private void SayOpen()
    {
        if (!_isOpen)
        {
            _isOpen = true;
            Say("open");
        }
    }

    private void HandleMessage(PeerConnectionEvent.MessageReceived message)
    {
        var bytes = message.Message.Span;
        if (message.Channel == _chat)
        {
            HandleLine(bytes);
        }
        else if (message.IsText)
        {
            HandleText(Encoding.UTF8.GetString(bytes));
        }
        else if (bytes.Length != PingSize)
        {
            _received += bytes.Length;
        }
        else if (_times.Length > 0)
        {
            HandlePong();
        }
        else
        {
            _connection!.Send(message.Channel, isText: false, bytes, _clock.Now);
        }

        PeerConnection.Recycle(message);
    }

    private void HandleText(string text)
    {
        if (text == "end")
        {
            var got = string.Create(CultureInfo.InvariantCulture, $"got {_received}");
            _connection!.Send(_channel!.Value, isText: true, Encoding.UTF8.GetBytes(got), _clock.Now);
            _received = 0;
        }
        else
        {
            var seconds = Stopwatch.GetElapsedTime(_bulkFrom).TotalSeconds;
            Say($"after {seconds:0.000} s: {_connection!.Sending}"); // not awaited: it goes to the error output
            Say(string.Create(CultureInfo.InvariantCulture, $"bulk {text["got ".Length..]} {seconds}"));
        }
    }

    // A line holds when it was sent (the clock of both processes is the machine's) and how many follow.
    private void StartChat(int[] values)
    {
        _chat ??= _connection!.OpenChannel(ChatLabel, _clock.Now);
        new Thread(() =>
        {
            for (var left = values[0]; left > 0; left--)
            {
                Thread.Sleep(values[1]);
                var follow = left - 1;
                _loop.Post(() => SendLine(follow));
            }
        })
        {
            IsBackground = true,
        }.Start();
    }

    private void SendLine(int follow)
    {
        var line = new byte[PingSize];
        BitConverter.TryWriteBytes(line, Stopwatch.GetTimestamp());
        BitConverter.TryWriteBytes(line.AsSpan(sizeof(long)), follow);
        _connection!.Send(_chat!.Value, isText: false, line, _clock.Now);
    }

    private void HandleLine(ReadOnlySpan<byte> line)
    {
        _lines.Add(Stopwatch.GetElapsedTime(BitConverter.ToInt64(line)).TotalMilliseconds);
        if (BitConverter.ToInt32(line[sizeof(long)..]) == 0)
        {
            var sorted = _lines.Order().ToArray();
            _lines.Clear();
            Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"lines {sorted[sorted.Length / 2]:0.00} {sorted[(int)(sorted.Length * 0.95)]:0.00}"
                )
            );
        }
    }

    private void SendPing()
    {
        _sentAt = Stopwatch.GetTimestamp();
        _connection!.Send(_channel!.Value, isText: false, _ping, _clock.Now);
    }

    private void HandlePong()
    {
        _times[_pongs++] = Stopwatch.GetElapsedTime(_sentAt).TotalMicroseconds;
        if (_pongs < _times.Length)
        {
            SendPing();
            return;
        }

        var sorted = _times[(_times.Length / 10)..].Order().ToArray();
        _times = [];
        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"rtt {sorted[sorted.Length / 2]:0.0} {sorted[(int)(sorted.Length * 0.99)]:0.0}"
            )
        );
    }

    private void StartBulk(double[] values)
    {
        _message = new byte[(int)values[0]];
        _toSend = (long)values[1];
        _bulkFrom = Stopwatch.GetTimestamp();
        _bulkUntil = _bulkFrom + (long)(values[2] * Stopwatch.Frequency);
        _sends = true;
    }

    // A little at a time, so that what is sent leaves before more is made.
    private bool TrySendMore()
    {
        const int Portion = 128 * 1024;
        var sent = 0;
        while (sent < Portion && _toSend > 0)
        {
            if (_connection!.BufferedAmount(_channel!.Value) > High)
            {
                _sends = false;
                return sent > 0;
            }

            _connection.Send(_channel.Value, isText: false, _message, _clock.Now);
            sent += _message.Length;
            _toSend -= _message.Length;
            if (_toSend <= 0 || Stopwatch.GetTimestamp() > _bulkUntil)
            {
                (_toSend, _sends) = (0, false);
                _connection.Send(_channel.Value, isText: true, "end"u8, _clock.Now);
            }
        }

        return true;
    }
}
