using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Nat;

/// <summary>Networks that change under a conversation, and services that go and come.</summary>
public sealed class ChangeTests(ITestOutputHelper output)
{
    private static readonly string[] Options =
    [
        "--rungs",
        "known,introduction,peerserver",
        "--peerserver",
        NatNetwork.PeerServerUrl,
        "--stun",
        NatNetwork.ServerAddress,
    ];

    private static bool IsLong => Environment.GetEnvironmentVariable("PEERCHAT_LONG") == "1";

    /// <summary>How long the next message takes after an address changed; the figure of docs/PERFORMANCE.md is the median of 20.</summary>
    /// <remarks>A host does not see that its router has another address; that the message is not acknowledged has it ask at once (decision 0135).</remarks>
    [Theory]
    [InlineData(NatKind.None, 3_000)]
    [InlineData(NatKind.PortRestricted, 3_000)]
    public void After_a_change_of_address_the_next_message_arrives_within_seconds_in_the_median(
        NatKind kind,
        int milliseconds
    )
    {
        using var network = new NatNetwork();
        var (alice, bob) = (network.AddHost("alice", kind), network.AddHost("bob", NatKind.None));
        Begin(network, alice, bob);
        var listener = network.PeerChat(bob, "bob", "listen", "--json");
        var sender = network.Talk(alice, "alice", "send", "--to", "bob", "--lines", "--timeout", "30m");
        sender.Type("before");
        listener.WaitFor("\"before\"");

        var times = new List<double>();
        for (var i = 0; i < (IsLong ? 20 : 3); i++)
        {
            network.Move(alice);
            var clock = Stopwatch.StartNew();
            sender.Type($"after {i}");
            listener.WaitFor($"\"after {i}\"");
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{NatMatrix.NameOf(kind)}: median {times[times.Count / 2]:0} ms, worst {times[^1]:0} ms, of {times.Count}: {string.Join(' ', times.Select(time => $"{time:0}"))}"
        );
        output.WriteLine(figures);
        times[times.Count / 2].ShouldBeLessThanOrEqualTo(milliseconds, figures);
    }

    [Fact]
    public void What_is_written_while_an_interface_is_down_arrives_once_it_is_up()
    {
        using var network = new NatNetwork();
        var alice = network.AddHost("alice", NatKind.PortRestricted);
        var bob = network.AddHost("bob", NatKind.PortRestricted);
        Begin(network, alice, bob);

        network.Switch(alice, isOn: false);
        NatConversation.Finish(
            network.PeerChat(alice, "alice", "send", "--to", "bob", "in the dark", "--wait", "queued")
        );
        network.Switch(alice, isOn: true);

        NatConversation.Send(network, alice, "alice", "bob", "in the light");
        NatConversation.TextsOf(network, bob, "bob", "alice").ShouldBe(["in the dark", "in the light"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Contacts_meet_again_in_whatever_order_the_service_and_they_come_back(bool isServiceFirst)
    {
        using var network = new NatNetwork();
        var alice = network.AddHost("alice", NatKind.PortRestricted);
        var bob = network.AddHost("bob", NatKind.PortRestricted);
        var (server, nodes) = Begin(network, alice, bob);

        server.Kill();
        NatConversation.Send(network, alice, "alice", "bob", "no service is needed by who has met");
        nodes.ForEach(node => node.Terminate().ShouldBe(0));
        if (isServiceFirst)
        {
            network.StartPeerServer();
        }

        NatConversation.StartNode(network, alice, "alice", Options);
        NatConversation.StartNode(network, bob, "bob", Options);
        if (!isServiceFirst)
        {
            network.StartPeerServer();
        }

        NatConversation.Send(network, bob, "bob", "alice", "here again");
    }

    private static (RunningProgram Server, List<RunningProgram> Nodes) Begin(
        NatNetwork network,
        string alice,
        string bob
    )
    {
        var server = network.StartServers();
        List<RunningProgram> nodes =
        [
            NatConversation.StartNode(network, alice, "alice", Options),
            NatConversation.StartNode(network, bob, "bob", Options),
        ];
        var link = NatConversation.Finish(network.PeerChat(alice, "alice", "invite")).Split('\n')[0];
        NatConversation.Finish(network.PeerChat(bob, "bob", "join", link, "--timeout", "1m"));
        return (server, nodes);
    }
}
