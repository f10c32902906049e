using System.Text;
using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class EventLogTests
{
    [Fact]
    public void Events_are_numbered_from_1_and_read_in_order()
    {
        var log = new EventLog();
        log.TryRead(0, 10, out _).ShouldBeFalse();
        log.Append(Notice("one"));
        log.Append(Notice("two"));

        Batch(log, 0).Select(logged => (logged.Number, Text(logged))).ShouldBe([(1, "one"), (2, "two")]);
        Batch(log, 1).Select(Text).ShouldBe(["two"]);
        Batch(log, 0, max: 1).Select(Text).ShouldBe(["one"]);
        log.TryRead(2, 10, out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_not_durable_yet_is_read_only_by_who_ends_with_the_process()
    {
        var log = new EventLog();
        log.Append(Notice("one"));
        log.AddAhead(Notice("two"));

        Batch(log, 0).Select(Text).ShouldBe(["one"]);
        log.TryRead(1, 10, out _).ShouldBeFalse();
        log.TryRead(1, 10, out var ahead, ahead: true).ShouldBeTrue();
        Text(((LogRead.Batch)ahead).Events[0]).ShouldBe("two");

        log.Release().ShouldBeTrue();
        log.Release().ShouldBeFalse();
        Batch(log, 0).Select(Text).ShouldBe(["one", "two"]);
    }

    [Fact]
    public void What_did_not_become_durable_is_never_read_by_others()
    {
        var log = new EventLog();
        log.Append(Notice("one"));
        log.AddAhead(Notice("lost"));
        log.AddAhead(Notice("lost too"));
        log.Withdraw();
        log.Append(Notice("last"));

        Batch(log, 0).Select(Text).ShouldBe(["one"]);
        Batch(log, 1).Select(logged => (logged.Number, Text(logged))).ShouldBe([(4, "last")]);
        log.TryRead(3, 10, out var ahead, ahead: true).ShouldBeTrue();
        Text(((LogRead.Batch)ahead).Events[0]).ShouldBe("last");
    }

    [Fact]
    public void The_oldest_event_goes_when_there_are_more_than_8192()
    {
        EventLog.MaxEvents.ShouldBe(8_192);
        var log = new EventLog();
        for (var i = 1; i <= EventLog.MaxEvents + 1; i++)
        {
            log.Append(Notice($"{i}"));
        }

        log.Holds(0).ShouldBeFalse();
        log.Holds(1).ShouldBeTrue();
        log.TryRead(0, 10, out var read).ShouldBeTrue();
        read.ShouldBe(new LogRead.Lost(1, 1));
        Text(Batch(log, 1)[0]).ShouldBe("2");
        Text(Batch(log, EventLog.MaxEvents)[0]).ShouldBe($"{EventLog.MaxEvents + 1}");
    }

    [Fact]
    public void The_oldest_events_go_when_they_hold_more_than_16_MiB()
    {
        EventLog.MaxBytes.ShouldBe(16 * 1024 * 1024);
        var log = new EventLog();
        var text = new string('x', 1024 * 1024);
        for (var i = 0; i < 20; i++)
        {
            log.Append(Notice(text));
            log.Bytes.ShouldBeLessThanOrEqualTo(EventLog.MaxBytes);
        }

        log.Holds(20 - 8).ShouldBeFalse(); // two bytes a character, and something for the rest
        log.Holds(20 - 7).ShouldBeTrue();
    }

    [Fact]
    public void The_json_of_an_event_counts_and_can_push_older_events_out()
    {
        var log = new EventLog(maxBytes: 1_100_000);
        log.Append(Notice(new string('x', 200_000)));
        log.Append(Notice(new string('y', 200_000)));
        var before = log.Bytes;
        Batch(log, 1)[0].Json().Length.ShouldBeGreaterThan(200_000);
        log.Bytes.ShouldBe(before + Batch(log, 1)[0].Json().Length);

        Batch(log, 0)[0].Json();
        log.Holds(0).ShouldBeFalse();
        log.Holds(1).ShouldBeTrue();
    }

    [Fact]
    public void The_newest_event_is_kept_however_long_it_is()
    {
        var log = new EventLog(maxBytes: 1_000);
        log.Append(Notice("short"));
        log.Append(Notice(new string('x', 10_000)));

        log.Holds(0).ShouldBeFalse();
        Text(Batch(log, 1).Single()).Length.ShouldBe(10_000);
    }

    [Fact]
    public void However_many_ask_for_the_json_of_an_event_it_is_made_once()
    {
        var log = new EventLog();
        log.Append(Notice("täglich 日本語"));
        var logged = Batch(log, 0).Single();
        var made = new ReadOnlyMemory<byte>[16];
        Parallel.For(0, made.Length, i => made[i] = Batch(log, 0).Single().Json());

        made.ShouldAllBe(json => json.Equals(logged.Json()));
        Encoding
            .UTF8.GetString(made[0].Span)
            .ShouldBe("""{"event":"notice","chat":null,"code":"information","text":"täglich 日本語"}""");
    }

    [Fact]
    public void Whoever_waits_is_woken_by_an_event_and_by_the_end()
    {
        var log = new EventLog();
        var news = log.NewsAsync();
        news.IsCompleted.ShouldBeFalse();
        log.Append(Notice("news"));
        news.IsCompleted.ShouldBeTrue();

        var end = log.NewsAsync();
        log.Complete();
        end.IsCompleted.ShouldBeTrue();
        Batch(log, 0).Count.ShouldBe(1);
        log.TryRead(1, 10, out var read).ShouldBeTrue();
        read.ShouldBeOfType<LogRead.Ended>();
    }

    [Fact]
    public void A_number_that_was_never_given_is_not_held()
    {
        var log = new EventLog();
        log.Append(Notice("one"));
        log.Holds(2).ShouldBeFalse();
        log.Holds(-1).ShouldBeFalse();
        log.Holds(long.MaxValue).ShouldBeFalse();
    }

    private static NodeEvent.Notice Notice(string text) => new(null, NoticeCode.Information, text);

    private static string Text(LoggedEvent logged) => ((NodeEvent.Notice)logged.Event).Text;

    private static IReadOnlyList<LoggedEvent> Batch(EventLog log, long after, int max = 100)
    {
        log.TryRead(after, max, out var read).ShouldBeTrue();
        return read.ShouldBeOfType<LogRead.Batch>().Events;
    }
}
