using System.Net;
using PeerChat.Node.Transport;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

public sealed class InterfaceSelectionTests
{
    private static readonly LocalInterface Loopback = Make(1, "lo0", isLoopback: true, "127.0.0.1");
    private static readonly LocalInterface Ethernet = Make(2, "eth0", isLoopback: false, "192.0.2.5");
    private static readonly LocalInterface Wireless = Make(3, "wlan0", isLoopback: false, "198.51.100.5");
    private static readonly LocalInterface[] Existing = [Loopback, Ethernet, Wireless];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ")]
    public void Without_a_choice_all_are_used(string? environment)
    {
        var selection = Parse([], environment);

        selection.IsRestricted.ShouldBeFalse();
        selection.IsLoopbackOnly.ShouldBeFalse();
        selection.Choose(Existing).ShouldBe(Existing);
    }

    [Fact]
    public void The_alias_fits_whatever_the_system_calls_its_loopback()
    {
        var selection = Parse(["Loopback"], null);

        selection.IsRestricted.ShouldBeTrue();
        selection.IsLoopbackOnly.ShouldBeTrue();
        selection.Choose(Existing).ShouldBe([Loopback]);
    }

    [Fact]
    public void Several_may_be_named_and_options_win_over_the_environment()
    {
        Parse(["eth0", "lo0"], "wlan0").Choose(Existing).ShouldBe([Loopback, Ethernet]);
        Parse([], "wlan0, eth0").Choose(Existing).ShouldBe([Ethernet, Wireless]);
        Parse(["eth0", "lo0"], null).IsLoopbackOnly.ShouldBeFalse();
    }

    [Fact]
    public void An_unknown_name_is_answered_with_those_that_exist()
    {
        InterfaceSelection.TryParse(["eth9", "eth0"], null, Existing, out _, out var fault).ShouldBeFalse();

        fault!.Unknown.ShouldBe(["eth9"]);
        fault
            .ToString()
            .ShouldBe(
                "There is no network interface called eth9; "
                    + "there are: lo0, eth0, wlan0 (and \"loopback\" for this machine alone)."
            );
    }

    [Fact]
    public void What_is_down_or_has_no_address_is_left_out_until_it_has()
    {
        var selection = Parse(["eth0", "wlan0"], null);

        selection
            .Choose([Loopback, Ethernet with { IsUp = false }, Wireless with { Addresses = [] }])
            .ShouldBeEmpty();
        selection.Choose(Existing).ShouldBe([Ethernet, Wireless]);
    }

    [Fact]
    public void No_more_than_sixteen_are_used_at_once()
    {
        var many = Enumerable
            .Range(1, 40)
            .Select(i => Make(i, $"veth{i}", isLoopback: false, "192.0.2.5"))
            .ToList();

        InterfaceSelection.All.Choose(many).Count.ShouldBe(LocalInterface.MaxInterfaces);
    }

    [Fact]
    public void The_machine_that_runs_this_has_a_loopback_interface()
    {
        var loopback = LocalInterface.List()[0];

        loopback.IsLoopback.ShouldBeTrue();
        loopback.Index.ShouldBeGreaterThan(0);
        loopback.Addresses.ShouldHaveSingleItem().ShouldBe(new LocalAddress(IPAddress.Loopback, 8));
    }

    private static InterfaceSelection Parse(string[] options, string? environment)
    {
        InterfaceSelection
            .TryParse(options, environment, Existing, out var selection, out var fault)
            .ShouldBeTrue();
        fault.ShouldBeNull();
        return selection;
    }

    private static LocalInterface Make(int index, string name, bool isLoopback, string address) =>
        new(index, name, isLoopback, IsUp: true, [new LocalAddress(IPAddress.Parse(address), 24)]);
}
