using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests;

/// <summary>Beside Debian's avahi: it lists us, hears our goodbye, and neither keeps the other from port 5353.</summary>
public sealed class AvahiTests
{
    [Fact]
    public void Avahi_lists_a_node_on_the_network_and_forgets_it_with_its_goodbye()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        var browse = Browse(hosts, other, StartAvahi(hosts, other), "_peerchat._udp");
        var alice = hosts.StartPeerChat(one, "alice", "listen", "--json");

        var listed = TestHosts.AwaitLine(
            browse,
            line => line.StartsWith("=;veth0;IPv4;", StringComparison.Ordinal)
        );
        listed.ShouldContain("_peerchat._udp;local;");
        listed.ShouldContain(";10.77.0.1;");
        listed.ShouldContain("txtvers=1");

        TestHosts.Run("kill", alice.Id.ToString(CultureInfo.InvariantCulture));
        TestHosts.Finish(alice);
        TestHosts.AwaitLine(browse, line => line.StartsWith("-;veth0;IPv4;", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_talk_where_avahi_runs_on_both_machines_and_it_goes_on_serving_others()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        var buses = new[] { StartAvahi(hosts, one), StartAvahi(hosts, other) };
        var bob = hosts.StartPeerChat(other, "bob", "listen", "--accept-any", "--json", "--count", "1");
        var alice = hosts.StartPeerChat(
            one,
            "alice",
            "send",
            "--to",
            "bob",
            "beside avahi",
            "--wait",
            "delivered"
        );
        TestHosts.MustTalk(alice, bob, "beside avahi");

        var browse = Browse(hosts, other, buses[1], "_ipp._tcp");
        hosts.Start(
            one,
            hosts.Home("service"),
            Avahi(buses[0], "avahi-publish", "-f", "-s", "printer", "_ipp._tcp", "631")
        );
        TestHosts.AwaitLine(browse, line => line.Contains("printer", StringComparison.Ordinal));
    }

    // A bus and a daemon of the host's own, with a run-time folder that no other avahi sees
    private static string StartAvahi(TestHosts hosts, string host)
    {
        var folder = hosts.Home("avahi-" + host);
        var bus = $"unix:path={folder}/bus";
        File.WriteAllText(
            $"{folder}/bus.conf",
            $"""
            <busconfig>
              <type>system</type>
              <listen>{bus}</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
              </policy>
            </busconfig>
            """
        );
        File.WriteAllText(
            $"{folder}/avahi.conf",
            "[server]\nuse-ipv4=yes\nuse-ipv6=yes\nallow-interfaces=veth0\nratelimit-interval-usec=1000000\nratelimit-burst=1000\n"
                + "[publish]\npublish-workstation=no\n"
        );
        var daemon = hosts.Start(
            host,
            folder,
            "dbus-daemon",
            $"--config-file={folder}/bus.conf",
            "--print-address",
            "--nofork",
            "--nopidfile"
        );
        TestHosts.AwaitLine(daemon, line => line.StartsWith(bus, StringComparison.Ordinal));
        hosts.Start(
            host,
            folder,
            "env",
            $"DBUS_SYSTEM_BUS_ADDRESS={bus}",
            "sh",
            "-c",
            $"mount -t tmpfs tmpfs /run && mkdir /run/avahi-daemon && exec avahi-daemon -f {folder}/avahi.conf --no-drop-root --no-chroot --no-rlimits"
        );
        return bus;
    }

    private static string[] Avahi(string bus, params string[] command) =>
        ["env", $"DBUS_SYSTEM_BUS_ADDRESS={bus}", .. command];

    // Goes on, waits for the daemon where that is still starting, and says a line whenever something comes or goes
    private static Process Browse(TestHosts hosts, string host, string bus, string type) =>
        hosts.Start(host, hosts.Home("browse"), Avahi(bus, "stdbuf", "-oL", "avahi-browse", "-fpr", type));
}
