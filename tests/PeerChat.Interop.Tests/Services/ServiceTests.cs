using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Services;

/// <summary>Two homes that do not hear each other meet through the services that others wrote: npm's peer and bittorrent-tracker.</summary>
public sealed class ServiceTests : ProcessTests
{
    // Everything that would find the other on one machine is switched off.
    private const string Rungs = "peerserver,tracker";

    [Fact]
    public void Two_meet_by_one_link_through_the_npm_peer_server_and_again_after_it_was_restarted()
    {
        SkipUnlessAsked();
        var port = FreePort();
        var server = StartPeerServer(port);
        var url = $"ws://127.0.0.1:{port}/";
        var link = StartInviter("--peerserver", url);

        Join(link);

        server.Kill();
        server = StartPeerServer(port);
        Newest.WaitFor("127.0.0.1");
        var sender = PeerChat(
            "bob",
            "",
            "send",
            "--rungs",
            Rungs,
            "--to",
            NameOf("alice"),
            "after the restart",
            "--wait",
            "delivered",
            "--timeout",
            "2m"
        );
        sender.WaitForExit().ShouldBe(0, sender.Errors);
    }

    [Fact]
    public void Two_meet_by_one_link_through_the_npm_tracker()
    {
        SkipUnlessAsked();
        var port = FreePort();
        var tracker = Start(
            "tracker",
            null,
            "node",
            TestHosts.NodeFile("tracker.mjs"),
            port.ToString(CultureInfo.InvariantCulture)
        );
        tracker.WaitFor("WebSocket tracker");
        var link = StartInviter("--tracker", $"ws://127.0.0.1:{port}/");
        Join(link);
    }

    [Fact]
    public void A_server_that_is_none_is_explained_and_the_script_ends_with_3()
    {
        SkipUnlessAsked();
        var doctor = PeerChat(
            "alice",
            "",
            "doctor",
            "--user",
            NameOf("alice"),
            "--rungs",
            Rungs,
            "--peerserver",
            $"ws://127.0.0.1:{FreePort()}/"
        );
        doctor.WaitForExit().ShouldBe(6, doctor.Errors);
        doctor.Output.ShouldContain("[fails]");
        doctor.Output.ShouldContain("cannot be reached");
        var waiting = PeerChat(
            "alice",
            "",
            "wait-for",
            "--rungs",
            Rungs,
            "--peer-online",
            "nobody",
            "--timeout",
            "2s"
        );
        waiting.WaitForExit().ShouldBe(3, waiting.Errors);
    }

    private string StartInviter(params string[] service)
    {
        var daemon = PeerChat(
            "alice",
            null,
            ["daemon", "--user", NameOf("alice"), "--rungs", Rungs, .. service]
        );
        daemon.WaitFor(NameOf("alice"));
        var invite = PeerChat("alice", "", "invite");
        invite.WaitForExit().ShouldBe(0, invite.Errors);
        return invite.Output.Split('\n')[0];
    }

    private void Join(string link)
    {
        var join = PeerChat(
            "bob",
            "",
            "join",
            link,
            "--user",
            NameOf("bob"),
            "--rungs",
            Rungs,
            "--timeout",
            "1m"
        );
        join.WaitForExit().ShouldBe(0, join.Errors);
        join.Output.ShouldContain(NameOf("alice"));
    }

    private RunningProgram StartPeerServer(int port)
    {
        var server = Start(
            "server",
            null,
            TestHosts.NodeFile("node_modules/.bin/peerjs"),
            "--host",
            "127.0.0.1",
            "--port",
            port.ToString(CultureInfo.InvariantCulture)
        );
        server.WaitFor("Started PeerServer");
        return server;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
