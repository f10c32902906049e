using PeerChat.Primitives;
using PeerChat.Rendezvous.PeerServer;
using PeerChat.Rendezvous.Services;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rendezvous.Tests.Services;

public sealed class PeerServerRendezvousTests
{
    private const string Tag = "00112233445566778899aabbccddeeff00112233";
    private const string Other = "ffffffffffffffffffffffffffffffffffffffff";
    private static readonly ServiceMeeting Own = new(Tag, "token", IsDoor: false);
    private static readonly ServiceMeeting Door = new(Tag, "token", IsDoor: true);

    private readonly PeerServerRendezvous _server = new(Address("wss://peers.example.org/"), new SeededEntropy(1));
    private Instant _now = Instant.Origin;

    [Fact]
    public void Nothing_is_contacted_before_there_is_something_to_listen_at()
    {
        _server.NextDeadline.ShouldBeNull();
        Requests().ShouldBeEmpty();
        _server.State.ShouldBe(ServiceState.Idle);
    }

    [Fact]
    public void Registers_the_tag_with_its_token()
    {
        var open = Listen(Own);
        open.Url.AbsoluteUri.ShouldBe(
            $"wss://peers.example.org/peerjs?key=peerjs&id={Tag}&token=token&version=1.5.5"
        );
        _server.HandleOpened(open.Socket, _now);
        _server.HandleText(open.Socket, """{"type":"OPEN"}""", _now);
        _server.State.ShouldBe(ServiceState.Ready);
    }

    [Fact]
    public void A_server_that_says_no_OPEN_to_who_comes_back_counts_as_registered_after_a_second()
    {
        var open = Listen(Own);
        _server.HandleOpened(open.Socket, _now);
        Requests().ShouldBe([new ServiceRequest.Send(open.Socket, PeerServerFrame.Heartbeat)]);
        _server.State.ShouldBe(ServiceState.Connecting);

        Run(PeerServerSocket.SilentOpen);

        _server.State.ShouldBe(ServiceState.Ready);
    }

    [Fact]
    public void Heartbeats_come_before_the_server_forgets()
    {
        var open = Registered(Own);
        var beats = 0;
        for (var i = 0; i < 90; i++)
        {
            Run(TimeSpan.FromSeconds(1));
            beats += Requests().OfType<ServiceRequest.Send>().Count(send => send.Socket == open.Socket);
        }

        beats.ShouldBe(4);
    }

    [Fact]
    public void An_offer_waits_for_the_mailbox_and_goes_out_once()
    {
        _server.Offer(Other, new byte[] { 1, 2, 3 }, _now);
        Run(TimeSpan.Zero);
        var open = Requests().OfType<ServiceRequest.Open>().Single();
        open.Url.Query.ShouldNotContain(Other); // the mailbox is of chance
        _server.HandleOpened(open.Socket, _now);
        _server.HandleText(open.Socket, """{"type":"OPEN"}""", _now);

        Requests()
            .OfType<ServiceRequest.Send>()
            .Last()
            .Text.ShouldBe($$$"""{"type":"OFFER","dst":"{{{Other}}}","payload":{"peerchat":"AQID"}}""");
        _server.HandleText(
            open.Socket,
            $$$"""{"type":"ANSWER","src":"{{{Other}}}","payload":{"peerchat":"BAU="}}""",
            _now
        );
        var answer = Events().OfType<ServiceEvent.AnswerReceived>().Single();
        answer.Tag.ShouldBe(Other);
        answer.Blob.ToArray().ShouldBe([4, 5]);
    }

    [Fact]
    public void The_mailbox_is_given_up_when_nobody_needs_it()
    {
        _server.Offer(Other, new byte[] { 1 }, _now);
        Run(TimeSpan.Zero);
        var open = Requests().OfType<ServiceRequest.Open>().Single();
        _server.HandleOpened(open.Socket, _now);
        Run(ServiceLimits.Linger);
        Requests().ShouldContain(new ServiceRequest.Close(open.Socket));
        _server.State.ShouldBe(ServiceState.Idle);
    }

    [Fact]
    public void An_offer_is_answered_to_where_it_came_from()
    {
        var open = Registered(Own);
        _server.HandleText(
            open.Socket,
            """{"type":"OFFER","src":"someone","payload":{"peerchat":"AQID"}}""",
            _now
        );
        var offer = Events().OfType<ServiceEvent.OfferReceived>().Single();
        _server.Answer(offer.From, new byte[] { 9 }, _now);
        Requests()
            .OfType<ServiceRequest.Send>()
            .Last()
            .Text.ShouldBe("""{"type":"ANSWER","dst":"someone","payload":{"peerchat":"CQ=="}}""");
    }

    [Fact]
    public void EXPIRE_says_that_nobody_is_there()
    {
        _server.Offer(Other, new byte[] { 1 }, _now);
        Run(TimeSpan.Zero);
        var open = Requests().OfType<ServiceRequest.Open>().Single();
        _server.HandleOpened(open.Socket, _now);
        _server.HandleText(open.Socket, """{"type":"OPEN"}""", _now);
        _server.HandleText(open.Socket, $$"""{"type":"EXPIRE","src":"{{Other}}","dst":"me"}""", _now);
        Events().ShouldContain(new ServiceEvent.NobodyThere(Other));
    }

    [Fact]
    public void A_door_that_is_taken_is_somebody_to_offer_to_and_is_tried_again_later()
    {
        var open = Listen(Door);
        _server.HandleOpened(open.Socket, _now);
        _server.HandleText(open.Socket, """{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}""", _now);
        Events().ShouldContain(new ServiceEvent.DoorHeld(Tag));
        _server.Problem.ShouldBeEmpty();
        Requests().ShouldContain(new ServiceRequest.Close(open.Socket));

        Run(PeerServerSocket.DoorWait * 1.25);

        Requests().OfType<ServiceRequest.Open>().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_tag_of_ones_own_that_is_taken_is_a_problem()
    {
        var open = Listen(Own);
        _server.HandleOpened(open.Socket, _now);
        _server.HandleText(open.Socket, """{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}""", _now);
        _server.State.ShouldBe(ServiceState.Failed);
        _server.Problem.ShouldContain("taken");
    }

    [Fact]
    public void What_the_server_refuses_is_told_in_its_words_without_control_characters()
    {
        var open = Listen(Own);
        _server.HandleOpened(open.Socket, _now);
        _server.HandleText(
            open.Socket,
            """{"type":"ERROR","payload":{"msg":"Invalid \u001b[31mkey provided"}}""",
            _now
        );
        _server.Problem.ShouldBe("refuses: Invalid [31mkey provided");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"type\":{}}")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]")]
    public void A_server_that_goes_on_without_sense_is_left(string text)
    {
        var open = Registered(Own);
        for (var i = 0; i < ServiceLimits.MaxNonsense; i++)
        {
            _server.State.ShouldBe(ServiceState.Ready);
            _server.HandleText(open.Socket, text, _now);
        }

        _server.State.ShouldBe(ServiceState.Failed);
        _server.Refused.ShouldBe(ServiceLimits.MaxNonsense);
        Requests().ShouldContain(new ServiceRequest.Close(open.Socket));
    }

    [Fact]
    public void A_flood_is_looked_at_in_bounds()
    {
        var open = Registered(Own);
        for (var i = 0; i < 10_000; i++)
        {
            _server.HandleText(
                open.Socket,
                """{"type":"OFFER","src":"x","payload":{"peerchat":"AQID"}}""",
                _now
            );
        }

        Events().OfType<ServiceEvent.OfferReceived>().Count().ShouldBeLessThanOrEqualTo(MessageBudget.Burst);
        _server.Refused.ShouldBeGreaterThan(9_900);
    }

    [Fact]
    public void Attempts_become_rarer_up_to_five_minutes()
    {
        var open = Listen(Own);
        var times = new List<Instant>();
        while (_now - Instant.Origin < TimeSpan.FromHours(2))
        {
            _server.HandleClosed(open.Socket, "cannot be reached", _now);
            _now = _server.NextDeadline!.Value;
            times.Add(_now);
            _server.HandleDeadline(_now);
            open = Requests().OfType<ServiceRequest.Open>().Single();
        }

        (times[^1] - times[^2]).ShouldBeInRange(TimeSpan.FromMinutes(3.75), TimeSpan.FromMinutes(6.25));
        times.Count.ShouldBeLessThan(50);
    }

    [Theory]
    [InlineData(ServiceLimits.MaxMeetings, ServiceLimits.MaxMeetings)]
    [InlineData(ServiceLimits.MaxMeetings + 1, ServiceLimits.MaxMeetings)]
    public void So_many_tags_are_listened_at_and_no_more(int wanted, int opened)
    {
        _server.Listen([.. Enumerable.Range(0, wanted).Select(i => new ServiceMeeting($"{i:x40}", "t", false))], _now);
        Run(TimeSpan.Zero);
        Requests().OfType<ServiceRequest.Open>().Count().ShouldBe(opened);
    }

    [Theory]
    [InlineData("https://0.peerjs.com", "wss://0.peerjs.com/peerjs?key=peerjs&")]
    [InlineData("ws://[::1]:9000/chat", "ws://[::1]:9000/chat/peerjs?key=peerjs&")]
    [InlineData("wss://h/?key=mine", "wss://h/peerjs?key=mine&")]
    public void Addresses_are_read_as_people_write_them(string text, string begins) =>
        Address(text).SocketOf("a", "b").AbsoluteUri.ShouldStartWith(begins);

    [Theory]
    [InlineData("ftp://h/")]
    [InlineData("wss://user:secret@h/")]
    [InlineData("wss://h/?other=1")]
    [InlineData("wss://h/?key=a&id=b")]
    [InlineData("h")]
    [InlineData("")]
    public void Refuses_what_is_no_address(string text) =>
        PeerServerAddress.TryParse(text, out _).ShouldBeFalse();

    private static PeerServerAddress Address(string text)
    {
        PeerServerAddress.TryParse(text, out var address).ShouldBeTrue();
        return address;
    }

    private ServiceRequest.Open Listen(ServiceMeeting meeting)
    {
        _server.Listen([meeting], _now);
        Run(TimeSpan.Zero);
        return Requests().OfType<ServiceRequest.Open>().Single();
    }

    private ServiceRequest.Open Registered(ServiceMeeting meeting)
    {
        var open = Listen(meeting);
        _server.HandleOpened(open.Socket, _now);
        _server.HandleText(open.Socket, """{"type":"OPEN"}""", _now);
        Requests();
        return open;
    }

    private void Run(TimeSpan time)
    {
        var end = _now + time;
        while (_server.NextDeadline is { } next && next <= end)
        {
            _now = Instant.Max(_now, next);
            _server.HandleDeadline(_now);
        }

        _now = end;
    }

    private List<ServiceRequest> Requests()
    {
        var all = new List<ServiceRequest>();
        while (_server.TryTakeRequest(out var request))
        {
            all.Add(request);
        }

        return all;
    }

    private List<ServiceEvent> Events()
    {
        var all = new List<ServiceEvent>();
        while (_server.TryTakeEvent(out var happened))
        {
            all.Add(happened);
        }

        return all;
    }
}
