using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeerChat.WebRtc.DataChannels;
using PeerChat.WebRtc.Sctp;
using PeerChat.WebRtc.Tests.Sctp;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.DataChannels;

public sealed class DataChannelTests
{
    private readonly AssociationPair _pair = new() { RightReads = false, LeftReads = false };
    private readonly DataChannelTable _client;
    private readonly DataChannelTable _server;
    private readonly List<DataChannelEvent> _clientEvents = [];
    private readonly List<DataChannelEvent> _serverEvents = [];

    public DataChannelTests()
    {
        _client = new DataChannelTable(_pair.Left, isDtlsClient: true);
        _server = new DataChannelTable(_pair.Right, isDtlsClient: false);
    }

    [Fact]
    public void Opens_channels_with_even_ids_at_the_client_and_odd_ones_at_the_server()
    {
        Connect();
        _client.Open("a", _pair.Now).ShouldBe((ushort)0);
        _client.Open("b", _pair.Now).ShouldBe((ushort)2);
        _server.Open("c", _pair.Now).ShouldBe((ushort)1);
        Run();

        _serverEvents.ShouldBe([
            new DataChannelEvent.Connected(),
            new DataChannelEvent.Opened(0, "a"),
            new DataChannelEvent.Opened(2, "b"),
        ]);
        _clientEvents.ShouldBe([new DataChannelEvent.Connected(), new DataChannelEvent.Opened(1, "c")]);
        _client.BufferedAmount(0).ShouldBe(0);
    }

    [Fact]
    public void Carries_messages_sent_before_the_association_is_up_and_before_the_ack()
    {
        var channel = _client.Open("chat", _pair.Now);
        _client.Send(channel, isText: true, "hello"u8, _pair.Now);
        _client.Send(channel, isText: false, [1, 2], _pair.Now);
        Connect();
        Run();

        Messages(_serverEvents).ShouldBe(["0 text hello", "0 binary 01-02"]);
        _serverEvents[1].ShouldBe(new DataChannelEvent.Opened(0, "chat"));
    }

    [Fact]
    public void Carries_empty_messages_both_ways()
    {
        Connect();
        var channel = _client.Open("", _pair.Now);
        _client.Send(channel, isText: true, [], _pair.Now);
        _client.Send(channel, isText: false, [], _pair.Now);
        Run();
        _server.Send(channel, isText: true, [], _pair.Now);
        Run();

        Messages(_serverEvents).ShouldBe(["0 text ", "0 binary "]);
        Messages(_clientEvents).ShouldBe(["0 text "]);
    }

    [Fact]
    public void Keeps_data_that_came_before_its_open_within_limits()
    {
        Connect();
        for (var i = 0; i < EarlyMessages.MaxMessages + 5; i++)
        {
            SendRaw(4, PayloadProtocolIdentifier.Binary, [(byte)i]);
        }

        Run();
        Messages(_serverEvents).ShouldBeEmpty();
        SendRaw(4, PayloadProtocolIdentifier.Dcep, OpenBytes("late"));
        Run();

        Messages(_serverEvents).Count.ShouldBe(EarlyMessages.MaxMessages);
        Messages(_serverEvents)[0].ShouldBe("4 binary 00");
        _server.DroppedCount.ShouldBe(5);
    }

    [Fact]
    public void Keeps_no_more_than_64_KiB_of_early_data_and_not_longer_than_ten_seconds()
    {
        Connect();
        SendRaw(4, PayloadProtocolIdentifier.Binary, new byte[EarlyMessages.MaxBytes]);
        SendRaw(6, PayloadProtocolIdentifier.Binary, [1]);
        Run();
        _server.DroppedCount.ShouldBe(1);

        Run(TimeSpan.FromSeconds(11));
        SendRaw(4, PayloadProtocolIdentifier.Dcep, OpenBytes("late"));
        Run();

        Messages(_serverEvents).ShouldBeEmpty();
        _server.DroppedCount.ShouldBe(2);
    }

    [Fact]
    public void Refuses_an_open_with_our_parity_or_nonsense_and_resets_its_stream()
    {
        Connect();
        SendRaw(1, PayloadProtocolIdentifier.Dcep, OpenBytes("mine"));
        SendRaw(0, PayloadProtocolIdentifier.Dcep, OpenBytes("first"));
        SendRaw(2, PayloadProtocolIdentifier.Dcep, [3, 0, 0]);
        SendRaw(4, PayloadProtocolIdentifier.Dcep, [2]);
        SendRaw(0, new PayloadProtocolIdentifier(99), [2]);
        var resets = new List<ushort>();
        for (var i = 0; i < 10; i++)
        {
            _pair.RunFor(TimeSpan.FromMilliseconds(100));
            _server.Pump(_pair.Now);
            while (_pair.Left.TryTakeEvent(out var e))
            {
                resets.AddRange((e as SctpEvent.PeerResetStreams)?.Streams.Select(s => s.Value) ?? []);
            }
        }

        Run();
        resets.Order().ShouldBe([(ushort)1, (ushort)2]);
        _serverEvents.ShouldBe([new DataChannelEvent.Connected(), new DataChannelEvent.Opened(0, "first")]);
        _server.DroppedCount.ShouldBe(4);
        _server.Open("not number one", _pair.Now).ShouldBe((ushort)3); // the peer has not given it back
    }

    [Fact]
    public void A_second_open_on_an_id_in_use_closes_the_channel_as_RFC_8832_section_6_wants()
    {
        Connect();
        var channel = _client.Open("first", _pair.Now);
        SendRaw(channel, PayloadProtocolIdentifier.Dcep, OpenBytes("second"));
        Run();

        _serverEvents.ShouldBe([
            new DataChannelEvent.Connected(),
            new DataChannelEvent.Opened(channel, "first"),
            new DataChannelEvent.ChannelClosed(channel),
        ]);
        _clientEvents.ShouldBe([
            new DataChannelEvent.Connected(),
            new DataChannelEvent.ChannelClosed(channel),
        ]);
    }

    [Fact]
    public void Takes_no_more_than_1024_channels()
    {
        Connect();
        for (var i = 0; i < DataChannelTable.MaxChannels; i++)
        {
            _client.Open("x", _pair.Now);
        }

        Should.Throw<InvalidOperationException>(() => _client.Open("x", _pair.Now));
        Run();
        _serverEvents.OfType<DataChannelEvent.Opened>().Count().ShouldBe(DataChannelTable.MaxChannels);
        Should.Throw<InvalidOperationException>(() => _server.Open("x", _pair.Now));
    }

    [Fact]
    public void Closed_comes_last_and_sending_is_over()
    {
        Connect();
        var channel = _client.Open("chat", _pair.Now);
        _client.Send(channel, isText: true, "bye"u8, _pair.Now);
        _pair.Left.Shutdown(_pair.Now);
        Run();

        _serverEvents[^1].ShouldBe(new DataChannelEvent.Closed(SctpCloseReason.Shutdown));
        _clientEvents[^1].ShouldBe(new DataChannelEvent.Closed(SctpCloseReason.Shutdown));
        Messages(_serverEvents).ShouldBe(["0 text bye"]);
        _client.Send(channel, isText: true, "late"u8, _pair.Now);
        Run();
        _clientEvents.OfType<DataChannelEvent.Closed>().Count().ShouldBe(1);
    }

    [Fact]
    public void Refuses_labels_over_1_KiB_and_unknown_channels()
    {
        Should.Throw<ArgumentException>(() => _client.Open(new string('ä', 513), _pair.Now));
        Should.Throw<InvalidOperationException>(() => _client.Send(0, isText: true, "x"u8, _pair.Now));
        _client.Open(new string('ä', 512), _pair.Now).ShouldBe((ushort)0);
    }

    [Fact]
    public void Open_is_written_as_in_RFC_8832_section_5_1() =>
        new DcepOpen(DcepChannelType.PartialReliableRexmitUnordered, 256, 3, "ab", "c")
            .ToBytes()
            .ShouldBe([0x03, 0x81, 1, 0, 0, 0, 0, 3, 0, 2, 0, 1, (byte)'a', (byte)'b', (byte)'c']);

    [Theory]
    [InlineData("")]
    [InlineData("chat")]
    [InlineData("größe 🙂")]
    public void Open_round_trips(string label)
    {
        var open = new DcepOpen(DcepChannelType.ReliableUnordered, 512, 7, label, "p");
        DcepOpen.TryParse(open.ToBytes(), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(open);
    }

    [Fact]
    public void Open_with_bad_utf8_or_lengths_or_type_is_refused()
    {
        var good = OpenBytes("ab");
        DcepOpen.TryParse(good, out _).ShouldBeTrue();
        DcepOpen.TryParse(good.AsSpan(0, good.Length - 1), out _).ShouldBeFalse();
        DcepOpen.TryParse([.. good, 0], out _).ShouldBeFalse();
        DcepOpen.TryParse([.. good[..12], 0xC3, 0x28], out _).ShouldBeFalse();
        DcepOpen.TryParse([good[0], 3, .. good[2..]], out _).ShouldBeFalse();
        DcepOpen.TryParse([good[0], 0x40, .. good[2..]], out _).ShouldBeFalse();
        DcepOpen.TryParse(OpenBytes(new string('x', 1024)), out _).ShouldBeTrue();
        DcepOpen.TryParse(OpenBytes(new string('x', 1025)), out _).ShouldBeFalse();
    }

    [Fact]
    public void No_bytes_make_the_open_parser_throw() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                _ = DcepOpen.TryParse(bytes, out _);
                _ = DcepOpen.TryParse([3, 0, 0, 0, 0, 0, 0, 0, 0, (byte)bytes.Length, 0, 0, .. bytes], out _);
            })
            .QuickCheckThrowOnFailure();

    private static byte[] OpenBytes(string label) =>
        new DcepOpen(DcepChannelType.Reliable, 256, 0, label, "").ToBytes();

    private static List<string> Messages(IEnumerable<DataChannelEvent> events) =>
        [
            .. events
                .OfType<DataChannelEvent.Message>()
                .Select(message =>
                    message.IsText
                        ? $"{message.Channel} text {Encoding.UTF8.GetString(message.Payload.Span)}"
                        : $"{message.Channel} binary {BitConverter.ToString(message.Payload.ToArray())}"
                ),
        ];

    private void Connect()
    {
        _pair.Connect();
        Pump();
    }

    private void SendRaw(ushort stream, PayloadProtocolIdentifier ppid, byte[] message) =>
        _pair.Left.Send(new StreamId(stream), ppid, message, unordered: false, _pair.Now);

    private void Run(TimeSpan? span = null)
    {
        for (var i = 0; i < 10; i++)
        {
            _pair.RunFor((span ?? TimeSpan.FromSeconds(1)) / 10);
            Pump();
        }
    }

    private void Pump()
    {
        _client.Pump(_pair.Now);
        _server.Pump(_pair.Now);
        while (_client.TryTakeEvent(out var e))
        {
            _clientEvents.Add(e);
        }

        while (_server.TryTakeEvent(out var e))
        {
            _serverEvents.Add(e);
        }
    }
}
