using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Relays;

/// <summary>A machine with an address that only its own networks are to know.</summary>
public sealed class HiddenAddressTests
{
    private const string Secret = "192.168.99.1";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_on_another_network_learns_of_an_inner_address_only_where_nothing_is_hidden(bool hides)
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        foreach (var (host, own, across) in new[] { (one, 1, 2), (other, 2, 1) })
        {
            // Two networks, with a way from one to the other
            TestHosts.Run("ip", "-n", host, "addr", "flush", "dev", "veth0");
            TestHosts.Run("ip", "-n", host, "addr", "add", $"10.{own}.0.1/24", "dev", "veth0");
            TestHosts.Run("ip", "-n", host, "route", "add", $"10.{across}.0.0/24", "dev", "veth0");
        }

        TestHosts.Run("ip", "-n", other, "route", "add", $"{Secret}/32", "dev", "veth0");
        TestHosts.Run("ip", "-n", one, "link", "add", "inner", "type", "veth", "peer", "end");
        TestHosts.Run("ip", "-n", one, "addr", "add", $"{Secret}/24", "dev", "inner");
        TestHosts.Run("ip", "-n", one, "link", "set", "inner", "up");
        TestHosts.Run("ip", "-n", one, "link", "set", "end", "up");
        // What leaves from there is translated on its way in the world; here it ends.
        foreach (
            var rule in new[]
            {
                "add table ip way",
                "add chain ip way out { type filter hook output priority 0 ; }",
                $"add rule ip way out oifname veth0 ip saddr {Secret} drop",
            }
        )
        {
            TestHosts.Run("ip", "netns", "exec", one, "nft", rule);
        }

        var capture = hosts.Capture(other, "arp or udp");
        hosts.StartPeerChat(other, "bob", "daemon", "--accept-any");
        RelayNetwork.WaitForStatus(hosts, other, "bob", _ => true, "bob's node runs");
        string[] options = hides ? ["--hide-addresses"] : [];
        var (code, _, errors) = TestHosts.Finish(
            hosts.StartPeerChat(
                one,
                "alice",
                [
                    "send",
                    "--to",
                    "bob",
                    "hello",
                    "--peer",
                    "10.2.0.1",
                    "--wait",
                    "delivered",
                    "--timeout",
                    "30s",
                    .. options,
                ]
            )
        );
        code.ShouldBe(0, errors);

        capture.Kill();
        var packets = capture.StandardOutput.ReadToEnd();
        packets.ShouldContain("10.1.0.1");
        packets.Contains(Secret, StringComparison.Ordinal).ShouldBe(!hides);
    }
}
