using System.Net;
using System.Net.Sockets;
using PeerChat.Node.Transport;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

public sealed class MulticastPortTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly LocalInterface Loopback = LocalInterface.List().First(each => each.IsLoopback);

    [Fact]
    public void Two_peers_of_one_machine_find_each_other_over_loopback()
    {
        using var alice = new Peer();
        using var bob = new Peer();
        alice.LooksFor = bob.Id;
        bob.LooksFor = alice.Id;
        alice.Start();
        alice.RunOnce(TimeSpan.Zero);
        bob.Start();
        var start = alice.Clock.Now;
        while (alice.Found is null || bob.Found is null)
        {
            alice.RunOnce(TimeSpan.FromMilliseconds(2));
            bob.RunOnce(TimeSpan.FromMilliseconds(2));
            (alice.Clock.Now - start).ShouldBeLessThan(Patience);
        }

        bob.Found.Name.ShouldBe(alice.Name);
        bob.Found.Addresses.ShouldBe([alice.Signals]);
        alice.Found.Addresses.ShouldBe([bob.Signals]);
    }

    [Fact]
    public void Hears_itself_and_knows_by_which_interface()
    {
        var received = new LoopQueue<ReceivedDatagram>(capacity: 1000);
        using var port = new MulticastPort((in ReceivedDatagram datagram) => received.TryEnqueue(datagram));
        port.Refresh([Loopback]);
        var marker = Guid.NewGuid().ToByteArray();

        port.Send(new MulticastDatagram(Loopback.Index, MulticastDatagram.Group4, marker)).ShouldBeTrue();

        var heard = Wait(received, marker);
        heard.InterfaceIndex.ShouldBe(Loopback.Index);
        heard.IsMulticastDns.ShouldBeTrue();
        heard.Remote.ShouldBe(new TransportAddress(IPAddress.Loopback, MulticastDatagram.Port));
    }

    [Fact]
    public void Sends_nothing_by_interfaces_that_are_not_served()
    {
        using var port = new MulticastPort((in ReceivedDatagram _) => true);
        port.Refresh([Loopback]);

        port.Links.ShouldBe([(Loopback.Index, false)]);
        port.Send(new MulticastDatagram(Loopback.Index + 100, MulticastDatagram.Group4, new byte[1]))
            .ShouldBeFalse();
        port.Send(new MulticastDatagram(Loopback.Index, MulticastDatagram.Group6, new byte[1]))
            .ShouldBeFalse();

        port.Refresh([]);
        port.Links.ShouldBeEmpty();
        port.Send(new MulticastDatagram(Loopback.Index, MulticastDatagram.Group4, new byte[1]))
            .ShouldBeFalse();
    }

    [Fact]
    public void Answers_a_legacy_query_from_an_ordinary_socket()
    {
        using var alice = new Peer();
        alice.Start();
        alice.RunOnce(TimeSpan.Zero);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.SetSocketOption(
            SocketOptionLevel.IP,
            SocketOptionName.MulticastInterface,
            IPAddress.HostToNetworkOrder(Loopback.Index)
        );
        socket.ReceiveTimeout = 50;
        // Id 7, one question: _peerchat._udp.local PTR IN.
        byte[] query =
        [
            0,
            7,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            .. "\u0009_peerchat\u0004_udp\u0005local\0"u8,
            0,
            12,
            0,
            1,
        ];
        var named = System.Text.Encoding.ASCII.GetBytes("n=" + alice.Name);
        var buffer = new byte[1500];
        var length = 0;
        // peers of other tests on this loopback may answer too
        for (var attempt = 0; attempt < 200 && buffer.AsSpan(0, length).IndexOf(named) < 0; attempt++)
        {
            socket.SendTo(query, MulticastDatagram.Group4.ToIPEndPoint());
            alice.RunOnce(TimeSpan.FromMilliseconds(50));
            alice.RunOnce(TimeSpan.Zero);
            length = TryReceive(socket, buffer);
        }

        buffer[..4].ShouldBe([0, 7, 0x84, 0]);
        buffer.AsSpan(0, length).IndexOf(named).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_flood_of_garbage_fills_the_queue_and_no_more()
    {
        var received = new LoopQueue<ReceivedDatagram>(capacity: 32);
        using var port = new MulticastPort((in ReceivedDatagram datagram) => received.TryEnqueue(datagram));
        port.Refresh([Loopback]);
        var garbage = new byte[500];
        var sent = 0;
        while (received.Refused == 0)
        {
            port.Send(new MulticastDatagram(Loopback.Index, MulticastDatagram.Group4, garbage));
            (++sent).ShouldBeLessThan(1_000_000);
        }

        received.Count.ShouldBe(32);
    }

    private static int TryReceive(Socket socket, byte[] buffer)
    {
        try
        {
            return socket.Receive(buffer);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static ReceivedDatagram Wait(LoopQueue<ReceivedDatagram> from, byte[] payload)
    {
        while (from.TryDequeue(Patience, out var datagram))
        {
            if (datagram.Payload.Span.SequenceEqual(payload))
            {
                return datagram;
            }
        }

        throw new ShouldAssertException("The datagram did not arrive.");
    }

    /// <summary>A machine with real sockets on loopback and a loop that the test turns by hand.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly LoopQueue<ReceivedDatagram> _queue = new(capacity: 1000);
        private readonly MulticastPort _multicast;
        private readonly UdpPortSet _ports;
        private readonly LanRendezvous _machine;

        public Peer()
        {
            _multicast = new MulticastPort(Deliver);
            _ports = new UdpPortSet(pin: true, preferredPort: 0, Deliver);
            _machine = new LanRendezvous(new SystemEntropy(), Clock.Now);
        }

        public NodeClock Clock { get; } = new();

        public string Id { get; } = Convert.ToHexStringLower(new SystemEntropy().Bytes(16));

        public string Name => "multicast-" + Id[..8];

        /// <summary>The id of the other peer of the test; peers of other tests announce on the same loopback.</summary>
        public string? LooksFor { get; set; }

        public LanPeer? Found { get; private set; }

        public TransportAddress Signals => _ports.Ports.Single().Local;

        public void Start()
        {
            _ports.Refresh([Loopback]);
            _multicast.Refresh([Loopback]);
            _machine.SetAddresses(_ports.DescribeForLan([Loopback]), Clock.Now);
            _machine.Announce(new LanAnnouncement(Id, Name, null, []), Clock.Now);
            _machine.Browse(on: true, Clock.Now);
        }

        public void RunOnce(TimeSpan wait)
        {
            if (_queue.TryDequeue(wait, out var datagram))
            {
                _machine.HandleDatagram(
                    Clock.Now,
                    datagram.InterfaceIndex,
                    datagram.Remote,
                    datagram.Payload.Span
                );
                datagram.Release();
            }

            _machine.HandleDeadline(Clock.Now);
            while (_machine.TryTakeTransmit(out var transmit))
            {
                _multicast.Send(transmit);
            }

            while (_machine.TryTakeEvent(out var happened))
            {
                if (happened is LanEvent.PeerFound { Peer: var peer } && peer.InstanceId == LooksFor)
                {
                    Found = peer;
                }
            }
        }

        public void Dispose()
        {
            _machine.Goodbye(Clock.Now);
            while (_machine.TryTakeTransmit(out var transmit))
            {
                _multicast.Send(transmit);
            }

            _multicast.Dispose();
            _ports.Dispose();
        }

        private bool Deliver(in ReceivedDatagram datagram) => _queue.TryEnqueue(datagram);
    }
}
