using System.Net;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.Rendezvous.Lan.Dns;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rendezvous.Tests.Lan;

public sealed class LanRendezvousTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_newcomer_finds_who_is_there_within_300_ms(int seed)
    {
        var swarm = new LanSwarm(seed);
        var alice = swarm.Add("アリス 🐇");
        swarm.Run(TimeSpan.FromMinutes(10));
        var start = swarm.Now;
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromMilliseconds(300));

        var peer = bob.Found.ShouldHaveSingleItem();
        peer.InstanceId.ShouldBe(alice.Id);
        peer.Name.ShouldBe("アリス 🐇");
        peer.PeerId.ShouldBeNull();
        peer.Tags.ShouldHaveSingleItem().ShouldBe(alice.Announcement.Tags[0]);
        peer.Addresses.ShouldBe([alice.Link.Addresses[0].Address]);
        peer.InterfaceIndex.ShouldBe(2);
        alice.Found.ShouldHaveSingleItem().Name.ShouldBe("bob");
        (bob.Events[0].At - start).ShouldBeLessThan(TimeSpan.FromMilliseconds(150));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(400)]
    [InlineData(900)]
    public void Somebody_who_starts_just_after_another_need_not_wait_for_the_second_to_end(int milliseconds)
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        swarm.Run(TimeSpan.FromMilliseconds(milliseconds));
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromMilliseconds(300));

        bob.Found.Select(p => p.InstanceId).ShouldBe([alice.Id]);
        alice.Found.Select(p => p.InstanceId).ShouldBe([bob.Id]);
    }

    [Fact]
    public void On_loopback_the_answer_comes_at_once()
    {
        var swarm = new LanSwarm();
        swarm.Add("alice", loopback: true);
        swarm.Run(TimeSpan.FromMilliseconds(200));
        var bob = swarm.Add("bob", loopback: true);
        swarm.Run(TimeSpan.FromMilliseconds(5));

        bob.Found.ShouldHaveSingleItem().Addresses[0].ToString().ShouldBe("127.0.0.1:40001");
    }

    [Fact]
    public void Nobody_finds_himself_or_answers_his_own_query()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        swarm.Run(TimeSpan.FromSeconds(20));

        alice.Events.ShouldBeEmpty();
        // Three announcements; the rest are queries, which nobody answers.
        swarm.Sent.Count(s => IsResponse(s.Datagram)).ShouldBe(3);
    }

    [Fact]
    public void Announces_three_times_at_0_1_and_3_seconds()
    {
        var swarm = new LanSwarm();
        swarm.Add("alice", browse: false);
        swarm.Run(TimeSpan.FromMinutes(1));

        swarm.Sent.Select(s => (s.At - Instant.Origin).TotalSeconds).ShouldBe([0, 1, 3]);
        Parse(swarm.Sent[0].Datagram).Answers.Count.ShouldBe(5);
    }

    [Fact]
    public void Asks_at_once_then_after_1_2_4_seconds_and_at_last_every_hour()
    {
        var swarm = new LanSwarm();
        swarm.Add(announce: false);
        swarm.Run(TimeSpan.FromHours(5));

        var gaps = swarm
            .Sent.Zip(swarm.Sent.Skip(1), (a, b) => Math.Round((b.At - a.At).TotalSeconds))
            .ToList();
        (swarm.Sent[0].At - Instant.Origin).ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(20));
        gaps[..5].ShouldBe([1, 2, 4, 8, 16]);
        gaps[^1].ShouldBe(3600);
        gaps.Max().ShouldBe(3600);
    }

    [Fact]
    public void Says_goodbye_and_is_lost_a_second_later()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromSeconds(30));

        swarm.Do(alice, m => m.Goodbye(swarm.Now));
        swarm.Run(TimeSpan.FromSeconds(1.1));

        bob.Lost.ShouldBe([alice.Id]);
        alice.Machine.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void Says_goodbye_also_when_a_change_was_not_announced_yet()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromSeconds(5));

        swarm.Do(alice, m => m.Announce(alice.Announcement with { Tags = [new byte[20]] }, swarm.Now));
        swarm.Do(alice, m => m.Announce(alice.Announcement with { Tags = [] }, swarm.Now));
        swarm.Do(alice, m => m.Goodbye(swarm.Now));
        swarm.Run(TimeSpan.FromSeconds(1.1));

        bob.Lost.ShouldBe([alice.Id]);
    }

    [Fact]
    public void Who_withdraws_and_comes_back_under_another_id_is_a_new_peer()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromSeconds(5));

        var other = alice.Announcement with { InstanceId = new string('f', 32) };
        swarm.Do(alice, m => m.Announce(other, swarm.Now));
        swarm.Run(TimeSpan.FromSeconds(5));

        bob.Lost.ShouldBe([alice.Id]);
        bob.Found.Last().InstanceId.ShouldBe(other.InstanceId);
    }

    [Fact]
    public void A_crash_is_noticed_when_the_host_records_run_out()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromSeconds(5));
        alice.IsAlive = false;
        swarm.Run(TimeSpan.FromSeconds(100));
        bob.Lost.ShouldBeEmpty();

        swarm.Run(TimeSpan.FromSeconds(30));
        bob.Lost.ShouldBe([alice.Id]);
    }

    [Fact]
    public void Asks_for_dying_records_at_80_85_90_and_95_per_cent()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromSeconds(5));
        alice.IsAlive = false;
        var since = swarm.Now;
        swarm.Run(TimeSpan.FromSeconds(130));

        var asked = swarm
            .Sent.Where(s =>
                s.From == bob
                && s.At > since
                && Parse(s.Datagram).Questions.Exists(q => q.Type == DnsType.Srv)
            )
            .Select(s => (s.At - since).TotalSeconds)
            .ToList();
        asked.Count.ShouldBe(4);
        // Last heard at about 3 s; 80 % of 120 s and up to 2 % more.
        asked[0].ShouldBeInRange(90, 100);
        asked[3].ShouldBeInRange(108, 118);
    }

    [Fact]
    public void On_a_bad_link_who_is_lost_is_soon_found_again()
    {
        var swarm = new LanSwarm(seed: 7, loss: 0.2);
        var hosts = Enumerable.Range(0, 5).Select(i => swarm.Add($"host {i}")).ToList();
        swarm.Run(TimeSpan.FromHours(3));

        foreach (var host in hosts)
        {
            // At 20 % loss all four refreshes fail now and then; then the search starts anew.
            var present = new HashSet<string>(StringComparer.Ordinal);
            var away = TimeSpan.Zero;
            var since = Instant.Origin;
            foreach (var (at, happened) in host.Events)
            {
                away += present.Count < hosts.Count - 1 ? at - since : TimeSpan.Zero;
                since = at;
                _ = happened switch
                {
                    LanEvent.PeerFound found => present.Add(found.Peer.InstanceId),
                    LanEvent.PeerLost lost => present.Remove(lost.InstanceId),
                    _ => false,
                };
            }

            present.Count.ShouldBe(4);
            away.ShouldBeLessThan(TimeSpan.FromMinutes(2));
        }
    }

    [Fact]
    public void Among_two_hundred_hosts_that_start_together_all_are_found()
    {
        var swarm = new LanSwarm(seed: 3);
        var hosts = Enumerable.Range(0, 200).Select(i => swarm.Add($"host {i}", browse: i % 5 == 0)).ToList();
        swarm.Run(TimeSpan.FromSeconds(2.5));

        foreach (var host in hosts)
        {
            host.Found.Count().ShouldBe(hosts.IndexOf(host) % 5 == 0 ? 199 : 0);
            host.Machine.Drops.ShouldBe(default);
        }

        // No storm: what each sends stays a matter of dozens.
        swarm.Sent.GroupBy(s => s.From).Max(g => g.Count()).ShouldBeLessThan(60);
    }

    [Fact]
    public void No_more_than_eight_hosts_at_once_get_a_reply_of_their_own()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice", browse: false);
        var before = swarm.Sent.Count;
        for (var i = 1; i <= 100; i++)
        {
            var question = new DnsQuestion(ServiceName.PeerChat, DnsType.Ptr, UnicastResponse: true);
            swarm.Inject(alice, Neighbour(i + 1), Query(question));
        }

        swarm.Run(TimeSpan.FromMilliseconds(200));
        swarm.Sent.Skip(before).Count(s => !s.Datagram.IsMulticast).ShouldBe(8);
        swarm.Run(Second);
        swarm.Sent.Skip(before).Count(s => s.Datagram.IsMulticast).ShouldBe(1);
    }

    [Fact]
    public void Those_who_are_known_keep_quiet()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice", browse: false);
        var bob = swarm.Add("bob", announce: false);
        swarm.Run(TimeSpan.FromSeconds(10));
        var before = swarm.Sent.Count(s => s.From == alice);

        swarm.Do(bob, m => m.Requery(swarm.Now));
        swarm.Run(TimeSpan.FromSeconds(3));

        var query = Parse(swarm.Sent.Last(s => s.From == bob).Datagram);
        query.Answers.ShouldHaveSingleItem().Target.ShouldBe(ServiceName.Instance(alice.Id));
        swarm.Sent.Count(s => s.From == alice).ShouldBe(before);
    }

    [Fact]
    public void Many_known_answers_come_in_several_messages_and_still_count()
    {
        var swarm = new LanSwarm(seed: 5);
        for (var i = 0; i < 80; i++)
        {
            swarm.Add(browse: false);
        }

        var bob = swarm.Add(announce: false);
        swarm.Run(TimeSpan.FromSeconds(20));
        bob.Found.Count().ShouldBe(80);
        var since = swarm.Sent.Count;

        swarm.Do(bob, m => m.Requery(swarm.Now));
        swarm.Run(TimeSpan.FromSeconds(0.9));

        var queries = swarm
            .Sent.Skip(since)
            .Where(s => s.From == bob)
            .Select(s => Parse(s.Datagram))
            .ToList();
        queries.Count.ShouldBeGreaterThan(2);
        queries.SkipLast(1).ShouldAllBe(q => q.IsTruncated);
        queries[^1].IsTruncated.ShouldBeFalse();
        swarm.Sent.Skip(since).Count(s => s.From != bob).ShouldBe(0);
    }

    [Fact]
    public void Asking_again_is_limited_to_once_a_second()
    {
        var swarm = new LanSwarm();
        var bob = swarm.Add(announce: false);
        swarm.Run(TimeSpan.FromSeconds(100));
        var before = swarm.Sent.Count;
        for (var i = 0; i < 50; i++)
        {
            swarm.Do(bob, m => m.Requery(swarm.Now));
            swarm.Run(TimeSpan.FromMilliseconds(20));
        }

        (swarm.Sent.Count - before).ShouldBeInRange(1, 2);
    }

    [Fact]
    public void No_record_is_multicast_twice_within_a_second()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice", browse: false);
        var asker = new TransportAddress(IPAddress.Parse("10.0.9.9"), 5353);
        for (var i = 0; i < 100; i++)
        {
            swarm.Inject(alice, asker, Query(new DnsQuestion(ServiceName.PeerChat, DnsType.Ptr)));
            swarm.Run(TimeSpan.FromMilliseconds(50));
        }

        var times = swarm.Sent.Where(s => s.Datagram.IsMulticast).Select(s => s.At).ToList();
        times.Count.ShouldBeGreaterThan(3);
        times.Zip(times.Skip(1), (a, b) => b - a).ShouldAllBe(gap => gap >= Second);
    }

    [Fact]
    public void Answers_for_each_type_alone_and_says_what_a_name_has_not()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice", browse: false);
        swarm.Run(TimeSpan.FromSeconds(10));
        var instance = ServiceName.Instance(alice.Id);
        var host = Parse(swarm.Sent[0].Datagram).Answers.Single(r => r.Type == DnsType.Srv).Target!;

        Ask(instance, DnsType.Txt).ShouldBe([DnsType.Txt]);
        Ask(instance, DnsType.Srv).ShouldBe([DnsType.Srv]);
        Ask(host, DnsType.A).ShouldBe([DnsType.A]);
        Ask(host, DnsType.Aaaa).ShouldBe([DnsType.Nsec]);
        Ask(host, DnsType.Any).ShouldBe([DnsType.A]);
        Ask(ServiceName.AllServices, DnsType.Ptr).ShouldBe([DnsType.Ptr]);
        Ask(DnsName.FromLabels("other", "local"), DnsType.A).ShouldBeEmpty();

        List<DnsType> Ask(DnsName name, DnsType type)
        {
            swarm.Run(TimeSpan.FromSeconds(2));
            var before = swarm.Sent.Count;
            swarm.Inject(
                alice,
                new TransportAddress(IPAddress.Parse("10.0.9.9"), 5353),
                Query(new DnsQuestion(name, type))
            );
            swarm.Run(TimeSpan.FromMilliseconds(type == DnsType.Ptr ? 130 : 0));
            return
            [
                .. swarm.Sent.Skip(before).SelectMany(s => Parse(s.Datagram).Answers).Select(r => r.Type),
            ];
        }
    }

    [Fact]
    public void A_legacy_query_is_answered_to_its_sender_with_id_question_and_short_lives()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice", browse: false);
        swarm.Run(TimeSpan.FromSeconds(10));
        var before = swarm.Sent.Count;
        var asker = new TransportAddress(IPAddress.Parse("10.0.9.9"), 53_530);
        var writer = new DnsMessageWriter();
        writer.TryAdd(new DnsQuestion(ServiceName.PeerChat, DnsType.Ptr));
        swarm.Inject(alice, asker, writer.Finish(flags: 0, id: 0x1234));
        swarm.Run(Second);

        var sent = swarm.Sent.Skip(before).ShouldHaveSingleItem().Datagram;
        sent.Destination.ShouldBe(asker);
        var reply = Parse(sent);
        reply.Id.ShouldBe((ushort)0x1234);
        reply.Questions.ShouldHaveSingleItem().Name.ShouldBe(ServiceName.PeerChat);
        reply.Answers.Concat(reply.Additionals).ShouldAllBe(r => r.Ttl <= 10 && !r.CacheFlush);
        reply.Additionals.Select(r => r.Type).ShouldBe([DnsType.Srv, DnsType.Txt, DnsType.A]);
    }

    [Theory]
    [InlineData("192.168.7.7")]
    [InlineData("8.8.8.8")]
    [InlineData("127.0.0.1")]
    [InlineData("2001:db8::1")]
    public void What_comes_from_off_the_link_is_refused(string source)
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        swarm.Run(TimeSpan.FromSeconds(10));
        var before = swarm.Sent.Count;
        var from = new TransportAddress(IPAddress.Parse(source), 5353);

        swarm.Inject(alice, from, Query(new DnsQuestion(ServiceName.PeerChat, DnsType.Ptr)));
        swarm.Inject(alice, from, Response(new string('a', 32), "10.0.0.77"));
        swarm.Run(Second);

        alice.Machine.Drops.OffLink.ShouldBe(2);
        alice.Events.ShouldBeEmpty();
        swarm.Sent.Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.251")]
    public void A_neighbour_cannot_make_us_send_elsewhere(string address)
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        swarm.Inject(alice, Neighbour(9), Response(new string('a', 32), address));
        swarm.Run(TimeSpan.FromSeconds(30));

        alice.Events.ShouldBeEmpty();
        alice.Machine.Drops.OffLink.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_response_from_another_port_than_5353_is_ignored()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        swarm.Inject(alice, Neighbour(9).WithPort(5354), Response(new string('a', 32), "10.0.0.9"));

        alice.Events.ShouldBeEmpty();
        alice.Machine.Drops.Malformed.ShouldBe(1);
    }

    [Fact]
    public void An_incomplete_neighbour_is_asked_for_the_rest_and_then_forgotten()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice", announce: false);
        swarm.Run(TimeSpan.FromSeconds(10));
        var before = swarm.Sent.Count;
        var writer = new DnsMessageWriter();
        writer.TryAdd(
            DnsSection.Answer,
            DnsRecord.Pointer(ServiceName.PeerChat, ServiceName.Instance(new string('a', 32)), 4500)
        );
        swarm.Inject(alice, Neighbour(9), writer.Finish(DnsMessage.ResponseFlag));
        swarm.Run(TimeSpan.FromSeconds(4));

        var asked = swarm.Sent.Skip(before).Select(s => Parse(s.Datagram)).ToList();
        asked.Count.ShouldBe(3);
        asked[0].Questions.Select(q => q.Type).ShouldBe([DnsType.Txt, DnsType.Srv], ignoreOrder: true);

        swarm.Run(TimeSpan.FromSeconds(3));
        alice.Machine.NextDeadline!.Value.ShouldBeGreaterThan(swarm.Now + TimeSpan.FromSeconds(1));
        alice.Events.ShouldBeEmpty();
    }

    [Fact]
    public void One_neighbour_cannot_fill_the_cache_nor_all_together()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        for (var i = 0; i < 100; i++)
        {
            swarm.Inject(alice, Neighbour(9), Response(Id(i), "10.0.0.9"));
            swarm.Run(TimeSpan.FromMilliseconds(30));
        }

        alice.Found.Count().ShouldBe(LanBrowser.MaxPeersPerSource);
        for (var i = 100; i < 600; i++)
        {
            swarm.Inject(alice, Neighbour(10 + (i % 100)), Response(Id(i), "10.0.0.9"));
        }

        alice.Found.Count().ShouldBe(LanBrowser.MaxPeers);
        alice.Machine.Drops.OverCapacity.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_flood_from_one_sender_is_cut_off_and_others_still_get_through()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice", announce: false);
        for (var i = 0; i < 5000; i++)
        {
            swarm.Inject(alice, Neighbour(9), [1, 2, 3]);
        }

        alice.Machine.Drops.Malformed.ShouldBe(SourceBudget.Burst);
        alice.Machine.Drops.OverBudget.ShouldBe(5000 - SourceBudget.Burst);
        swarm.Inject(alice, Neighbour(10), Response(Id(1), "10.0.0.10"));
        alice.Found.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_flood_from_made_up_senders_is_bounded()
    {
        var budget = new SourceBudget();
        var taken = 0;
        for (var i = 0; i < 5000; i++)
        {
            var source = new TransportAddress(new IPAddress([10, 1, (byte)(i >> 8), (byte)(i & 255)]), 0);
            taken += budget.TryTake(Instant.Origin, source) ? 1 : 0;
        }

        taken.ShouldBe(SourceBudget.MaxSources);
        var late = new TransportAddress(IPAddress.Parse("10.9.9.9"), 0);
        budget.TryTake(Instant.Origin + TimeSpan.FromSeconds(10), late).ShouldBeTrue();
    }

    [Fact]
    public void Contradictory_records_make_at_most_one_event_a_second()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        for (var i = 0; i < 200; i++)
        {
            swarm.Inject(alice, Neighbour(9), Response(Id(1), "10.0.0.9", name: $"name {i}"));
            swarm.Run(TimeSpan.FromMilliseconds(50));
        }

        swarm.Run(TimeSpan.FromSeconds(2));
        alice.Events.Count.ShouldBeInRange(8, 13);
        var last = alice.Events[^1].Event.ShouldBeOfType<LanEvent.PeerChanged>();
        last.Peer.Name.ShouldBe("name 199");
    }

    [Fact]
    public void Somebody_who_claims_our_instance_changes_nothing()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        swarm.Inject(alice, Neighbour(9), Response(alice.Id, "10.0.0.9"));
        swarm.Run(Second);

        alice.Events.ShouldBeEmpty();
    }

    [Fact]
    public void New_tags_reach_the_others_within_a_second()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromSeconds(20));

        var tag = Enumerable.Repeat((byte)0xEE, 20).ToArray();
        swarm.Do(alice, m => m.Announce(alice.Announcement with { Tags = [tag] }, swarm.Now));
        swarm.Run(TimeSpan.FromMilliseconds(100));

        var changed = bob.Events[^1].Event.ShouldBeOfType<LanEvent.PeerChanged>();
        changed.Peer.Tags.ShouldHaveSingleItem().ShouldBe(tag);
        bob.Lost.ShouldBeEmpty();
    }

    [Fact]
    public void A_new_address_replaces_the_old_one()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromSeconds(20));

        var moved = new LanAddress(new TransportAddress(IPAddress.Parse("10.0.5.5"), 40_001), 16);
        swarm.Do(alice, m => m.SetAddresses([alice.Link with { Addresses = [moved] }], swarm.Now));
        swarm.Run(TimeSpan.FromSeconds(3));

        bob.Events[^1].Event.ShouldBeOfType<LanEvent.PeerChanged>().Peer.Addresses.ShouldBe([moved.Address]);
        bob.Lost.ShouldBeEmpty();
    }

    [Fact]
    public void Each_port_gets_a_host_name_of_its_own()
    {
        var machine = new LanRendezvous(new SeededEntropy(1), Instant.Origin);
        LanAddress[] addresses =
        [
            new(new TransportAddress(IPAddress.Parse("10.0.0.1"), 4000), 24),
            new(new TransportAddress(IPAddress.Parse("10.0.0.2"), 4001), 24),
            new(new TransportAddress(IPAddress.Parse("10.0.0.3"), 0), 24),
        ];
        machine.SetAddresses([new LanInterface(2, "eth0", IsLoopback: false, addresses)], Instant.Origin);
        machine.Announce(new LanAnnouncement(Id(1), null, null, []), Instant.Origin);

        machine.TryTakeTransmit(out var datagram).ShouldBeTrue();
        var records = Parse(datagram).Answers;
        var services = records.Where(r => r.Type == DnsType.Srv).ToList();
        services.Select(s => (int)s.Port).ShouldBe([4000, 4001]);
        services
            .Select(s => records.Single(r => r.Type == DnsType.A && r.Name.Equals(s.Target)).Data.Span[3])
            .ShouldBe([(byte)1, (byte)2]);
    }

    [Fact]
    public void One_peer_on_two_interfaces_is_one_peer_with_loopback_first()
    {
        var machine = new LanRendezvous(new SeededEntropy(1), Instant.Origin);
        var lo = new LanInterface(1, "lo", IsLoopback: true, [Own("127.0.0.1", 8)]);
        var eth = new LanInterface(2, "eth0", IsLoopback: false, [Own("10.0.0.1", 16)]);
        machine.SetAddresses([lo, eth], Instant.Origin);
        machine.Browse(on: true, Instant.Origin);

        machine.HandleDatagram(Instant.Origin, 2, Neighbour(9), Response(Id(1), "10.0.0.9"));
        machine.HandleDatagram(
            Instant.Origin,
            1,
            new TransportAddress(IPAddress.Loopback, 5353),
            Response(Id(1), "127.0.0.1")
        );
        machine.HandleDeadline(Instant.Origin + Second);

        machine.TryTakeEvent(out _).ShouldBeTrue();
        machine.TryTakeEvent(out var changed).ShouldBeTrue();
        var peer = changed.ShouldBeOfType<LanEvent.PeerChanged>().Peer;
        peer.Addresses.Select(a => a.ToString()).ShouldBe(["127.0.0.1:4000", "10.0.0.9:4000"]);
        peer.InterfaceIndex.ShouldBe(1);

        machine.SetAddresses([eth], Instant.Origin + TimeSpan.FromSeconds(3));
        machine.TryTakeEvent(out changed).ShouldBeTrue();
        changed.ShouldBeOfType<LanEvent.PeerChanged>().Peer.InterfaceIndex.ShouldBe(2);
    }

    [Fact]
    public void A_link_local_address_gets_the_scope_of_its_interface()
    {
        var machine = new LanRendezvous(new SeededEntropy(1), Instant.Origin);
        var eth = new LanInterface(7, "eth0", IsLoopback: false, [Own("fe80::1", 64)]);
        machine.SetAddresses([eth], Instant.Origin);
        machine.Browse(on: true, Instant.Origin);
        var from = new TransportAddress(IPAddress.Parse("fe80::9"), 5353);
        machine.HandleDatagram(Instant.Origin, 7, from, Response(Id(1), "fe80::9"));

        machine.TryTakeEvent(out var found).ShouldBeTrue();
        var address = found.ShouldBeOfType<LanEvent.PeerFound>().Peer.Addresses.ShouldHaveSingleItem();
        address.ScopeId.ShouldBe(7u);
        machine.HandleDeadline(Instant.Origin + Second);
        machine.TryTakeTransmit(out var query).ShouldBeTrue();
        query.Destination.ShouldBe(MulticastDatagram.Group6);
    }

    [Fact]
    public void Turning_browsing_off_loses_all()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromSeconds(5));
        swarm.Do(bob, m => m.Browse(on: false, swarm.Now));

        bob.Lost.ShouldBe([alice.Id]);
        swarm.Run(TimeSpan.FromMinutes(5));
        bob.Found.Count().ShouldBe(1);
    }

    [Fact]
    public void Refuses_announcements_that_do_not_fit()
    {
        var machine = new LanRendezvous(new SeededEntropy(1), Instant.Origin);
        var good = new LanAnnouncement(Id(1), "alice", "id", []);
        LanAnnouncement[] bad =
        [
            good with
            {
                InstanceId = "alice",
            },
            good with
            {
                Name = "",
            },
            good with
            {
                Name = "a\nb",
            },
            good with
            {
                Name = new string('ß', 65),
            },
            good with
            {
                PeerId = new string('p', 81),
            },
            good with
            {
                Tags = [new byte[19]],
            },
            good with
            {
                Tags = [.. Enumerable.Repeat(new byte[20], 25)],
            },
        ];

        foreach (var each in bad)
        {
            Should.Throw<ArgumentException>(() => machine.Announce(each, Instant.Origin));
        }
    }

    [Fact]
    public void No_garbage_from_the_link_breaks_it()
    {
        var swarm = new LanSwarm();
        var alice = swarm.Add("alice");
        var bob = swarm.Add("bob");
        swarm.Run(TimeSpan.FromSeconds(2));
        var random = new Random(5);
        var real = swarm.Sent.Select(s => s.Datagram.Payload.ToArray()).ToList();
        for (var i = 0; i < 5000; i++)
        {
            var bytes = real[random.Next(real.Count)].ToArray();
            for (var n = random.Next(4); n >= 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            swarm.Inject(alice, Neighbour(random.Next(3, 250)), bytes);
            swarm.Run(TimeSpan.FromMilliseconds(5));
        }

        swarm.Run(TimeSpan.FromMinutes(3));
        alice.Found.ShouldContain(p => p.InstanceId == bob.Id);
        // An inverted loop would stand still in time; a healthy machine sleeps.
        alice.Machine.NextDeadline!.Value.ShouldBeGreaterThan(swarm.Now);
    }

    private static string Id(int i) => i.ToString("x32");

    private static LanAddress Own(string ip, int prefix) =>
        new(new TransportAddress(IPAddress.Parse(ip), 4000), prefix);

    private static TransportAddress Neighbour(int i) => new(IPAddress.Parse($"10.0.0.{i}"), 5353);

    private static bool IsResponse(MulticastDatagram datagram) => Parse(datagram).IsResponse;

    private static DnsMessage Parse(MulticastDatagram datagram)
    {
        DnsMessage.TryParse(datagram.Payload.Span, out var message).ShouldBeTrue();
        return message;
    }

    private static byte[] Query(DnsQuestion question)
    {
        var writer = new DnsMessageWriter();
        writer.TryAdd(question);
        return writer.Finish(flags: 0);
    }

    private static byte[] Response(string id, string address, string? name = null)
    {
        var link = new LanInterface(2, "x", IsLoopback: false, [Own(address, 16)]);
        var records = new LanRecordSet(new LanAnnouncement(id, name, null, []), "h" + id[^10..], link);
        return LanPackets.Responses(records.All, []).Single();
    }
}
