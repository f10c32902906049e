using System.Diagnostics;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests;

/// <summary>Beside Debian's avahi: it lists us, hears our goodbye, and neither keeps the other from port 5353.</summary>
public sealed class AvahiTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public void Avahi_lists_a_node_on_the_network_and_forgets_it_with_its_goodbye()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        var bus = StartAvahi(hosts, other);
        var alice = hosts.StartPeerChat(one, "alice", "listen", "--json");

        var listed = BrowseUntil(
            hosts,
            other,
            bus,
            "_peerchat._udp",
            text => text.Contains("\n=;", StringComparison.Ordinal)
        );
        listed.ShouldContain("_peerchat._udp;local;");
        listed.ShouldContain(";10.77.0.1;");
        listed.ShouldContain("txtvers=1");

        using (var kill = Process.Start("kill", [$"{alice.Id}"]))
        {
            kill.WaitForExit();
        }

        TestHosts.Finish(alice);
        BrowseUntil(
            hosts,
            other,
            bus,
            "_peerchat._udp",
            text => !text.Contains("_peerchat", StringComparison.Ordinal)
        );
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

        var (code, _, errors) = TestHosts.Finish(alice);
        code.ShouldBe(0, errors);
        var (listened, output, problems) = TestHosts.Finish(bob);
        listened.ShouldBe(0, problems);
        output.ShouldContain("beside avahi");

        hosts.Start(
            one,
            hosts.Home("service"),
            Avahi(buses[0], "avahi-publish", "-s", "printer", "_ipp._tcp", "631")
        );
        BrowseUntil(
            hosts,
            other,
            buses[1],
            "_ipp._tcp",
            text => text.Contains("printer", StringComparison.Ordinal)
        );
    }

    // A bus and a daemon of the host's own, with a run-time folder that no other avahi sees
    private static string StartAvahi(TestHosts hosts, string host)
    {
        var folder = hosts.Home("avahi-" + host);
        var (socket, bus) = ($"{folder}/bus", $"unix:path={folder}/bus");
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
        hosts.Start(
            host,
            folder,
            "dbus-daemon",
            $"--config-file={folder}/bus.conf",
            "--nofork",
            "--nopidfile"
        );
        Wait(() => File.Exists(socket), "the bus is there");
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

    private static string BrowseUntil(
        TestHosts hosts,
        string host,
        string bus,
        string type,
        Predicate<string> isWanted
    )
    {
        var output = "";
        Wait(
            () =>
            {
                // fails while the daemon is starting
                var (code, found, errors) = TestHosts.Finish(
                    hosts.Start(host, hosts.Home("browse"), Avahi(bus, "avahi-browse", "-prt", type))
                );
                output = $"{found}{errors}";
                return code == 0 && isWanted(found);
            },
            "avahi-browse says what is wanted",
            () => output
        );
        return output;
    }

    private static void Wait(Func<bool> holds, string what, Func<string>? details = null)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException(
                    $"Not within {Patience.TotalSeconds} s: {what}. {details?.Invoke()}"
                );
            }

            Thread.Sleep(100); // between two looks: nothing tells when avahi has heard
        }
    }
}
