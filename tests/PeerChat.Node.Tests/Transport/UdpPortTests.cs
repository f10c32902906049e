using System.Net;
using System.Net.Sockets;
using PeerChat.Node.Transport;
using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

[Collection(nameof(AloneCollection))] // alone: what others allocate would be counted
public sealed class UdpPortTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly LocalInterface Loopback = LocalInterface.List().First(each => each.IsLoopback);

    private readonly DatagramPool _pool = new();
    private readonly LoopQueue<ReceivedDatagram> _received = new(capacity: 64);
    private readonly List<UdpPort> _ports = [];

    public void Dispose() => _ports.ForEach(port => port.Dispose());

    [Fact]
    public void Carries_a_datagram_with_both_addresses()
    {
        var alice = Open();
        var bob = Open();

        alice.Send(bob.Local, "hello"u8).ShouldBeTrue();

        _received.TryDequeue(Patience, out var datagram).ShouldBeTrue();
        datagram.Payload.ToArray().ShouldBe("hello"u8.ToArray());
        datagram.Local.ShouldBe(bob.Local);
        datagram.Remote.ShouldBe(alice.Local);
        datagram.InterfaceIndex.ShouldBe(Loopback.Index);
        datagram.IsMulticastDns.ShouldBeFalse();
        datagram.Release();
    }

    [Fact]
    public void Takes_another_port_when_the_preferred_one_is_in_use()
    {
        var first = Open();
        var second = Open(first.Local.Port);

        second.Local.Port.ShouldNotBe(first.Local.Port);
        second.Local.Port.ShouldNotBe((ushort)0);
    }

    [Fact]
    public void Takes_the_preferred_port_when_it_is_free()
    {
        var first = Open();
        var port = first.Local.Port;
        first.Dispose();

        Open(port).Local.Port.ShouldBe(port);
    }

    [Fact]
    public void A_closed_port_at_the_other_end_stops_nothing()
    {
        var gone = Open();
        var alice = Open();
        gone.Dispose();
        for (var i = 0; i < 20; i++)
        {
            alice.Send(gone.Local, "anyone?"u8);
        }

        var bob = Open();
        bob.Send(alice.Local, "here"u8).ShouldBeTrue();
        _received.TryDequeue(Patience, out var datagram).ShouldBeTrue();
        datagram.Local.ShouldBe(alice.Local);
    }

    /// <summary>Of Linux alone: other systems tell a socket that is not connected nothing.</summary>
    [Fact]
    public void Hears_whose_port_is_closed_and_loses_no_datagram_to_others_by_it()
    {
        var gone = Open();
        gone.Dispose();
        var heard = new System.Collections.Concurrent.ConcurrentQueue<(
            TransportAddress,
            TransportAddress,
            bool
        )>();
        var alice = UdpPort.TryOpen(
            Loopback,
            IPAddress.Loopback,
            0,
            pin: true,
            _pool,
            Deliver,
            (local, remote, isRefused) => heard.Enqueue((local, remote, isRefused))
        )!;
        _ports.Add(alice);
        var bob = Open();

        for (var i = 0; i < 20; i++)
        {
            alice.Send(gone.Local, "anyone?"u8);
            alice.Send(bob.Local, [(byte)i]).ShouldBeTrue();
        }

        for (var i = 0; i < 20; i++)
        {
            _received.TryDequeue(Patience, out var datagram).ShouldBeTrue();
            datagram.Payload.ToArray().ShouldBe([(byte)i]);
            datagram.Release();
        }

        if (OperatingSystem.IsLinux())
        {
            SpinWait.SpinUntil(() => !heard.IsEmpty, Patience).ShouldBeTrue();
            heard.Distinct().ShouldBe([(alice.Local, gone.Local, true)]);
        }
    }

    [Fact]
    public void Sending_where_nothing_goes_is_counted_and_never_thrown()
    {
        var alice = Open();

        alice.Send(new TransportAddress(IPAddress.IPv6Loopback, 9), "x"u8).ShouldBeFalse();
        alice.Send(new TransportAddress(IPAddress.Broadcast, 9), "x"u8).ShouldBeFalse();
        alice.Send(new TransportAddress(IPAddress.Loopback, 9), new byte[70_000]).ShouldBeFalse();
        alice.Dispose();
        alice.Send(new TransportAddress(IPAddress.Loopback, 9), "x"u8).ShouldBeFalse();

        alice.SendFailures.ShouldBe(4);
    }

    [Fact]
    public void A_datagram_that_is_too_long_is_dropped_and_counted()
    {
        var alice = Open();
        var bob = Open();
        alice.Send(bob.Local, new byte[DatagramPool.MaxDatagram]).ShouldBeTrue();
        alice.Send(bob.Local, new byte[DatagramPool.MaxDatagram - 1]).ShouldBeTrue();

        _received.TryDequeue(Patience, out var datagram).ShouldBeTrue();
        datagram.Payload.Length.ShouldBe(DatagramPool.MaxDatagram - 1);
        bob.Dropped.ShouldBe(1);
    }

    [Fact]
    public void A_probe_arrives_whole_after_what_was_queued_before_it()
    {
        var alice = Open();
        var bob = Open();
        alice.Queue(bob.Local, new byte[1200]);
        alice.Queue(bob.Local, new byte[1200]);
        alice.SendWhole(bob.Local, new byte[16_000]);
        alice.SendWhole(bob.Local, new byte[70_000]); // no path takes it, and nobody is told
        alice.Queue(bob.Local, new byte[100]);
        alice.Flush();

        var sizes = new List<int>();
        while (sizes.Sum() < 1200 + 1200 + 16_000 + 100)
        {
            _received.TryDequeue(Patience, out var datagram).ShouldBeTrue();
            for (var i = 0; i < datagram.Count; i++)
            {
                sizes.Add(datagram.Writable(i).Length);
            }
        }

        sizes.ShouldBe([1200, 1200, 16_000, 100]);
        alice.SendFailures.ShouldBe(0);
    }

    [Fact]
    public void A_flood_fills_the_queue_and_no_more()
    {
        var bob = Open();
        using var flood = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var random = new Random(1);
        var garbage = new byte[1200];
        var sent = 0;
        while (bob.Dropped == 0)
        {
            random.NextBytes(garbage);
            flood.SendTo(garbage.AsSpan(0, random.Next(1, garbage.Length)), bob.Local.ToIPEndPoint());
            (++sent).ShouldBeLessThan(1_000_000);
        }

        _received.Count.ShouldBe(64);
        // what is still in the socket is being dropped at this moment, and counted twice in a row
        SpinWait.SpinUntil(() => bob.Dropped == _received.Refused, Patience).ShouldBeTrue();
    }

    [Fact]
    public void Receiving_and_sending_allocate_nothing_once_the_peer_is_known()
    {
        var alice = Open();
        var bob = Open();
        byte[] payload = new byte[1000];
        Exchange(20);
        var perPacket = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            // The least of five rounds: the runtime's own threads allocate now and then, the packet path every time.
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Exchange(200);
            perPacket = Math.Min(perPacket, (GC.GetTotalAllocatedBytes(precise: true) - before) / 200.0);
        }

        // A single allocation per packet would be 24 bytes at least.
        perPacket.ShouldBeLessThan(24);

        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                alice.Send(bob.Local, payload);
                _received.TryDequeue(Patience, out var datagram);
                datagram.Release();
            }
        }
    }

    [Fact]
    public void Datagrams_that_are_queued_together_all_arrive_with_their_boundaries()
    {
        var alice = Open();
        var bob = Open();
        byte[][] sent = [.. Enumerable.Range(0, 100).Select(i => Record(i % 40 == 39 ? 300 : 1000, (byte)i))];

        foreach (var datagram in sent)
        {
            alice.Queue(bob.Local, datagram);
        }

        alice.Flush();

        Receive(sent.Length).ShouldBe(sent);
        alice.SendFailures.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_forged_datagram_inside_a_batch_costs_nothing_but_itself(int place)
    {
        var alice = Open();
        var bob = Open();
        byte[][] sent = [.. Enumerable.Range(0, 8).Select(i => Record(1000, (byte)i))];
        // It claims to be as long as itself and its neighbour.
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(sent[place].AsSpan(11), 1987);

        foreach (var datagram in sent)
        {
            alice.Queue(bob.Local, datagram);
        }

        alice.Flush();

        Receive(sent.Length).ShouldBe(sent);
    }

    [Fact]
    public void A_long_datagram_after_a_batch_of_short_ones_arrives_whole()
    {
        var alice = Open();
        var bob = Open();
        byte[][] sent = [Record(100, 1), Record(100, 2), Record(2000, 3)];

        alice.Queue(bob.Local, sent[0]);
        alice.Queue(bob.Local, sent[1]);
        alice.Flush();
        alice.Send(bob.Local, sent[2]).ShouldBeTrue();

        Receive(sent.Length).ShouldBe(sent);
    }

    [Fact]
    public void A_turn_that_waits_for_more_ends_although_what_follows_is_dropped()
    {
        using var released = new ManualResetEventSlim();
        var alice = Open();
        var bob = UdpPort
            .TryOpen(
                Loopback,
                IPAddress.Loopback,
                preferredPort: 0,
                pin: true,
                _pool,
                (in datagram) => released.Wait(Patience) && _received.TryEnqueue(datagram)
            )
            .ShouldNotBeNull();
        _ports.Add(bob);
        alice.Send(bob.Local, "first"u8).ShouldBeTrue();
        alice.Send(bob.Local, "second"u8).ShouldBeTrue();
        alice.Send(bob.Local, new byte[DatagramPool.MaxDatagram]).ShouldBeTrue();
        released.Set();

        var texts = new List<string>();
        ReceivedDatagram taken;
        do
        {
            _received.TryDequeue(Patience, out taken).ShouldBeTrue();
            texts.Add($"{System.Text.Encoding.UTF8.GetString(taken.Payload.Span)}");
        } while (taken.Count > 0);
        taken.MoreFollows.ShouldBeFalse();
        texts.ShouldBe(["first", "second", ""]);
    }

    [Fact]
    public void A_set_has_one_port_per_address_and_follows_changes()
    {
        using var ports = new UdpPortSet(pin: true, preferredPort: 0, Deliver);
        LocalInterface[] interfaces = [Loopback];

        ports.Refresh(interfaces).ShouldBeTrue();
        ports.Refresh(interfaces).ShouldBeFalse();
        var local = ports.Ports.ShouldHaveSingleItem().Local;
        var described = ports.DescribeForLan(interfaces).ShouldHaveSingleItem();
        described.IsLoopback.ShouldBeTrue();
        described.Addresses.ShouldHaveSingleItem().Address.ShouldBe(local);
        ports.Queue(new Datagram(local, local, "to myself"u8.ToArray()));
        ports.Flush();
        _received.TryDequeue(Patience, out _).ShouldBeTrue();

        ports.Refresh([]).ShouldBeTrue();
        ports.Ports.ShouldBeEmpty();
        ports.Queue(new Datagram(local, local, "x"u8.ToArray())); // no longer ours: nothing happens
    }

    [Fact]
    public void An_address_that_cannot_be_bound_is_tried_again_later()
    {
        using var ports = new UdpPortSet(pin: false, preferredPort: 0, Deliver);
        var ghost = Loopback with { Addresses = [new LocalAddress(IPAddress.Parse("192.0.2.77"), 24)] };

        ports.Refresh([ghost]).ShouldBeFalse();

        ports.Failures.ShouldBe(1);
        ports.DescribeForLan([ghost])[0].Addresses[0].Address.Port.ShouldBe((ushort)0);
    }

    private static byte[] Record(int length, byte filler)
    {
        var record = Enumerable.Repeat(filler, length).ToArray();
        new byte[] { 23, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 0 }.CopyTo(record, 0);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)(length - 13));
        return record;
    }

    private List<byte[]> Receive(int count)
    {
        var datagrams = new List<byte[]>();
        while (datagrams.Count < count && _received.TryDequeue(Patience, out var received))
        {
            for (var i = 0; i < received.Count; i++)
            {
                datagrams.Add(received.Writable(i).ToArray());
            }

            received.Release();
        }

        return datagrams;
    }

    private bool Deliver(in ReceivedDatagram datagram) => _received.TryEnqueue(datagram);

    private UdpPort Open(int preferredPort = 0)
    {
        var port = UdpPort
            .TryOpen(Loopback, IPAddress.Loopback, preferredPort, pin: true, _pool, Deliver)
            .ShouldNotBeNull();
        _ports.Add(port);
        return port;
    }
}
