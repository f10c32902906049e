using System.Text;
using System.Text.Json;
using PeerChat.Primitives;
using PeerChat.Server.Exchange;
using Shouldly;
using Xunit;

namespace PeerChat.Server.Tests;

/// <summary>The PeerServer's protocol and its limits, in virtual time.</summary>
public sealed class PeerExchangeTests
{
    private readonly PeerExchange _exchange = new(
        "peerjs",
        new ExchangeLimits { MaxConnections = 4, MaxPerAddress = 3 }
    );
    private Instant _now = Instant.Origin + TimeSpan.FromHours(1);

    [Fact]
    public void Says_open_to_who_connects_with_a_free_id()
    {
        Connect(1, "alice");
        Said(1).ShouldBe(["""{"type":"OPEN"}"""]);
        _exchange.Count.ShouldBe(1);
    }

    [Fact]
    public void Hands_an_offer_on_with_the_senders_id_whatever_the_sender_says_of_itself()
    {
        Connect(1, "alice");
        Connect(2, "bob");
        Drain();

        Say(
            1,
            """{"type":"OFFER","src":"mallory","dst":"bob","payload":{"sdp":{"a":[1,2.50,"\u00e9"]}},"more":1}"""
        );

        Said(2)
            .ShouldBe([
                """{"type":"OFFER","src":"alice","dst":"bob","payload":{"sdp":{"a":[1,2.50,"\u00e9"]}}}""",
            ]);
    }

    [Theory]
    [InlineData("OFFER")]
    [InlineData("ANSWER")]
    [InlineData("CANDIDATE")]
    public void Keeps_a_message_for_who_comes_within_five_seconds(string type)
    {
        Connect(1, "alice");
        Say(1, $$"""{"type":"{{type}}","dst":"bob","payload":1}""");
        _now += TimeSpan.FromSeconds(4.9);
        _exchange.HandleDeadline(_now);
        Connect(2, "bob");

        Said(2)
            .ShouldBe([
                """{"type":"OPEN"}""",
                $$"""{"type":"{{type}}","src":"alice","dst":"bob","payload":1}""",
            ]);
        _exchange.WaitingBytes.ShouldBe(0);
    }

    [Fact]
    public void Says_expire_once_for_all_that_nobody_came_for()
    {
        Connect(1, "alice");
        Drain();
        Say(1, """{"type":"OFFER","dst":"bob","payload":1}""");
        Say(1, """{"type":"CANDIDATE","dst":"bob","payload":2}""");
        _now += TimeSpan.FromSeconds(5);
        _exchange.HandleDeadline(_now);

        Said(1).ShouldBe(["""{"type":"EXPIRE","src":"bob","dst":"alice"}"""]);
        Connect(2, "bob");
        Said(2).ShouldBe(["""{"type":"OPEN"}"""]);
        _exchange.WaitingBytes.ShouldBe(0);
    }

    [Fact]
    public void A_leave_for_somebody_absent_does_not_wait()
    {
        Connect(1, "alice");
        Say(1, """{"type":"LEAVE","dst":"bob"}""");
        Connect(2, "bob");
        Said(2).ShouldBe(["""{"type":"OPEN"}"""]);
    }

    [Fact]
    public void A_leave_for_nobody_gives_the_id_up()
    {
        Connect(1, "alice");
        Say(1, """{"type":"LEAVE"}""");
        _exchange.Count.ShouldBe(0);
        Closed(1).ShouldBe(Refusal.None);
    }

    [Fact]
    public void An_id_is_not_given_to_another_token()
    {
        Connect(1, "alice", "token-1");
        Drain();
        Connect(2, "alice", "token-2");
        var actions = Drain();

        Texts(actions, 2).ShouldBe(["""{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}"""]);
        Reason(actions, 2).ShouldBe(Refusal.IdTaken);
        Reason(actions, 1).ShouldBeNull();
        Connect(3, "bob");
        Say(3, """{"type":"OFFER","dst":"alice","payload":1}""");
        Said(1).ShouldHaveSingleItem().ShouldContain("OFFER");
    }

    [Fact]
    public void Who_comes_back_with_the_same_token_is_told_open_and_the_old_connection_closed()
    {
        Connect(1, "alice");
        Drain();
        Connect(2, "alice");
        var actions = Drain();

        Texts(actions, 2).ShouldBe(["""{"type":"OPEN"}"""]);
        Reason(actions, 1).ShouldBe(Refusal.None);
        _exchange.HandleClosed(1); // which must not take the id from the new one
        _exchange.Count.ShouldBe(1);
    }

    [Fact]
    public void An_id_is_free_again_after_ninety_silent_seconds_and_any_message_counts()
    {
        Connect(1, "alice");
        Connect(2, "bob");
        Drain();
        _now += TimeSpan.FromSeconds(60);
        Say(1, """{"type":"HEARTBEAT"}""");
        _now += TimeSpan.FromSeconds(35);
        _exchange.HandleDeadline(_now);

        var actions = Drain();
        Reason(actions, 2).ShouldBe(Refusal.Silent);
        Reason(actions, 1).ShouldBeNull();
        _exchange.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "id", "token")]
    [InlineData("peerjs", null, "token")]
    [InlineData("peerjs", "id", null)]
    [InlineData("peerjs", "", "token")]
    [InlineData("peerjs", "-id", "token")]
    [InlineData("peerjs", "id-", "token")]
    [InlineData("peerjs", "a--b", "token")]
    [InlineData("peerjs", "a/b", "token")]
    [InlineData("peerjs", "é", "token")]
    [InlineData("peerjs", "id", "to ken")]
    public void Refuses_ids_tokens_and_keys_that_are_missing_or_not_of_their_form(
        string? key,
        string? id,
        string? token
    )
    {
        _exchange.HandleConnected(1, new ConnectRequest(key, id, token, "a"), _now);
        var actions = Drain();
        Texts(actions, 1).ShouldHaveSingleItem().ShouldStartWith("""{"type":"ERROR","payload":{"msg":""");
        Reason(actions, 1).ShouldBe(Refusal.Parameters);
        _exchange.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void An_id_has_at_most_64_letters(int length, bool isTaken)
    {
        Connect(1, new string('a', length));
        _exchange.Count.ShouldBe(isTaken ? 1 : 0);
    }

    [Fact]
    public void Refuses_another_key()
    {
        _exchange.HandleConnected(1, new ConnectRequest("other", "id", "token", "a"), _now);
        Closed(1).ShouldBe(Refusal.Key);
    }

    [Fact]
    public void Takes_as_many_ids_as_the_limit_says_and_no_more()
    {
        for (var i = 1; i <= 4; i++)
        {
            Connect(i, $"id{i}", address: $"10.0.0.{i}");
        }

        Drain();
        _exchange.Count.ShouldBe(4);
        Connect(5, "id5", address: "10.0.0.5");
        Closed(5).ShouldBe(Refusal.Full);
        _exchange.HandleClosed(1);
        Connect(6, "id6", address: "10.0.0.6");
        _exchange.Count.ShouldBe(4);
    }

    [Fact]
    public void One_address_holds_as_many_ids_as_its_limit_says()
    {
        for (var i = 1; i <= 3; i++)
        {
            Connect(i, $"id{i}");
        }

        Drain();
        Connect(4, "id4");
        Closed(4).ShouldBe(Refusal.Address);
        Connect(5, "id5", address: "10.0.0.2");
        _exchange.Count.ShouldBe(4);
        _exchange.HandleClosed(1);
        Connect(6, "id6");
        _exchange.Count.ShouldBe(4);
    }

    [Fact]
    public void An_address_that_connects_and_leaves_again_and_again_is_slowed_down()
    {
        var taken = 0;
        for (var i = 1; i <= 200; i++)
        {
            Connect(i, "id");
            taken += _exchange.Count;
            _exchange.HandleClosed(i);
        }

        taken.ShouldBe(3 + (ExchangeLimits.ConnectsPerSecond * ExchangeLimits.BurstSeconds));
        _now += TimeSpan.FromSeconds(1);
        Connect(201, "id");
        _exchange.Count.ShouldBe(1);
    }

    [Fact]
    public void A_burst_is_handed_on_what_is_above_the_rate_is_not_and_who_goes_on_is_closed()
    {
        Connect(1, "alice");
        Connect(2, "bob");
        Drain();
        var burst = ExchangeLimits.UsualMessagesPerSecond * ExchangeLimits.BurstSeconds;
        for (var i = 0; i < burst + 1; i++)
        {
            Say(1, """{"type":"CANDIDATE","dst":"bob","payload":1}""");
        }

        Said(2).Count.ShouldBe(burst);
        for (var i = 1; i < ExchangeLimits.MaxExcess; i++)
        {
            _exchange.Count.ShouldBe(2);
            Say(1, """{"type":"HEARTBEAT"}""");
        }

        Closed(1).ShouldBe(Refusal.Rate);
        _exchange.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"type":"OFFER","dst":"bob"}{""")]
    [InlineData("""{"type":5}""")]
    [InlineData("""{"dst":"bob"}""")]
    [InlineData("""{"type":"SEVENTEEN-LETTERS"}""")]
    [InlineData("""{"type":"OFFER","dst":"a/b"}""")]
    [InlineData("""{"type":"OFFER","dst":"\ud800"}""")]
    [InlineData("""{"type":"OFFER","dst":"bob","payload":{"a":}}""")]
    public void Nonsense_is_not_handed_on_and_too_much_of_it_ends_the_connection(string text)
    {
        Connect(1, "alice");
        Connect(2, "bob");
        Drain();
        for (var i = 1; i <= ExchangeLimits.MaxNonsense; i++)
        {
            _exchange.Count.ShouldBe(2);
            Say(1, text);
        }

        var actions = Drain();
        Texts(actions, 2).ShouldBeEmpty();
        Reason(actions, 1).ShouldBe(Refusal.Nonsense);
        _exchange.Count.ShouldBe(1);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_not_handed_on()
    {
        Connect(1, "alice");
        Connect(2, "bob");
        Drain();
        byte[] text = [.. """{"type":"OFFER","dst":"bob","payload":"_"}"""u8];
        text[Array.IndexOf(text, (byte)'_')] = 0xff;
        _exchange.HandleText(1, text, _now);
        Said(2).ShouldBeEmpty();
        _exchange.Figures.RefusedFor(Refusal.Nonsense).ShouldBe(1);
    }

    [Fact]
    public void A_payload_nested_without_end_is_nonsense()
    {
        Connect(1, "alice");
        Say(1, $$"""{"type":"OFFER","dst":"bob","payload":{{new string('[', 30)}}{{new string(']', 30)}}}""");
        _exchange.Figures.RefusedFor(Refusal.Nonsense).ShouldBe(0);
        Say(1, $$"""{"type":"OFFER","dst":"bob","payload":{{new string('[', 40)}}{{new string(']', 40)}}}""");
        _exchange.Figures.RefusedFor(Refusal.Nonsense).ShouldBe(1);
    }

    [Fact]
    public void Types_that_it_does_not_know_are_dropped_as_peerjs_server_drops_them()
    {
        Connect(1, "alice");
        Connect(2, "bob");
        Drain();
        foreach (var type in new[] { "OPEN", "EXPIRE", "ID-TAKEN", "ERROR", "VIDEO" })
        {
            Say(1, $$"""{"type":"{{type}}","dst":"bob","payload":1}""");
        }

        Drain().ShouldBeEmpty();
    }

    [Fact]
    public void For_an_absent_id_at_most_64_messages_wait()
    {
        Connect(1, "alice");
        for (var i = 0; i < ExchangeLimits.MaxWaitingPerId + 1; i++)
        {
            Say(1, """{"type":"CANDIDATE","dst":"bob","payload":1}""");
        }

        _exchange.Figures.Overflowed.ShouldBe(1);
        Connect(2, "bob");
        Said(2).Count.ShouldBe(1 + ExchangeLimits.MaxWaitingPerId);
    }

    [Fact]
    public void What_waits_for_absent_ids_never_takes_more_than_its_bytes_whatever_ids_are_named()
    {
        var exchange = new PeerExchange("peerjs", new ExchangeLimits { MessagesPerSecond = 100 });
        exchange.HandleConnected(1, new ConnectRequest("peerjs", "alice", "token", "a"), _now);
        var payload = new string('x', 60_000);
        for (var i = 0; i < 400; i++)
        {
            exchange.HandleText(
                1,
                Encoding.UTF8.GetBytes($$"""{"type":"OFFER","dst":"absent{{i}}","payload":"{{payload}}"}"""),
                _now
            );
            exchange.WaitingBytes.ShouldBeLessThanOrEqualTo(ExchangeLimits.MaxWaitingBytes);
        }

        exchange.Figures.Overflowed.ShouldBeGreaterThan(0);
        exchange.HandleDeadline(_now + ExchangeLimits.WaitForAbsent);
        exchange.WaitingBytes.ShouldBe(0);
    }

    [Fact]
    public void A_message_that_is_too_long_ends_the_connection()
    {
        Connect(1, "alice");
        _exchange.HandleTooLong(1);
        Closed(1).ShouldBe(Refusal.TooLong);
        _exchange.Count.ShouldBe(0);
    }

    [Fact]
    public void Has_nothing_to_do_when_nobody_is_there_and_nothing_waits()
    {
        _exchange.NextDeadline.ShouldBeNull();
        Connect(1, "alice");
        _exchange.HandleClosed(1);
        _now += ExchangeLimits.SweepInterval;
        _exchange.HandleDeadline(_now);
        _exchange.NextDeadline.ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_said_it_neither_throws_nor_hands_on_what_is_no_json(int seed)
    {
        var random = new Random(seed);
        var exchange = new PeerExchange("peerjs", new ExchangeLimits { MessagesPerSecond = 10_000 });
        exchange.HandleConnected(1, new ConnectRequest("peerjs", "alice", "token", "a"), _now);
        exchange.HandleConnected(2, new ConnectRequest("peerjs", "bob", "token", "a"), _now);
        var good = Encoding.UTF8.GetBytes(
            """{"type":"OFFER","dst":"bob","payload":{"sdp":"v=0","n":[1,{"a":null}]}}"""
        );
        for (var socket = 3; socket < 3000; socket++)
        {
            var text = good.ToArray();
            for (var i = random.Next(4); i >= 0; i--)
            {
                text[random.Next(text.Length)] = (byte)random.Next(256);
            }

            exchange.HandleText(
                1,
                text.AsMemory(0, random.Next(2) == 0 ? text.Length : random.Next(text.Length)),
                _now
            );
            while (exchange.TryTakeAction(out var action))
            {
                if (action is ExchangeAction.Send send)
                {
                    using var document = JsonDocument.Parse(send.Text);
                    document.RootElement.GetProperty("type").GetString().ShouldNotBeNull();
                }
                else if (action is ExchangeAction.Close { Socket: 1 })
                {
                    exchange.HandleConnected(
                        1,
                        new ConnectRequest("peerjs", "alice", "token", $"{socket}"),
                        _now
                    );
                }
            }
        }

        exchange.Count.ShouldBe(2);
    }

    private void Connect(int socket, string id, string token = "token", string address = "10.0.0.1") =>
        _exchange.HandleConnected(socket, new ConnectRequest("peerjs", id, token, address), _now);

    private void Say(int socket, string text) =>
        _exchange.HandleText(socket, Encoding.UTF8.GetBytes(text), _now);

    private List<string> Said(int socket) => Texts(Drain(), socket);

    private Refusal? Closed(int socket) => Reason(Drain(), socket);

    private static List<string> Texts(List<ExchangeAction> actions, int socket) =>
        [
            .. actions
                .OfType<ExchangeAction.Send>()
                .Where(send => send.Socket == socket)
                .Select(send => Encoding.UTF8.GetString(send.Text)),
        ];

    private static Refusal? Reason(List<ExchangeAction> actions, int socket) =>
        actions.OfType<ExchangeAction.Close>().FirstOrDefault(close => close.Socket == socket)?.Reason;

    private List<ExchangeAction> Drain()
    {
        var actions = new List<ExchangeAction>();
        while (_exchange.TryTakeAction(out var action))
        {
            actions.Add(action);
        }

        return actions;
    }
}
