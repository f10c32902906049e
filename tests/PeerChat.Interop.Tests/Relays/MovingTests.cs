using System.Text.Json;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Relays;

/// <summary>A machine whose address changes while it talks.</summary>
public sealed class MovingTests
{
    [Fact]
    public void A_conversation_survives_a_change_of_address_and_every_message_arrives_once()
    {
        using var hosts = TestHosts.Create();
        var (one, other) = (hosts.AddHost("a"), hosts.AddHost("b"));
        TestHosts.Connect(one, other);
        foreach (var host in new[] { one, other })
        {
            TestHosts.Run("ip", "-n", host, "-6", "addr", "flush", "dev", "veth0");
        }

        var bob = hosts.StartPeerChat(other, "bob", "daemon", "--accept-any");
        hosts.StartPeerChat(one, "alice", "daemon", "--accept-any");
        RelayNetwork.WaitForStatus(hosts, one, "alice", _ => true, "alice's node runs");
        Send(hosts, one, "before");
        var link = Detail(hosts, one);
        link.ShouldContain("10.77.0.2");

        TestHosts.Run("ip", "-n", one, "addr", "del", "10.77.0.1/24", "dev", "veth0");
        TestHosts.Run("ip", "-n", one, "addr", "add", "10.77.0.9/24", "dev", "veth0");
        TestHosts.Run("ip", "-n", one, "route", "add", "default", "dev", "veth0");
        for (var i = 0; i < 3; i++)
        {
            Send(hosts, one, $"after {i}");
        }

        Detail(hosts, other).ShouldContain("10.77.0.9");
        var (_, history, _) = TestHosts.Finish(
            hosts.StartPeerChat(other, "bob", "history", "--with", "alice", "--json")
        );
        history
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString())
            .ShouldBe(["before", "after 0", "after 1", "after 2"]);

        // One connection from the beginning to the end
        TestHosts.Run("kill", bob.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        TestHosts
            .Finish(bob)
            .Errors.Split('\n')
            .Count(line => line.StartsWith("alice: connected", StringComparison.Ordinal))
            .ShouldBe(1);
    }

    private static void Send(TestHosts hosts, string host, string text)
    {
        var (code, _, errors) = TestHosts.Finish(
            hosts.StartPeerChat(
                host,
                "alice",
                "send",
                "--to",
                "bob",
                text,
                "--wait",
                "delivered",
                "--timeout",
                "30s"
            )
        );
        code.ShouldBe(0, errors);
    }

    private static string Detail(TestHosts hosts, string host) =>
        TestHosts
            .Finish(
                hosts.StartPeerChat(
                    host,
                    host.EndsWith("-a", StringComparison.Ordinal) ? "alice" : "bob",
                    "chats"
                )
            )
            .Output;
}
