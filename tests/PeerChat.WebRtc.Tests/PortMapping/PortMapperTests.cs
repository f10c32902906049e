using System.Buffers.Binary;
using System.Text;
using PeerChat.WebRtc.PortMapping;
using PeerChat.WebRtc.Tests.Connection;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.PortMapping;

public sealed class PortMapperTests
{
    private static readonly GatheredCandidate Mapped = new(
        IceCandidateType.ServerReflexive,
        FakeGateway.External,
        FakeGateway.Socket
    );

    [Fact]
    public void A_port_by_PCP_becomes_a_candidate_of_the_socket_and_nothing_else_is_asked()
    {
        var world = new FakeGateway { SpeaksPcp = true, SpeaksUpnp = true }.Begin();

        world.Mapper.Candidates.ShouldBe([Mapped]);
        world.Mapper.IsComplete.ShouldBeTrue();
        world.Run(TimeSpan.FromMinutes(5));
        world.Sent.Count.ShouldBe(1);
        world.Mapper.States.Single().Protocol.ShouldBe(PortMappingProtocol.Pcp);
    }

    [Fact]
    public void A_request_of_PCP_is_as_RFC_6887_lays_it_out()
    {
        var request = new FakeGateway().Begin().Pcp.First();

        request.Length.ShouldBe(60);
        Convert
            .ToHexString(request.AsSpan(0, 24))
            .ShouldBe("02010000" + "00001C20" + "00000000000000000000FFFFC0A80102");
        Convert.ToHexString(request.AsSpan(36, 8)).ShouldBe("11000000" + "6C456C45"); // UDP, 27717 inside and outside
    }

    [Fact]
    public void A_port_is_renewed_at_half_of_its_life_with_the_same_nonce_and_given_back_in_the_end()
    {
        var world = new FakeGateway { SpeaksPcp = true, Lifetime = 600 }.Begin();
        world.Run(TimeSpan.FromSeconds(299));
        world.Pcp.Count().ShouldBe(1);
        world.Run(TimeSpan.FromSeconds(1));
        world.Pcp.Count().ShouldBe(2);

        world.Mapper.Close(world.Now);
        world.Pump();

        var requests = world.Pcp.ToList();
        requests.Count.ShouldBe(3);
        requests.Select(one => Convert.ToHexString(one.AsSpan(24, 12))).Distinct().Count().ShouldBe(1);
        BinaryPrimitives.ReadUInt32BigEndian(requests[2].AsSpan(4)).ShouldBe(0u);
        world.Mapper.NextDeadline.ShouldBeNull();
        world.Mapper.Candidates.ShouldBeEmpty();
    }

    [Fact]
    public void A_gateway_that_knows_NAT_PMP_alone_is_asked_by_it()
    {
        var world = new FakeGateway { SpeaksNatPmp = true }.Begin();

        world.Mapper.Candidates.ShouldBe([Mapped]);
        world.Mapper.States.Single().Protocol.ShouldBe(PortMappingProtocol.NatPmp);
        world.Mapper.Close(world.Now);
        world.Pump();
        Convert.ToHexString(world.Sent[^1].Payload.Span).ShouldBe("00010000" + "6C450000" + "00000000");
    }

    [Fact]
    public void Where_neither_answers_UPnP_is_asked_and_its_port_renewed_and_given_back()
    {
        var world = new FakeGateway { SpeaksUpnp = true }.Begin();
        world.Mapper.IsComplete.ShouldBeFalse();
        world.Run(TimeSpan.FromMilliseconds(500));

        world.Mapper.Candidates.ShouldBe([Mapped]);
        world.Mapper.IsComplete.ShouldBeTrue();
        world.Mapper.States.Single().Protocol.ShouldBe(PortMappingProtocol.Upnp);
        world
            .Requests.Select(one => one.Url.AbsolutePath)
            .ShouldBe(["/desc.xml", "/ctl/IPConn", "/ctl/IPConn"]);
        world.Requests[^1].Body.ShouldContain("<NewInternalClient>192.168.1.2</NewInternalClient>");

        world.Run(PortMappingLimits.UpnpRenewal);
        world.Requests.Count.ShouldBe(5);
        world.Mapper.Close(world.Now);
        world.Pump();
        world
            .Requests[^1]
            .Action.ShouldBe("\"urn:schemas-upnp-org:service:WANIPConnection:1#DeletePortMapping\"");
    }

    [Fact]
    public void A_port_that_somebody_else_has_is_not_fought_for()
    {
        var world = new FakeGateway { SpeaksUpnp = true };
        world.AddErrors.Enqueue(718);
        world.Begin().Run(TimeSpan.FromSeconds(1));

        var port = FakeGateway.PortOf(world.Requests[^1]);
        port.ShouldNotBe(FakeGateway.Socket.Port);
        port.ShouldBeGreaterThanOrEqualTo(1024);
        world.Mapper.Candidates.Single().Address.ShouldBe(FakeGateway.External.WithPort(port));
    }

    [Theory]
    [InlineData(PortMappingLimits.MaxPortAttempts - 1, true)]
    [InlineData(PortMappingLimits.MaxPortAttempts, false)]
    public void So_many_ports_are_tried_and_no_more(int conflicts, bool works)
    {
        var world = new FakeGateway { SpeaksUpnp = true };
        Enumerable.Repeat(718, conflicts).ToList().ForEach(world.AddErrors.Enqueue);
        world.Begin().Run(TimeSpan.FromSeconds(3));

        world.Mapper.Candidates.Count.ShouldBe(works ? 1 : 0);
    }

    [Fact]
    public void A_gateway_that_knows_no_leases_gets_a_mapping_without_end()
    {
        var world = new FakeGateway { SpeaksUpnp = true };
        world.AddErrors.Enqueue(725);
        world.Begin().Run(TimeSpan.FromSeconds(1));

        world.Requests[^1].Body.ShouldContain("<NewLeaseDuration>0<");
        world.Mapper.Candidates.ShouldBe([Mapped]);
    }

    [Fact]
    public void A_gateway_that_says_no_is_quoted()
    {
        var world = new FakeGateway { SpeaksPcp = true, PcpResult = 2 }.Begin();
        world.Run(TimeSpan.FromSeconds(5));

        world.Mapper.States.Single().Problem.ShouldBe("does not allow ports to be mapped");
        world.Mapper.Candidates.ShouldBeEmpty();
    }

    [Fact]
    public void A_gateway_that_knows_none_of_it_holds_offers_up_for_a_moment_and_is_asked_again_later()
    {
        var world = new FakeGateway().Begin();
        world.Run(PortMappingLimits.Patience - TimeSpan.FromMilliseconds(1));
        world.Mapper.IsComplete.ShouldBeFalse();
        world.Run(TimeSpan.FromMilliseconds(1));
        world.Mapper.IsComplete.ShouldBeTrue();

        world.Run(TimeSpan.FromMinutes(5));
        world.Pcp.Count().ShouldBe(PortMappingLimits.MaxAttempts);
        world.Sent.Count.ShouldBe(PortMappingLimits.MaxAttempts + 4); // two searches, to two places
        world.Mapper.States.Single().Problem.ShouldContain("neither PCP, NAT-PMP nor UPnP");
        world.SpeaksPcp = true;
        world.Run(TimeSpan.FromMinutes(6));
        world.Mapper.Candidates.ShouldBe([Mapped]);
    }

    [Theory]
    [InlineData("192.168.1.77:5351", "192.168.1.2:27717")] // another machine of the network
    [InlineData("192.168.1.1:5352", "192.168.1.2:27717")] // another service of the gateway
    [InlineData("192.168.1.1:5351", "192.168.1.2:9999")] // to a socket that did not ask
    public void An_answer_from_elsewhere_or_to_another_socket_is_none(string from, string to)
    {
        var world = new FakeGateway().Begin();

        world
            .Mapper.HandleDatagram(
                world.Now,
                Addresses.Of(to),
                Addresses.Of(from),
                world.AnswerPcp(world.Pcp.First())
            )
            .ShouldBeFalse();
        world.Mapper.Candidates.ShouldBeEmpty();
    }

    [Fact]
    public void An_answer_with_another_nonce_is_none()
    {
        var world = new FakeGateway().Begin();
        var answer = world.AnswerPcp(world.Pcp.First());
        answer[24] ^= 1;

        world.Mapper.HandleDatagram(world.Now, FakeGateway.Socket, FakeGateway.Gateway, answer);

        world.Mapper.Candidates.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://192.168.1.77:5000/desc.xml")] // another host
    [InlineData("http://router.example/desc.xml")] // a name, which somebody else may answer for
    [InlineData("https://192.168.1.1/desc.xml")]
    [InlineData("http://user:secret@192.168.1.1/desc.xml")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("http://192.168.1.1@192.168.1.77/")]
    public void A_description_is_fetched_from_the_gateway_alone(string location)
    {
        var world = new FakeGateway { SpeaksUpnp = true, Location = location }.Begin();
        world.Run(TimeSpan.FromSeconds(5));

        world.Requests.ShouldBeEmpty();
        world.Mapper.Candidates.ShouldBeEmpty();
    }

    [Fact]
    public void A_search_answered_by_another_machine_is_not_answered_at_all()
    {
        var world = new FakeGateway { SpeaksUpnp = true, From = Addresses.Of("192.168.1.77:5351") }.Begin();
        world.Run(TimeSpan.FromSeconds(5));

        world.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://192.168.1.77/ctl")]
    [InlineData("http://192.168.1.1.evil.example/ctl")]
    public void Actions_are_posted_to_the_gateway_alone(string control)
    {
        var world = new FakeGateway
        {
            SpeaksUpnp = true,
            Description = FakeGateway.Describe(control),
        }.Begin();
        world.Run(TimeSpan.FromSeconds(5));

        world.Requests.Count.ShouldBe(1);
        world.Mapper.Candidates.ShouldBeEmpty();
    }

    [Fact]
    public void A_redirection_is_no_description()
    {
        var world = new FakeGateway { SpeaksUpnp = true, DescriptionStatus = 302 }.Begin();
        world.Run(TimeSpan.FromSeconds(5));

        world.Requests.Count.ShouldBe(1);
        world.Mapper.States.Single().Problem.ShouldContain("302");
    }

    [Theory]
    [InlineData("<!DOCTYPE root [<!ENTITY a \"aaaaaaaa\">]>")] // what entities grow to, nobody waits for
    [InlineData("<a")]
    [InlineData("\0")]
    public void XML_with_a_DTD_or_that_is_none_is_refused(string before)
    {
        var world = new FakeGateway
        {
            SpeaksUpnp = true,
            Description =
                before
                + FakeGateway
                    .Describe("/ctl")
                    .Replace("<?xml version=\"1.0\"?>", "", StringComparison.Ordinal),
        }.Begin();
        world.Run(TimeSpan.FromSeconds(5));

        world.Requests.Count.ShouldBe(1);
        world.Mapper.States.Single().Problem.ShouldContain("makes no sense");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void XML_up_to_the_limit_is_read(int beyond, bool isRead)
    {
        var text = FakeGateway.Describe("/ctl");
        var filler = PortMappingLimits.MaxHttpBody - Encoding.UTF8.GetByteCount(text) - 7 + beyond;
        text += "<!--" + new string('x', filler) + "-->";

        IgdDescription
            .TryParse(
                Encoding.UTF8.GetBytes(text),
                new Uri("http://192.168.1.1:5000/"),
                FakeGateway.Gateway,
                out _
            )
            .ShouldBe(isRead);
    }

    [Theory]
    [InlineData(PortMappingLimits.MaxXmlDepth - 6, true)]
    [InlineData(PortMappingLimits.MaxXmlDepth + 1, false)]
    public void XML_is_as_deep_as_devices_are_and_no_deeper(int depth, bool isRead)
    {
        var text = new StringBuilder(FakeGateway.Describe("/ctl"));
        var open = string.Concat(Enumerable.Repeat("<d>", depth));
        var close = string.Concat(Enumerable.Repeat("</d>", depth));
        text.Replace("<deviceList>", open + close + "<deviceList>");

        IgdDescription
            .TryParse(
                Encoding.UTF8.GetBytes(text.ToString()),
                new Uri("http://192.168.1.1:5000/"),
                FakeGateway.Gateway,
                out _
            )
            .ShouldBe(isRead);
    }

    [Fact]
    public void A_gateway_that_announces_that_it_began_anew_is_asked_again_at_once()
    {
        var world = new FakeGateway { SpeaksPcp = true }.Begin();
        world.Run(TimeSpan.FromMinutes(5));
        world.Mapper.HandleAnnouncement(world.Now, FakeGateway.Gateway, world.Announcement());
        world.Run(TimeSpan.FromSeconds(20));
        world.Pcp.Count().ShouldBe(1); // its clock goes on: nothing is lost

        world.Epoch = 0;
        world.Mapper.HandleAnnouncement(world.Now, FakeGateway.Gateway, world.Announcement());
        world.Run(TimeSpan.FromSeconds(2));

        world.Pcp.Count().ShouldBe(2);
        world.Mapper.Candidates.ShouldBe([Mapped]);
    }

    [Fact]
    public void Announcements_that_somebody_makes_up_cost_one_request_in_a_while()
    {
        var world = new FakeGateway { SpeaksPcp = true }.Begin();
        for (var i = 0; i < 100; i++)
        {
            var invented = world.Announcement();
            BinaryPrimitives.WriteUInt32BigEndian(invented.AsSpan(8), (uint)(i % 2 * 1_000_000));
            world.Mapper.HandleAnnouncement(world.Now, FakeGateway.Gateway, invented);
            world.Run(TimeSpan.FromMilliseconds(50));
        }

        world.Pcp.Count().ShouldBeLessThanOrEqualTo(2);
        world.Mapper.HandleAnnouncement(world.Now, Addresses.Of("192.168.1.9:5351"), world.Announcement());
        world.Mapper.Candidates.ShouldBe([Mapped]);
    }

    [Fact]
    public void A_mapping_whose_renewal_nobody_answers_lasts_as_long_as_it_was_granted()
    {
        var world = new FakeGateway { SpeaksPcp = true, Lifetime = 600 }.Begin();
        world.SpeaksPcp = false;
        world.Run(TimeSpan.FromSeconds(590));
        world.Mapper.Candidates.ShouldBe([Mapped]);

        world.Run(TimeSpan.FromSeconds(20));
        world.Mapper.Candidates.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1:27717", "127.0.0.2:0")]
    [InlineData("50.60.70.8:27717", "50.60.70.1:0")] // nothing translates a public address
    [InlineData("[fd00::2]:27717", "192.168.1.1:0")]
    public void Sockets_that_no_NAT_is_in_front_of_are_left_alone(string socket, string gateway)
    {
        var world = new FakeGateway();
        world.Mapper.SetSockets([(Addresses.Of(socket), Addresses.Of(gateway))], world.Now);
        world.Pump();
        world.Run(TimeSpan.FromSeconds(5));

        world.Sent.ShouldBeEmpty();
        world.Mapper.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void No_more_sockets_are_mapped_than_the_limit()
    {
        var world = new FakeGateway();
        var sockets = Enumerable
            .Range(2, 10)
            .Select(i => (Addresses.Of($"192.168.1.{i}:5"), FakeGateway.Gateway));
        world.Mapper.SetSockets([.. sockets], world.Now);

        world.Mapper.States.Count().ShouldBe(PortMappingLimits.MaxSockets);
    }

    [Fact]
    public void A_socket_that_is_gone_takes_its_mapping_along()
    {
        var world = new FakeGateway { SpeaksPcp = true }.Begin();
        world.Mapper.SetSockets([], world.Now);
        world.Pump();

        world.Mapper.Candidates.ShouldBeEmpty();
        world.Changes.ShouldBe(2);
    }
}
