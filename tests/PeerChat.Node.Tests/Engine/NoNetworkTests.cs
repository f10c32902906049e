using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Machines on which no interface is up, from the start on or for a while.</summary>
public sealed class NoNetworkTests
{
    [Fact]
    public void Without_a_network_the_node_starts_and_what_is_written_goes_out_once_there_is_one()
    {
        using var world = new EngineWorld(seed: 451);
        var (alice, bob) = (world.Run("alice"), world.Run("bob", node => node.AcceptAny = true));
        alice.Join(bob);
        world.RunUntil(() => alice.IsConnectedTo(bob), TimeSpan.FromSeconds(30), "they meet");
        alice.Stop();
        alice.Unplug();

        alice.Start();

        var run = alice.Events.Skip(alice.RunStart).ToList();
        run.OfType<NodeEvent.Ready>().ShouldHaveSingleItem().Interfaces.ShouldBeEmpty();
        run.OfType<NodeEvent.Notice>().ShouldContain(notice => notice.Code == NoticeCode.NoNetwork);
        alice.Say(bob, "written in a tunnel");
        world.Run(TimeSpan.FromMinutes(1));
        alice.Chat("@" + bob.Id)!.Queued.ShouldBe(1);
        bob.Shown("@" + alice.Id).ShouldBeEmpty();

        alice.MoveTo(alice.Address);

        alice
            .Events.Skip(alice.RunStart)
            .OfType<NodeEvent.Notice>()
            .ShouldContain(notice =>
                notice.Code == NoticeCode.NetworkUp && notice.Text == "The network is up: eth0."
            );
        world.RunUntil(
            () => bob.Shown("@" + alice.Id).Count == 1,
            TimeSpan.FromMinutes(1),
            "the message arrives"
        );
        bob.Shown("@" + alice.Id).ShouldBe(["written in a tunnel"]);
    }

    [Fact]
    public void A_network_that_goes_is_told_once_and_a_new_face_hears_that_there_is_none()
    {
        using var world = new EngineWorld(seed: 452);
        var alice = world.Run("alice");
        alice.Unplug();
        alice.Unplug();

        alice.Told<NodeEvent.Notice>().Count(notice => notice.Code == NoticeCode.NoNetwork).ShouldBe(1);
        alice.Engine.Snapshot().OfType<NodeEvent.Ready>().ShouldHaveSingleItem().Interfaces.ShouldBeEmpty();
    }
}
