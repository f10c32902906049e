using System.Diagnostics;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Nat;

/// <summary>A real process and Debian's miniupnpd.</summary>
public sealed class PortMappingTests
{
    // RFC 6887 section 8.5: a router's clock may go two seconds wrong, so one that had run for less than that and begins anew is not noticed.
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(NatMapping.Pcp, "PCP")]
    [InlineData(NatMapping.Upnp, "UPnP")]
    public void A_port_is_mapped_told_of_by_the_doctor_found_again_by_a_new_router_and_given_back(
        NatMapping mapping,
        string name
    )
    {
        using var network = new NatNetwork();
        var host = network.AddHost("alice", NatKind.Symmetric);
        var mapper = network.MapPorts(host, mapping);
        var uptime = Stopwatch.StartNew();
        var node = NatConversation.StartNode(network, host, "alice", []);
        WaitForMappings(network, host, 1);

        var checks = Doctor(network, host);
        var check = checks.Single(one => one.GetProperty("area").GetString() == "mapping");
        check.GetProperty("subject").GetString().ShouldBe("192.168.1.1");
        check.GetProperty("text").GetString()!.ShouldContain($"({name})");
        check.GetProperty("text").GetString()!.ShouldContain("50.60.70.11");

        if (mapping == NatMapping.Pcp)
        {
            // A router that was switched off and on has forgotten all, and says so.
            Relays.RelayNetwork.WaitFor(() => uptime.Elapsed >= Noticeable, () => "time goes by");
            mapper.Kill();
            foreach (var chain in new[] { "miniupnpd", "prerouting_miniupnpd", "postrouting_miniupnpd" })
            {
                network.Nft(host, "flush", "chain", "inet", "mapped", chain);
            }

            network.CountMappings(host).ShouldBe(0);
            network.MapPorts(host, mapping);
            WaitForMappings(network, host, 1);
        }

        node.Terminate().ShouldBe(0);
        WaitForMappings(network, host, 0);
    }

    [Theory]
    [InlineData("--no-port-mapping")]
    [InlineData("--lan")]
    [InlineData("--relay-only", "--turn", NatNetwork.TurnUrl)]
    [InlineData("--interface", "loopback")]
    public void No_router_is_asked_where_nothing_may_leave_the_network_or_the_user_does_not_want_it(
        params string[] options
    )
    {
        using var network = new NatNetwork();
        var host = network.AddHost("alice", NatKind.PortRestricted);
        var capture = network.Start(
            host,
            network.Hosts.Home("capture"),
            "tcpdump",
            "-n",
            "-l",
            "-i",
            "eth0",
            "udp"
        );
        capture.WaitFor("listening on");
        var node = NatConversation.StartNode(network, host, "alice", options);
        var checks = Doctor(network, host);
        checks
            .Single(one => one.GetProperty("area").GetString() == "mapping")
            .GetProperty("text")
            .GetString()
            .ShouldBe("is not used");
        node.Terminate().ShouldBe(0);
        capture.Terminate();

        capture.Output.ShouldNotContain(".5351:");
        capture.Output.ShouldNotContain(".1900:");
    }

    private static void WaitForMappings(NatNetwork network, string host, int count) =>
        Relays.RelayNetwork.WaitFor(
            () => network.CountMappings(host) == count,
            () => $"{count} ports are mapped; {network.CountMappings(host)} are"
        );

    private static List<JsonElement> Doctor(NatNetwork network, string host)
    {
        var doctor = network.PeerChat(host, "alice", "doctor", "--json");
        doctor.WaitForExit();
        return
        [
            .. doctor
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
    }
}
