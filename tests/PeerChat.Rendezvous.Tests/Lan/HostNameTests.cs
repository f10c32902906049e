using System.Net;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rendezvous.Lan.Dns;
using Shouldly;
using Xunit;

namespace PeerChat.Rendezvous.Tests.Lan;

/// <summary>Names of multicast DNS that stand for addresses in candidates.</summary>
public sealed class HostNameTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void A_neighbour_s_name_is_resolved_to_its_address()
    {
        var swarm = new LanSwarm();
        var (alice, bob) = (
            swarm.Add(announce: false, browse: false),
            swarm.Add(announce: false, browse: false)
        );
        var name = alice.Machine.HideBehindName(alice.Link.Addresses[0].Address);
        swarm.Do(bob, machine => machine.TryResolve(name, swarm.Now).ShouldBeTrue());
        swarm.Run(Soon);

        var resolved = Resolved(bob).ShouldHaveSingleItem();
        resolved.HostName.ShouldBe(name);
        resolved.Address.ShouldBe(alice.Link.Addresses[0].Address.WithPort(0));
    }

    [Fact]
    public void Each_question_for_an_address_goes_alone_as_Chromium_drops_queries_with_two()
    {
        var swarm = new LanSwarm();
        var bob = swarm.Add(announce: false, browse: false);
        string[] names = ["one.local", "two.local"];
        swarm.Do(bob, machine => names.ShouldAllBe(name => machine.TryResolve(name, swarm.Now)));
        swarm.Run(Soon);

        var queries = swarm
            .Sent.Where(sent => sent.From == bob)
            .Select(sent =>
            {
                DnsMessage.TryParse(sent.Datagram.Payload.Span, out var query).ShouldBeTrue();
                return query!.Questions.ShouldHaveSingleItem();
            })
            .ToList();
        foreach (var type in (DnsType[])[DnsType.A, DnsType.Aaaa])
        {
            names
                .Select(name => HostNameResolver.NameOf(name))
                .ShouldAllBe(name => queries.Any(asked => asked.Type == type && asked.Name.Equals(name)));
        }
    }

    [Fact]
    public void A_name_is_a_random_UUID_of_its_own_each_time()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add();
        string[] names =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(_ => alice.Machine.HideBehindName(alice.Link.Addresses[0].Address)),
        ];

        names.Distinct().Count().ShouldBe(names.Length);
        foreach (var name in names)
        {
            name.ShouldEndWith(".local");
            Guid.ParseExact(name.Split('.')[0], "D").Version.ShouldBe(4);
        }
    }

    [Fact]
    public void Nobody_hears_of_a_name_who_does_not_ask_for_it()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var label = alice.Machine.HideBehindName(alice.Link.Addresses[0].Address).Split('.')[0];
        swarm.Add("bob");
        swarm.Run(TimeSpan.FromMinutes(5));
        swarm.Do(alice, machine => machine.Goodbye(swarm.Now));

        swarm.Sent.Where(sent => sent.From == alice).ShouldNotBeEmpty();
        swarm.Sent.ShouldNotContain(sent => Text(sent.Datagram).Contains(label, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_an_address_on_another_interface_nothing_is_said()
    {
        var swarm = new LanSwarm();
        var (alice, bob) = (swarm.Add(), swarm.Add());
        var name = alice.Machine.HideBehindName(new TransportAddress(IPAddress.Parse("192.168.7.1"), 0));
        swarm.Do(bob, machine => machine.TryResolve(name, swarm.Now).ShouldBeTrue());
        swarm.Run(TimeSpan.FromSeconds(10));

        Resolved(bob).ShouldBeEmpty();
    }

    [Fact]
    public void Who_asks_for_the_other_family_is_told_at_once_that_there_is_none()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add(announce: false, browse: false);
        var name = HostNameResolver.NameOf(alice.Machine.HideBehindName(alice.Link.Addresses[0].Address))!;
        swarm.Inject(
            alice,
            new TransportAddress(IPAddress.Parse("10.0.0.9"), MulticastDatagram.Port),
            LanPackets.Queries([new DnsQuestion(name, DnsType.Aaaa)], [])[0]
        );
        swarm.Run(Soon);

        DnsMessage
            .TryParse(swarm.Sent.ShouldHaveSingleItem().Datagram.Payload.Span, out var answer)
            .ShouldBeTrue();
        answer.Answers.ShouldHaveSingleItem().Type.ShouldBe(DnsType.Nsec);
    }

    [Fact]
    public void An_address_that_does_not_belong_to_the_link_is_not_believed()
    {
        var swarm = new LanSwarm();
        var bob = swarm.Add(announce: false, browse: false);
        const string Name = "9f3c2b1a-0000-4000-8000-000000000001.local";
        swarm.Do(bob, machine => machine.TryResolve(Name, swarm.Now));
        foreach (var lie in new[] { "8.8.8.8", "127.0.0.1", "192.168.7.1", "::1", "2001:db8::1" })
        {
            swarm.Inject(bob, Neighbour, Answer(Name, lie));
        }

        Resolved(bob).ShouldBeEmpty();
        bob.Machine.Drops.OffLink.ShouldBe(5);
        swarm.Inject(bob, Neighbour, Answer(Name, "10.0.0.9"));
        Resolved(bob).ShouldHaveSingleItem().Address.ToIPAddress().ShouldBe(IPAddress.Parse("10.0.0.9"));
    }

    [Fact]
    public void Of_many_addresses_behind_one_name_two_count()
    {
        var swarm = new LanSwarm();
        var bob = swarm.Add(announce: false, browse: false);
        const string Name = "name.local";
        swarm.Do(bob, machine => machine.TryResolve(Name, swarm.Now));
        for (var i = 1; i <= 20; i++)
        {
            swarm.Inject(bob, Neighbour, Answer("NAME.local", $"10.0.0.{i}"));
        }

        Resolved(bob).Select(each => each.HostName).ShouldBe([Name, Name]);
    }

    [Fact]
    public void A_name_that_nobody_knows_is_asked_for_three_times_by_multicast_and_then_forgotten()
    {
        var swarm = new LanSwarm();
        var bob = swarm.Add(announce: false, browse: false);
        swarm.Do(bob, machine => machine.TryResolve("nobody.local", swarm.Now));
        swarm.Run(TimeSpan.FromMinutes(1));

        swarm.Sent.Select(sent => (sent.At - Instant.Origin).TotalSeconds).ShouldBe([0, 0, 1, 1, 3, 3]); // A and AAAA
        swarm.Sent.ShouldAllBe(sent => sent.Datagram.IsMulticast);
        bob.NextDeadline.ShouldBeNull();
        Resolved(bob).ShouldBeEmpty();
    }

    [Fact]
    public void At_most_32_names_are_asked_for_at_once()
    {
        var swarm = new LanSwarm();
        var bob = swarm.Add(announce: false, browse: false);
        for (var i = 0; i < 32; i++)
        {
            bob.Machine.TryResolve($"n{i}.local", swarm.Now).ShouldBeTrue();
        }

        bob.Machine.TryResolve("n32.local", swarm.Now).ShouldBeFalse();
        bob.Machine.TryResolve("n0.local", swarm.Now).ShouldBeTrue(); // is asked for already
        swarm.Run(TimeSpan.FromSeconds(10));
        bob.Machine.TryResolve("n32.local", swarm.Now).ShouldBeTrue();
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("local")]
    [InlineData(".local")]
    [InlineData("a.b.local")]
    [InlineData("a_b.local")]
    [InlineData("a.local.")]
    [InlineData("")]
    public void Nothing_else_is_asked_for_than_one_label_under_local(string name)
    {
        var swarm = new LanSwarm();
        var bob = swarm.Add(announce: false, browse: false);
        swarm.Do(bob, machine => machine.TryResolve(name, swarm.Now).ShouldBeFalse());
        swarm.Run(TimeSpan.FromSeconds(10));
        swarm.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void The_newest_256_names_are_answered_for()
    {
        var swarm = new LanSwarm();
        var (alice, bob) = (
            swarm.Add(announce: false, browse: false),
            swarm.Add(announce: false, browse: false)
        );
        var address = alice.Link.Addresses[0].Address;
        string[] names = [.. Enumerable.Range(0, 257).Select(_ => alice.Machine.HideBehindName(address))];
        foreach (var name in (string[])[names[0], names[1], names[^1]])
        {
            swarm.Do(bob, machine => machine.TryResolve(name, swarm.Now));
        }

        swarm.Run(TimeSpan.FromSeconds(10));
        Resolved(bob).Select(each => each.HostName).ShouldBe([names[1], names[^1]], ignoreOrder: true);
    }

    private static TransportAddress Neighbour => new(IPAddress.Parse("10.0.0.9"), MulticastDatagram.Port);

    private static byte[] Answer(string name, string address) =>
        LanPackets.Responses(
            [
                DnsRecord.Address(
                    HostNameResolver.NameOf(name)!,
                    new TransportAddress(IPAddress.Parse(address), 0),
                    LanRecordSet.HostTtl
                ),
            ],
            []
        )[0];

    private static List<LanEvent.HostNameResolved> Resolved(LanSwarm.Host host) =>
        [.. host.Events.Select(each => each.Event).OfType<LanEvent.HostNameResolved>()];

    private static string Text(MulticastDatagram datagram) =>
        System.Text.Encoding.Latin1.GetString(datagram.Payload.Span);
}
