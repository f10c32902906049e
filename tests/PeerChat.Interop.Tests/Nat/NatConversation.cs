using System.Text.Json;
using Shouldly;

namespace PeerChat.Interop.Tests.Nat;

/// <summary>Two real processes that meet by one link through the PeerServer and write to each other.</summary>
internal static class NatConversation
{
    /// <summary>Sets a cell up, has the two meet, and gives the path that both say they are connected by.</summary>
    public static NatPath Run(NatCell cell)
    {
        using var network = new NatNetwork();
        var (alice, bob) = cell.IsHairpin
            ? network.AddHairpin()
            : (network.AddHost("alice", cell.Alice), network.AddHost("bob", cell.Bob));
        network.StartServers();
        foreach (var host in cell.Mapping == NatMapping.None ? [] : new[] { alice, bob })
        {
            network.MapPorts(host, cell.Mapping);
        }

        StartNode(network, alice, "alice", Options(cell, 41001));
        StartNode(network, bob, "bob", Options(cell, 41002));
        return Meet(network, alice, bob, cell.Expected == NatPath.None ? "25s" : "1m");
    }

    /// <summary>Starts a node, and waits until it runs.</summary>
    public static RunningProgram StartNode(NatNetwork network, string host, string user, string[] options)
    {
        var node = network.PeerChat(host, user, ["daemon", .. options]);
        node.WaitFor(user);
        return node;
    }

    /// <summary>Has bob join by alice's link and both write to the other, and asks both for the path.</summary>
    public static NatPath Meet(NatNetwork network, string alice, string bob, string patience)
    {
        var link = Finish(network.PeerChat(alice, "alice", "invite")).Split('\n')[0];
        var join = network.PeerChat(bob, "bob", "join", link, "--timeout", patience);
        var code = join.WaitForExit();
        if (code == 3)
        {
            PathTo(network, bob, "bob").ShouldBe(NatPath.None);
            return NatPath.None;
        }

        code.ShouldBe(0, join.Errors);
        Send(network, bob, "bob", "alice", "from bob");
        Send(network, alice, "alice", "bob", "from alice");
        foreach (var (host, user) in new[] { (alice, "alice"), (bob, "bob") })
        {
            var other = user == "alice" ? "bob" : "alice";
            TextsOf(network, host, user, other).ShouldBe(["from bob", "from alice"]);
        }

        var path = PathTo(network, alice, "alice");
        PathTo(network, bob, "bob").ShouldBe(path);
        return path;
    }

    /// <summary>What a node says of the path to its only contact; none where it has no contact.</summary>
    public static NatPath PathTo(NatNetwork network, string host, string user)
    {
        var line = Finish(network.PeerChat(host, user, "contacts", "--json"));
        return line.Length == 0
            ? NatPath.None
            : JsonDocument.Parse(line).RootElement.GetProperty("path").GetString() switch
            {
                "direct" => NatPath.Direct,
                "relayed" => NatPath.Relayed,
                "none" => NatPath.None,
                var other => throw new InvalidDataException($"A path called {other}."),
            };
    }

    /// <summary>The texts of the chat of two, in their order.</summary>
    public static List<string?> TextsOf(NatNetwork network, string host, string user, string with) =>
        [
            .. Finish(network.PeerChat(host, user, "history", "--with", with, "--json"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()),
        ];

    /// <summary>Sends, and waits until it is durable there.</summary>
    public static void Send(NatNetwork network, string host, string from, string to, string text) =>
        Finish(
            network.PeerChat(host, from, "send", "--to", to, text, "--wait", "delivered", "--timeout", "1m")
        );

    /// <summary>Waits for a program's end, which has to be a good one; gives its output.</summary>
    public static string Finish(RunningProgram program)
    {
        program.WaitForExit().ShouldBe(0, program.Errors);
        return program.Output.Trim();
    }

    private static string[] Options(NatCell cell, int port) =>
        [
            "--rungs",
            "peerserver", // that no other rung finds them: only a service knows both
            "--peerserver",
            NatNetwork.PeerServerUrl,
            "--stun",
            NatNetwork.ServerAddress,
            .. cell.HasTurn ? new[] { "--turn", NatNetwork.TurnUrl } : [],
            .. cell.IsHairpin ? new[] { "--port", $"{port}" } : [],
        ];
}
