using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Host firewalls.</summary>
public sealed class FirewallTests
{
    [Fact]
    public void Two_behind_stateful_firewalls_connect()
    {
        using var world = new EngineWorld(1);
        var bob = world.Run(
            "bob",
            node =>
            {
                node.AcceptAny = true;
                node.Firewall = HostFirewall.Stateful;
            }
        );
        var alice = world.Run("alice", node => node.Firewall = HostFirewall.Stateful);
        alice.Join("bob");
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(10), "connected");
        alice.Told<NodeEvent.Notice>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_firewall_that_lets_nothing_in_is_named_after_five_seconds(bool isAtBobs)
    {
        using var world = new EngineWorld(2);
        var bob = world.Run(
            "bob",
            node =>
            {
                node.AcceptAny = true;
                node.Firewall = isAtBobs ? HostFirewall.Closed : HostFirewall.None;
            }
        );
        var alice = world.Run(
            "alice",
            node => node.Firewall = isAtBobs ? HostFirewall.None : HostFirewall.Closed
        );
        alice.Join("bob");
        world.Run(TimeSpan.FromSeconds(5));
        alice.Told<NodeEvent.Notice>().ShouldBeEmpty();
        world.Run(TimeSpan.FromSeconds(3));
        var notice = alice.Told<NodeEvent.Notice>().ShouldHaveSingleItem();
        notice.Code.ShouldBe(NoticeCode.FirewallLikely);
        notice.Text.ShouldContain("firewall");
        notice.Text.ShouldContain(bob.Address.ToString());
        notice.Text.ShouldContain("UDP port 27717");
        world.Run(TimeSpan.FromMinutes(5));
        alice.Told<NodeEvent.Notice>().Count().ShouldBe(1);
        bob.Told<NodeEvent.Notice>().ShouldBeEmpty();

        // It is tried on: once the way is free, they connect.
        world.Lan.Attach(bob.Address, HostFirewall.None);
        world.Lan.Attach(alice.Address, HostFirewall.None);
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(60), "connected at last");
    }
}
