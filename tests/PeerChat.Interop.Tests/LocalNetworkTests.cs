using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests;

/// <summary>The main job between real hosts: finding, connecting and chatting on a local network, and keeping to it.</summary>
public sealed class LocalNetworkTests
{
    [Fact]
    public void A_host_whose_only_interface_is_loopback_is_enough()
    {
        using var hosts = TestHosts.Create();
        var host = hosts.AddHost("a");
        var bob = hosts.StartPeerChat(host, "bob", "listen", "--accept-any", "--json", "--count", "1");
        var alice = hosts.StartPeerChat(host, "alice", "send", "--to", "bob", "hello", "--wait", "delivered");
        TestHosts.MustTalk(alice, bob, "hello");
    }

    [Fact]
    public void Two_hosts_find_each_other_and_talk()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        var bob = hosts.StartPeerChat(other, "bob", "listen", "--accept-any", "--json", "--count", "1");
        var alice = hosts.StartPeerChat(
            one,
            "alice",
            "send",
            "--to",
            "bob",
            "over the cable",
            "--wait",
            "delivered"
        );
        TestHosts.MustTalk(alice, bob, "over the cable");
    }

    [Fact]
    public void Two_hosts_talk_over_IPv6_alone()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        foreach (var host in new[] { one, other })
        {
            TestHosts.Run("ip", "-n", host, "-4", "addr", "flush", "dev", "veth0");
        }

        var bob = hosts.StartPeerChat(other, "bob", "listen", "--accept-any", "--json", "--count", "1");
        var alice = hosts.StartPeerChat(
            one,
            "alice",
            "send",
            "--to",
            "bob",
            "over six",
            "--wait",
            "delivered"
        );
        TestHosts.MustTalk(alice, bob, "over six");
    }

    [Fact]
    public void Two_processes_of_one_host_talk_when_restricted_to_its_cable()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        var bob = hosts.StartPeerChat(
            one,
            "bob",
            "listen",
            "--accept-any",
            "--json",
            "--count",
            "1",
            "--interface",
            "veth0"
        );
        var alice = hosts.StartPeerChat(
            one,
            "alice",
            "send",
            "--to",
            "bob",
            "same host",
            "--wait",
            "delivered",
            "--interface",
            "veth0"
        );
        TestHosts.MustTalk(alice, bob, "same host");
    }

    [Fact]
    public void Stateful_firewalls_on_both_hosts_let_the_conversation_through()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        hosts.AddStatefulFirewall(one);
        hosts.AddStatefulFirewall(other);
        var bob = hosts.StartPeerChat(other, "bob", "listen", "--accept-any", "--json", "--count", "1");
        var alice = hosts.StartPeerChat(
            one,
            "alice",
            "send",
            "--to",
            "bob",
            "through both",
            "--wait",
            "delivered"
        );
        TestHosts.MustTalk(alice, bob, "through both");
    }

    [Fact]
    public void An_address_given_by_hand_is_dialled_where_multicast_does_not_reach()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        foreach (var host in new[] { one, other })
        {
            hosts.DropMulticastDns(host);
        }

        var bob = hosts.StartPeerChat(
            other,
            "bob",
            "listen",
            "--accept-any",
            "--json",
            "--count",
            "1",
            "--port",
            "5000"
        );
        var alice = hosts.StartPeerChat(
            one,
            "alice",
            "send",
            "--to",
            "bob",
            "dialled",
            "--wait",
            "delivered",
            "--peer",
            "10.77.0.2:5000",
            "--timeout",
            "60s"
        );
        TestHosts.MustTalk(alice, bob, "dialled");
    }

    [Theory]
    [InlineData("--interface", "loopback")]
    [InlineData("--interface", "lo")]
    public void With_loopback_alone_nothing_leaves_the_host(string option, string value)
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);

        var capture = hosts.Capture(other, "udp or tcp");
        var bob = hosts.StartPeerChat(
            one,
            "bob",
            "listen",
            "--accept-any",
            "--json",
            "--count",
            "1",
            option,
            value
        );
        var alice = hosts.StartPeerChat(
            one,
            "alice",
            "send",
            "--to",
            "bob",
            "at home",
            "--wait",
            "delivered",
            option,
            value
        );
        TestHosts.MustTalk(alice, bob, "at home");
        TestHosts
            .Finish(
                hosts.StartPeerChat(
                    one,
                    "alice",
                    "send",
                    "--to",
                    "nobody",
                    "x",
                    "--peer",
                    "example.invalid",
                    "--timeout",
                    "2s",
                    option,
                    value
                )
            )
            .Code.ShouldBe(3);
        MustCaptureNothing(capture);
    }

    /// <summary>And without it something does, or the capture would prove nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_lan_nothing_leaves_the_link_whatever_is_named(bool isLan)
    {
        const string Far = "192.0.2.7";
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        // As if there were a router: what goes beyond the link is put on the cable
        TestHosts.Run("ip", "-n", one, "neigh", "add", Far, "lladdr", "02:00:00:00:00:07", "dev", "veth0");
        var capture = hosts.Capture(
            other,
            "(udp or tcp) and not dst net 10.77.0.0/24 and not dst net 224.0.0.0/24 "
                + "and not dst net fd77::/64 and not dst net ff02::/16 and not dst net fe80::/10"
        );
        var bob = hosts.StartPeerChat(other, "bob", "listen", "--accept-any", "--json", "--count", "1");
        var alice = hosts.StartPeerChat(
            one,
            "alice",
            [
                "send",
                "--to",
                "bob",
                "on the link",
                "--wait",
                "delivered",
                "--public",
                "--peerserver",
                $"ws://{Far}/",
                "--tracker",
                $"ws://{Far}/",
                "--stun",
                Far,
                "--allow-guests",
                .. isLan ? (string[])["--lan"] : [],
            ]
        );
        TestHosts.MustTalk(alice, bob, "on the link");
        if (isLan)
        {
            MustCaptureNothing(capture);
        }
        else
        {
            capture.StandardOutput.ReadLine().ShouldNotBeNull().ShouldContain(Far);
        }
    }

    [Fact]
    public void The_capture_would_show_what_leaves()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        var capture = hosts.Capture(other, "udp or tcp");
        TestHosts
            .Finish(hosts.StartPeerChat(one, "alice", "send", "--to", "nobody", "x", "--timeout", "2s"))
            .Code.ShouldBe(3);
        capture.StandardOutput.ReadLine().ShouldNotBeNull().ShouldContain("5353");
    }

    private static void MustCaptureNothing(System.Diagnostics.Process capture)
    {
        TestHosts.Run("kill", "-INT", capture.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var (_, output, _) = TestHosts.Finish(capture);
        output.Trim().ShouldBe("");
    }
}
