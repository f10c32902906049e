using PeerChat.WebRtc;
using PeerChat.WebRtc.Tests.Connection;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>What our stack writes, read by the dissectors of Wireshark, which know nothing of it.</summary>
public sealed class WiresharkTests(ITestOutputHelper output, NodeDataChannelTests.Fixture fixture)
    : ScriptedPeerTests(output),
        IClassFixture<NodeDataChannelTests.Fixture>
{
    private const string Needs = "tshark, Node.js and the packages in node";
    private const int OffererPort = 41_000;
    private const int AnswererPort = 42_000;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.05)]
    public void All_that_two_of_us_say_in_a_connections_life_is_dissected_without_an_error(
        int seed,
        double loss
    )
    {
        SkipUnlessAsked(Needs);
        var capture = new Capture(Capture.Ip);
        var keyLog = Live(seed, loss, capture);
        using var tshark = new Tshark(capture, keyLog, OffererPort, AnswererPort);
        Check(tshark);
        tshark.Chunks(64).ShouldBeGreaterThan(100); // I-DATA
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void All_that_we_say_to_libdatachannel_is_dissected_without_an_error(
        bool weOffer,
        bool weStartDtls
    )
    {
        SkipUnlessAsked(Needs);
        var capture = Recording = new Capture(Capture.Ip);
        Connect(fixture.Peer, weOffer, weStartDtls);
        var theirs = Host.AwaitChannel("theirs");
        var lossy = Open("lossy", new DataChannelOptions { IsOrdered = false, MaxRetransmits = 0 });
        int[] sizes = [.. Enumerable.Range(0, 40).Select(i => i * 700)];
        Host.Send(theirs, sizes);
        Host.Send(lossy, sizes);
        TheySend("theirs", sizes);
        Messages("theirs", sizes.Length);
        Host.AwaitMessages(theirs, sizes.Length);
        Host.Run((connection, now) => connection.CloseChannel(lossy, now));
        Peer.Call("closed", "peer", "lossy");
        Host.AwaitChannelClosed(lossy);
        var port = Host.Run((connection, _) => connection.SelectedLocal!.Value.Port);
        var keyLog = Host.Run((connection, _) => connection.KeyLogLine!);
        Host.Run((connection, now) => connection.Close(now));
        Host.AwaitClosed();

        using var tshark = new Tshark(capture, keyLog, port);
        Check(tshark);
        tshark.Chunks(0).ShouldBeGreaterThan(100); // DATA
    }

    private void Check(Tshark tshark)
    {
        Output.WriteLine(
            $"{tshark.Datagrams.Count} datagrams of ours, {tshark.Packets.Count} SCTP packets in them"
        );
        tshark.CountOf("stun").ShouldBeGreaterThan(1);
        (tshark.CountOf("stun") + tshark.CountOf("dtls")).ShouldBe(tshark.Datagrams.Count);
        tshark.Chunks(130).ShouldBePositive(); // RE-CONFIG
        tshark.Faults.ShouldBeEmpty();
    }

    // Gives the key log.
    private static string Live(int seed, double loss, Capture capture)
    {
        var pair = new ConnectionPair(
            new VirtualNetwork(seed, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(8), loss),
            new ConnectionNode(true, seed, $"10.0.0.1:{OffererPort}"),
            new ConnectionNode(false, seed + 1, $"10.0.0.2:{AnswererPort}")
        );
        pair.Network.Middlebox = datagram =>
        {
            capture.Add(pair.Network.Now, datagram.Local, datagram.Remote, datagram.Payload.Span);
            return datagram;
        };
        pair.Connect();
        var keyLog = pair.Offerer.Connection.KeyLogLine!;
        var (one, other) = (pair.Offerer.Connection, pair.Answerer.Connection);
        var ordered = one.OpenChannel("ordered", pair.Network.Now);
        var lossy = one.OpenChannel(
            "lossy",
            new DataChannelOptions
            {
                IsOrdered = false,
                MaxRetransmits = 0,
                Protocol = "p",
            },
            pair.Network.Now
        );
        var back = other.OpenChannel("back", pair.Network.Now);
        for (var i = 0; i < 20; i++)
        {
            one.Send(ordered, isText: false, new byte[i * 700], pair.Network.Now);
            one.Send(lossy, isText: true, new byte[i * 100], pair.Network.Now);
            other.Send(back, isText: false, new byte[i * 500], pair.Network.Now);
            pair.Network.Run(TimeSpan.FromMilliseconds(30));
        }

        pair.Network.Run(TimeSpan.FromSeconds(40)); // consent and heartbeats
        one.CloseChannel(ordered, pair.Network.Now);
        other.CloseChannel(back, pair.Network.Now);
        pair.Network.Run(TimeSpan.FromSeconds(3));
        one.Close(pair.Network.Now);
        pair.Network.Run(TimeSpan.FromSeconds(1));
        return keyLog;
    }
}
