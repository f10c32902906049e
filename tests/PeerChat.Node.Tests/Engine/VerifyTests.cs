using PeerChat.Rooms.Identity;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Two people compare their keys by the safety number.</summary>
public sealed class VerifyTests
{
    [Fact]
    public void Both_see_the_same_number_and_who_compares_it_has_verified_the_other_also_after_a_restart()
    {
        using var world = new EngineWorld(901);
        var (alice, bob) = Friends(world);
        var shown = Ask(alice, "bob");
        shown.Name.ShouldBe("bob");
        shown.PeerId.ShouldBe(bob.Id);
        shown.Number.ShouldBe(Ask(bob, "@" + alice.Id).Number);
        shown.Trust.ShouldBe(TrustState.Pinned);

        Ask(alice, "bob", shown.Number).Trust.ShouldBe(TrustState.Verified);

        world.Run(TimeSpan.FromSeconds(1));
        TrustShown(alice, bob).ShouldBe(TrustState.Verified);
        TrustShown(bob, alice).ShouldNotBe(TrustState.Verified, "only who has compared knows");
        alice.Stop();
        alice.Start();
        Ask(alice, "bob").Trust.ShouldBe(TrustState.Verified);

        alice
            .Ask(new NodeCommand.VerifyPeer("bob", Undo: true))
            .ShouldBeOfType<NodeReply.Safety>()
            .Trust.ShouldBe(TrustState.Pinned);
    }

    [Fact]
    public void Another_number_is_refused_and_changes_nothing()
    {
        using var world = new EngineWorld(902);
        var (alice, bob) = Friends(world);
        var number = Ask(alice, "bob").Number;
        var other = (number[0] == '9' ? '8' : '9') + number[1..];

        var refused = alice.Ask(new NodeCommand.VerifyPeer("bob", other)).ShouldBeOfType<NodeReply.Refused>();

        refused.Code.ShouldBe(RefusalCode.WrongNumber);
        refused.Text.ShouldContain("somebody sits between you");
        Ask(alice, "bob").Trust.ShouldBe(TrustState.Pinned);
        Ask(alice, "bob", number);
        alice.Ask(new NodeCommand.VerifyPeer("bob", other)).ShouldBeOfType<NodeReply.Refused>();
        Ask(alice, "bob").Trust.ShouldBe(TrustState.Verified, "what was compared once was the same");
    }

    [Fact]
    public void What_was_not_copied_whole_and_whom_one_does_not_know_is_told()
    {
        using var world = new EngineWorld(903);
        var (alice, bob) = Friends(world);
        var number = Ask(alice, "bob").Number;

        Code(new NodeCommand.VerifyPeer("bob", number[..^1])).ShouldBe(RefusalCode.BadValue);
        Code(new NodeCommand.VerifyPeer("bob", number + "1")).ShouldBe(RefusalCode.BadValue);
        Code(new NodeCommand.VerifyPeer("bob", "")).ShouldBe(RefusalCode.BadValue);
        Code(new NodeCommand.VerifyPeer("bob", number.Replace('0', 'o') + "x"))
            .ShouldBe(RefusalCode.BadValue);
        Code(new NodeCommand.VerifyPeer("carol")).ShouldBe(RefusalCode.NoSuchPeer);
        Code(new NodeCommand.VerifyPeer("#lobby")).ShouldBe(RefusalCode.NoSuchPeer);
        Code(new NodeCommand.VerifyPeer(alice.Id)).ShouldBe(RefusalCode.BadValue);
        Ask(alice, "bob", number.Replace(' ', '\n')).Trust.ShouldBe(TrustState.Verified);
        bob.IsRunning.ShouldBeTrue();

        RefusalCode Code(NodeCommand command) => alice.Ask(command).ShouldBeOfType<NodeReply.Refused>().Code;
    }

    [Theory]
    [InlineData("12345", SafetyComparison.NotANumber)]
    [InlineData("１２３４５", SafetyComparison.NotANumber)]
    public void Digits_are_those_of_ASCII(string given, SafetyComparison result) =>
        SafetyNumber
            .Compare(
                string.Join(' ', Enumerable.Repeat("12345", 12)),
                string.Concat(Enumerable.Repeat(given, given[0] == '1' ? 11 : 12))
            )
            .ShouldBe(result);

    private static (SimulatedNode Alice, SimulatedNode Bob) Friends(EngineWorld world)
    {
        var alice = world.Run("alice");
        var bob = world.Run("bob", node => node.AcceptAny = true);
        world.Befriend(alice, bob);
        return (alice, bob);
    }

    private static NodeReply.Safety Ask(SimulatedNode node, string who, string? number = null) =>
        node.Ask(new NodeCommand.VerifyPeer(who, number)).ShouldBeOfType<NodeReply.Safety>();

    private static TrustState TrustShown(SimulatedNode node, SimulatedNode of) =>
        node.Chat("@" + of.Id)!.Members.Single(member => member.PeerId == of.Id).Trust;
}
