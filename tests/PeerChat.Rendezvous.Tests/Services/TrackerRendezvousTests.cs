using System.Text;
using System.Text.Json.Nodes;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Services;
using PeerChat.Rendezvous.Trackers;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rendezvous.Tests.Services;

public sealed class TrackerRendezvousTests
{
    private const string Tag = "00112233445566778899aabbccddeeff0011fe33";
    private static readonly string Hash = Encoding.Latin1.GetString(Convert.FromHexString(Tag));
    private static readonly ServiceMeeting Meeting = new(Tag, "", IsDoor: false);

    private readonly TrackerRendezvous _tracker = new(
        new Uri("wss://tracker.example.org/"),
        new SeededEntropy(2)
    );
    private Instant _now = Instant.Origin;

    [Fact]
    public void Announces_a_tag_as_twenty_characters_without_an_offer()
    {
        var socket = Open();
        var said = Said().ShouldHaveSingleItem();
        ((string)said["action"]!).ShouldBe("announce");
        ((string)said["info_hash"]!).ShouldBe(Hash);
        ((string)said["peer_id"]!).Length.ShouldBe(20);
        ((string)said["event"]!).ShouldBe("started");
        said["offers"]!.AsArray().ShouldBeEmpty();
        said.ContainsKey("left").ShouldBeFalse();
        _tracker.State.ShouldBe(ServiceState.Connecting);
        Hear(socket, interval: 120);
        _tracker.State.ShouldBe(ServiceState.Ready);
    }

    [Fact]
    public void An_offer_goes_out_and_is_repeated_until_it_is_answered()
    {
        var socket = Open();
        Hear(socket, 120);
        Said();
        _tracker.Offer(Tag, new byte[] { 1, 2, 3 }, _now);
        var first = Said().ShouldHaveSingleItem()["offers"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)first["offer"]!["type"]!).ShouldBe("offer");
        ((string)first["offer"]!["sdp"]!).ShouldBe("AQID");
        ((string)first["offer_id"]!).Length.ShouldBe(20);

        Run(TimeSpan.FromSeconds(30));
        Said().Count(said => said["offers"]!.AsArray().Count == 1).ShouldBeInRange(2, 3);
        _tracker.Withdraw(Tag, _now);
        Run(TimeSpan.FromMinutes(3));
        Said().ShouldAllBe(said => said["offers"]!.AsArray().Count == 0);
    }

    [Fact]
    public void An_offer_of_somebody_is_answered_to_them()
    {
        var socket = Open();
        Said();
        var (peer, offer) = (new string('p', 20), new string('o', 20));
        _tracker.HandleText(
            socket,
            new JsonObject
            {
                ["action"] = "announce",
                ["info_hash"] = Hash,
                ["peer_id"] = peer,
                ["offer_id"] = offer,
                ["offer"] = new JsonObject { ["type"] = "offer", ["sdp"] = "AQID" },
            }.ToJsonString(),
            _now
        );
        var received = Events().OfType<ServiceEvent.OfferReceived>().Single();
        received.Blob.ToArray().ShouldBe([1, 2, 3]);
        _tracker.Answer(received.From, new byte[] { 9 }, _now);
        var answer = Said().ShouldHaveSingleItem();
        ((string)answer["to_peer_id"]!).ShouldBe(peer);
        ((string)answer["offer_id"]!).ShouldBe(offer);
        ((string)answer["answer"]!["type"]!).ShouldBe("answer");
    }

    [Fact]
    public void Says_stopped_and_hangs_up_when_nobody_is_looked_for()
    {
        var socket = Open();
        Hear(socket, 120);
        Said();
        _tracker.Listen([], _now);
        ((string)Said().ShouldHaveSingleItem()["event"]!).ShouldBe("stopped");
        Run(ServiceLimits.Linger);
        Requests().ShouldContain(new ServiceRequest.Close(socket));
        _tracker.State.ShouldBe(ServiceState.Idle);
        Run(TimeSpan.FromHours(1));
        Requests().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0.001, 30)]
    [InlineData(60, 60)]
    [InlineData(1e9, 120)]
    public void Announces_again_as_the_tracker_says_within_bounds(double interval, int seconds)
    {
        var socket = Open();
        Hear(socket, interval);
        Said();
        Run(TimeSpan.FromSeconds(seconds * 0.74));
        Said().ShouldBeEmpty();
        Run(TimeSpan.FromSeconds(seconds * 0.52));
        Said().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_tracker_that_is_silent_is_left_and_tried_again()
    {
        var socket = Open();
        Run(TrackerRendezvous.Silence);
        _tracker.State.ShouldBe(ServiceState.Failed);
        _tracker.Problem.ShouldContain("does not answer");
        var requests = Requests();
        requests.ShouldContain(new ServiceRequest.Close(socket));
        Run(TimeSpan.FromSeconds(7));
        Requests().OfType<ServiceRequest.Open>().ShouldHaveSingleItem();
    }

    [Fact]
    public void What_the_tracker_refuses_is_told_in_its_words()
    {
        var socket = Open();
        _tracker.HandleText(socket, """{"failure reason":"Invalid request"}""", _now);
        _tracker.Problem.ShouldBe("refuses: Invalid request");
        _tracker.State.ShouldBe(ServiceState.Failed);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("7")]
    [InlineData("{\"info_hash\":\"\\ud800\"}")]
    public void A_tracker_that_goes_on_without_sense_is_left(string text)
    {
        var socket = Open();
        for (var i = 0; i < ServiceLimits.MaxNonsense; i++)
        {
            _tracker.HandleText(socket, text, _now);
        }

        _tracker.State.ShouldBe(ServiceState.Failed);
    }

    [Fact]
    public void A_flood_is_looked_at_in_bounds()
    {
        var socket = Open();
        for (var i = 0; i < 10_000; i++)
        {
            Hear(socket, 120);
        }

        _tracker.Refused.ShouldBeGreaterThan(9_900);
    }

    [Fact]
    public void A_connection_that_breaks_is_made_anew_and_everything_announced_again()
    {
        var socket = Open();
        Hear(socket, 120);
        Said();
        _tracker.HandleClosed(socket, "", _now);
        Run(TimeSpan.FromSeconds(7));
        var again = Requests().OfType<ServiceRequest.Open>().Single().Socket;
        again.ShouldNotBe(socket);
        _tracker.HandleOpened(again, _now);
        ((string)Said().ShouldHaveSingleItem()["event"]!).ShouldBe("started");
    }

    private int Open()
    {
        _tracker.Listen([Meeting], _now);
        var open = Requests().OfType<ServiceRequest.Open>().Single();
        _tracker.HandleOpened(open.Socket, _now);
        return open.Socket;
    }

    private void Hear(int socket, double interval) =>
        _tracker.HandleText(
            socket,
            new JsonObject
            {
                ["action"] = "announce",
                ["info_hash"] = Hash,
                ["interval"] = interval,
            }.ToJsonString(),
            _now
        );

    private void Run(TimeSpan time)
    {
        var end = _now + time;
        while (_tracker.NextDeadline is { } next && next <= end)
        {
            _now = Instant.Max(_now, next);
            _tracker.HandleDeadline(_now);
        }

        _now = end;
    }

    private List<JsonObject> Said() =>
        [.. Requests().OfType<ServiceRequest.Send>().Select(send => JsonNode.Parse(send.Text)!.AsObject())];

    private List<ServiceRequest> Requests()
    {
        var all = new List<ServiceRequest>();
        while (_tracker.TryTakeRequest(out var request))
        {
            all.Add(request);
        }

        return all;
    }

    private List<ServiceEvent> Events()
    {
        var all = new List<ServiceEvent>();
        while (_tracker.TryTakeEvent(out var happened))
        {
            all.Add(happened);
        }

        return all;
    }
}
