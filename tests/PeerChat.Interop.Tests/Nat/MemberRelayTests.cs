using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Nat;

/// <summary>Three real processes in a private room, two of which no path leads between.</summary>
public sealed class MemberRelayTests
{
    private static readonly string[] Options =
    [
        "--rungs",
        "introduction,peerserver",
        "--peerserver",
        NatNetwork.PeerServerUrl,
        "--stun",
        NatNetwork.ServerAddress,
        "--no-port-mapping",
    ];

    [Theory]
    [InlineData(NatKind.Symmetric, NatKind.Symmetric, true)]
    [InlineData(NatKind.PortRestricted, NatKind.Symmetric, true)]
    [InlineData(NatKind.Symmetric, NatKind.Symmetric, false)]
    public void Two_behind_NATs_that_do_not_get_along_are_relayed_by_a_third_member_who_wants_to(
        NatKind one,
        NatKind other,
        bool wants
    )
    {
        using var network = new NatNetwork();
        var hosts = new Dictionary<string, string>
        {
            ["carol"] = network.AddHost("carol", NatKind.None),
            ["alice"] = network.AddHost("alice", one),
            ["bob"] = network.AddHost("bob", other),
        };
        network.StartServers();
        foreach (var (user, host) in hosts)
        {
            string[] more = user == "carol" && !wants ? ["--no-relaying"] : [];
            NatConversation.StartNode(network, host, user, [.. Options, .. more]);
        }

        NatConversation.Finish(network.PeerChat(hosts["carol"], "carol", "room", "create", "crew"));
        var link = NatConversation
            .Finish(network.PeerChat(hosts["carol"], "carol", "invite", "--room", "crew", "--uses", "2"))
            .Split('\n')[0];
        foreach (var user in new[] { "alice", "bob" })
        {
            NatConversation.Finish(network.PeerChat(hosts[user], user, "join", link, "--timeout", "1m"));
        }

        if (wants)
        {
            foreach (var (user, met) in new[] { ("alice", "bob"), ("bob", "alice") })
            {
                var relay = Relays
                    .RelayNetwork.WaitForStatus(
                        network.Hosts,
                        hosts[user],
                        user,
                        status => status.GetProperty("memberRelays").GetArrayLength() == 1,
                        $"{user} is relayed"
                    )
                    .GetProperty("memberRelays")[0];
                relay.GetProperty("name").GetString().ShouldBe(met);
                relay.GetProperty("by").GetString().ShouldBe("carol");
            }

            Relays.RelayNetwork.WaitForStatus(
                network.Hosts,
                hosts["carol"],
                "carol",
                status => status.GetProperty("relaying").GetInt32() == 1,
                "carol counts one pair"
            );
        }

        foreach (var (from, to) in new[] { ("alice", "bob"), ("bob", "alice") })
        {
            var waiting = network.PeerChat(
                hosts[to],
                to,
                "listen",
                "--room",
                "crew",
                "--history",
                "10",
                "--json",
                "--timeout",
                "1m"
            );
            NatConversation.Finish(
                network.PeerChat(
                    hosts[from],
                    from,
                    "send",
                    "--room",
                    "crew",
                    $"from {from}",
                    "--timeout",
                    "1m"
                )
            );
            waiting.WaitFor($"\"from {from}\""); // also where nobody relays: the log goes by carol
        }
    }
}
