using PeerChat.Node.Host;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class OwnerOnlyTests
{
    [Fact]
    public void Who_takes_a_node_over_keeps_to_its_interfaces_unless_the_user_says_otherwise()
    {
        Inherited(new NodeOptions(), null).ShouldBe(["lo"]);
        Inherited(new NodeOptions { Interfaces = ["eth1"] }, null).ShouldBe(["eth1"]);
        Inherited(new NodeOptions(), "eth2")
            .ShouldBeEmpty("The variable itself is read when the node starts.");
        OwnerOnly.Inherit(new NodeOptions(), [], _ => null).Interfaces.ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Inherited(NodeOptions options, string? variable) =>
        OwnerOnly.Inherit(options, ["lo"], _ => variable).Interfaces;
}
