using System.Text;
using PeerChat.Rendezvous.PeerServer;
using Shouldly;
using Xunit;

namespace PeerChat.Rendezvous.Tests.Services;

/// <summary>What stock PeerJS pages say through a PeerServer; the frames are of the form that PeerJS 1.5.5 writes.</summary>
public sealed class GuestFrameTests
{
    private const string Offer =
        """{"type":"OFFER","src":"page-1","dst":"alice","payload":{"sdp":{"type":"offer","sdp":"v=0\r\n"},"type":"data","connectionId":"dc_1","metadata":{"name":"zoe"},"label":"dc_1","reliable":true,"serialization":"binary","browser":"chrome"}}""";

    [Fact]
    public void An_offer_names_page_connection_description_serialisation_and_user()
    {
        GuestFrame.TryParse(Offer, out var frame).ShouldBeTrue();
        frame.Offer.ShouldBe(new GuestOffer("page-1", "dc_1", "v=0\r\n", GuestSerialization.Binary, "zoe"));
    }

    [Theory]
    [InlineData("binary-utf8", GuestSerialization.Binary)]
    [InlineData("default", GuestSerialization.Binary)]
    [InlineData("json", GuestSerialization.Json)]
    [InlineData("raw", GuestSerialization.Raw)]
    public void All_serialisations_of_stock_pages_are_known(string name, GuestSerialization serialization)
    {
        GuestFrame
            .TryParse(Offer.Replace("\"binary\"", $"\"{name}\"", StringComparison.Ordinal), out var frame)
            .ShouldBeTrue();
        frame.Offer!.Serialization.ShouldBe(serialization);
    }

    [Theory]
    [InlineData("\"data\"", "\"media\"")]
    [InlineData("\"binary\"", "\"msgpack\"")]
    [InlineData("\"offer\"", "\"answer\"")]
    [InlineData("\"connectionId\":\"dc_1\",", "")]
    [InlineData("\"src\":\"page-1\",", "")]
    [InlineData("\"v=0\\r\\n\"", "5")]
    [InlineData("\"v=0\\r\\n\"", "\"\"")]
    public void An_offer_of_no_use_is_a_frame_without_one(string part, string other)
    {
        GuestFrame
            .TryParse(Offer.Replace(part, other, StringComparison.Ordinal), out var frame)
            .ShouldBeTrue();
        frame.Offer.ShouldBeNull();
    }

    [Theory]
    [InlineData(GuestFrame.MaxSdpLength, true)]
    [InlineData(GuestFrame.MaxSdpLength + 1, false)]
    public void A_description_may_be_so_long_and_no_longer(int length, bool isTaken)
    {
        var text = Offer.Replace("v=0\\r\\n", new string('v', length), StringComparison.Ordinal);
        GuestFrame.TryParse(text, out var frame).ShouldBeTrue();
        (frame.Offer is not null).ShouldBe(isTaken);
    }

    [Fact]
    public void A_candidate_names_its_connection()
    {
        GuestFrame
            .TryParse(
                """{"type":"CANDIDATE","src":"page-1","dst":"alice","payload":{"candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host","sdpMid":"0","sdpMLineIndex":0},"type":"data","connectionId":"dc_1"}}""",
                out var frame
            )
            .ShouldBeTrue();
        (frame.Peer, frame.ConnectionId, frame.CandidateText).ShouldBe(
            ("page-1", "dc_1", "candidate:1 1 udp 1 192.0.2.1 9 typ host")
        );
    }

    [Theory]
    [InlineData("alice", true)]
    [InlineData("alice-2_b", true)]
    [InlineData("", false)]
    [InlineData("zoé", false)]
    [InlineData("a--b", false)]
    [InlineData("a.b", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    public void Names_are_ids_where_the_client_library_takes_them(string name, bool isId) =>
        PeerServerRendezvous.CanBeId(name).ShouldBe(isId);

    [Fact]
    public void What_is_written_is_read_by_pages()
    {
        GuestFrame
            .WriteAnswer("page-1", "dc_1", "v=0\r\n")
            .ShouldBe(
                """{"type":"ANSWER","dst":"page-1","payload":{"sdp":{"type":"answer","sdp":"v=0\r\n"},"type":"data","connectionId":"dc_1"}}"""
            );
        GuestFrame.WriteLeave("page-1").ShouldBe("""{"type":"LEAVE","dst":"page-1"}""");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_text_makes_the_parser_throw(int seed)
    {
        var random = new Random(seed);
        var read = 0;
        for (var i = 0; i < 5000; i++)
        {
            var text = new StringBuilder(Offer);
            for (var j = random.Next(4); j >= 0; j--)
            {
                text[random.Next(text.Length)] = (char)random.Next(0x20, 0xe000);
            }

            read += GuestFrame.TryParse(
                text.ToString(0, random.Next(2) == 0 ? text.Length : random.Next(text.Length)),
                out _
            )
                ? 1
                : 0;
        }

        read.ShouldBeGreaterThan(0);
    }
}
