using PeerChat.Node;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

public sealed class HistoryTests
{
    [Fact]
    public void Messages_stand_by_order_and_id_however_they_come()
    {
        var messages = Enumerable
            .Range(0, 60)
            .Select(i => Samples.Message(i / 2, $"m{i}", id: $"{i:x4}"))
            .ToList();
        var expected = messages.Select(message => message.Id).ToList();
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var log = messages
                .OrderBy(_ => random.Next())
                .Aggregate(PaneLog.Empty, (log, message) => log.Put(message).Put(message));

            log.Entries.Select(entry => entry.Message!.Id).ShouldBe(expected, $"seed {seed}");
        }
    }

    [Fact]
    public void Waiting_texts_stand_last_in_the_order_they_were_written()
    {
        var waiting = Enumerable
            .Range(8, 4)
            .Select(i => Samples.Message(0, $"w{i}", id: $"outbox-{i}") with { Order = ulong.MaxValue });
        var log = waiting.Reverse().Aggregate(PaneLog.Empty, (log, message) => log.Put(message));

        log = log.Put(Samples.Message(7, "entry")).Say("said");

        log.Entries.Select(entry => entry.Message?.Text ?? entry.Sentence)
            .ShouldBe(["entry", "said", "w8", "w9", "w10", "w11"]);
    }

    [Fact]
    public void The_programs_lines_come_behind_the_history_that_loads_later()
    {
        var screen = new TestScreen();
        screen.Tell(
            Samples.Bob(),
            new NodeEvent.Notice("@bob", NoticeCode.PeerJoined, "bob came"),
            Samples.Shown(30, "live"),
            Samples.History(1, 3, hasOlder: false)
        );

        screen
            .State.Shown.Log.Entries.Select(entry => entry.Message?.Text ?? entry.Sentence)
            .ShouldBe(["message 1", "message 2", "message 3", "live", "bob came"]);
    }

    [Fact]
    public void Delivery_moves_on_in_one_cell_and_says_so_without_colour()
    {
        var screen = Samples.WithBob();
        screen.Tell(
            new NodeEvent.MessageShown(Samples.Message(1, "mine", "alice", state: DeliveryState.Queued))
        );
        screen.Text.ShouldContain("│… ");

        screen.Tell(new NodeEvent.MessageStateChanged("@bob", "00000001", DeliveryState.Sent, 0));
        screen.Text.ShouldContain("│> ");
        screen.Tell(new NodeEvent.MessageStateChanged("@bob", "00000001", DeliveryState.Delivered, 1));

        screen.Draw().ShouldBeLessThan(24);
        screen.Text.ShouldContain("│+ ");
    }

    [Theory]
    [InlineData(DeliveryState.Queued, "…", "It waits here until somebody of the chat is met.")]
    [InlineData(DeliveryState.Sent, ">", "Another device has it in hand;")]
    [InlineData(DeliveryState.Delivered, "+", "Stored by 2 other devices.")]
    [InlineData(DeliveryState.Read, "*", "Read by 1 person.")]
    public void Every_state_of_an_own_message_has_its_mark_and_its_words(
        DeliveryState state,
        string mark,
        string words
    )
    {
        var screen = Samples.WithBob(columns: 160);
        var message = Samples.Message(1, "mine", "alice", state: state) with { DeliveredTo = 2, ReadBy = 1 };
        screen.Tell(new NodeEvent.MessageShown(message));

        screen.Text.ShouldContain($"│{mark} 2025-03-03 12:01 alice  mine");
        screen.Type("\emi").Text.ShouldContain(words);
    }

    [Fact]
    public void A_hidden_message_goes()
    {
        var screen = Samples.WithBob(messages: 3);

        screen.Tell(new NodeEvent.MessageHidden("@bob", "00000002"));

        screen.Text.ShouldNotContain("message 2");
        screen.State.Shown.Log.Entries.Count.ShouldBe(2);
    }

    [Fact]
    public void Older_pages_are_asked_for_at_the_top_once_and_the_view_stays()
    {
        var screen = new TestScreen();
        screen.Tell(Samples.Ready, Samples.Bob(), Samples.History(201, 200, hasOlder: true));
        _ = screen.Posted;

        screen.Type("\e[1;3H");
        screen.Posted.ShouldBe([new NodeCommand.LoadHistory("@bob", 200, $"{201:x8}")]);
        screen.Type("\e[5~").Posted.ShouldBeEmpty();
        var before = screen.Text.Split('\n')[0];
        before.ShouldContain("message 201");
        screen.Tell(Samples.History(1, 200, hasOlder: false));

        screen.Text.Split('\n')[0].ShouldContain("message 201");
        screen.Type("\e[1;3H").Text.ShouldContain("message 1");
        screen.Posted.ShouldBeEmpty();
    }

    [Fact]
    public void Scrolled_up_the_view_stays_and_newer_lines_are_counted_until_End()
    {
        var screen = Samples.WithBob(messages: 100);
        screen.Type("\e[5~");
        var before = screen.Text.Split('\n')[0];

        screen.Tell(Samples.Shown(500, "newest"));

        screen.Text.Split('\n')[0].ShouldBe(before);
        screen.Text.ShouldContain("22 newer");
        screen.Text.ShouldNotContain("newest");
        screen.Type("\e[F").Text.ShouldContain("newest");
        screen.Text.ShouldNotContain("newer\n");
    }

    [Fact]
    public void Page_down_reads_on_to_the_end()
    {
        var screen = Samples.WithBob(messages: 100);
        var atEnd = screen.Text;
        var oneUp = screen.Type("\e[5~").Text;
        screen.Type("\e[5~").Text.ShouldNotBe(oneUp);

        screen.Type("\e[6~").Text.ShouldBe(oneUp);
        screen.Type("\e[6~").Text.ShouldBe(atEnd);
        screen.State.Shown.Scroll.IsAtEnd.ShouldBeTrue();
    }

    [Fact]
    public void The_place_that_is_read_stays_whatever_the_size()
    {
        var screen = Samples.WithBob(messages: 100).Type("\e[5~\e[5~");
        var before = screen.Text;

        screen.Resize(40, 10).Text.Split('\n')[0].ShouldBe(before.Split('\n')[0].Split('│')[1]);
        _ = screen.Resize(1, 1).Text;

        screen.Resize(80, 24).Text.ShouldBe(before);
    }

    [Fact]
    public void Sending_goes_back_to_the_end()
    {
        var screen = Samples.WithBob(messages: 100);

        screen.Type("\e[5~answer\r");

        screen.State.Shown.Scroll.IsAtEnd.ShouldBeTrue();
    }

    [Fact]
    public void History_that_became_readable_is_loaded_again_as_far_as_it_was_shown()
    {
        var screen = Samples.WithBob(messages: 300);

        screen.Tell(new NodeEvent.HistoryChanged("@bob"));

        screen.Posted.ShouldBe([new NodeCommand.LoadHistory("@bob", 300)]);
    }

    [Fact]
    public void Memory_is_bounded_and_what_was_dropped_can_be_read_again()
    {
        var log = PaneLog.Empty;
        for (var i = 0; i < PaneLog.MaxLines; i++)
        {
            log = log.Put(Samples.Message(i, "x"));
        }

        var screen = Samples.WithBob();
        for (var i = 0; i < PaneLog.MaxLines + 10; i++)
        {
            screen.Tell(Samples.Shown(i, "x"));
        }

        screen.State.Shown.Log.Entries.Count.ShouldBe(PaneLog.MaxLines);
        screen.State.Shown.HasOlder.ShouldBeTrue();
        screen.State.Shown.Log.Oldest!.Order.ShouldBe(10ul);
        log.Trimmed().ShouldBeSameAs(log);
    }

    [Fact]
    public void Memory_is_bounded_too_while_one_reads_further_up_and_what_one_reads_stays()
    {
        var screen = Samples.WithBob();
        for (var i = 0; i < 100; i++)
        {
            screen.Tell(Samples.Shown(i, $"line {i}"));
        }

        screen.Type("\e[5~");
        var before = screen.Text.Split('\n')[0];
        for (var i = 100; i < PaneLog.MaxLinesReading + 20; i++)
        {
            screen.Tell(Samples.Shown(i, "x"));
        }

        screen.State.Shown.Log.Entries.Count.ShouldBe(PaneLog.MaxLinesReading);
        screen.State.Shown.HasOlder.ShouldBeTrue();
        screen.Text.Split('\n')[0].ShouldBe(before);

        for (var i = 0; i < 200; i++)
        {
            screen.Tell(Samples.Shown(PaneLog.MaxLinesReading + 20 + i, $"late {i}"));
        }

        // What one reads was among the oldest: then one reads what follows it, not the end
        screen.State.Shown.Log.Entries.Count.ShouldBe(PaneLog.MaxLinesReading);
        screen.State.Shown.Scroll.IsAtEnd.ShouldBeFalse();
        screen.Text.ShouldNotContain("late");
        screen.Type("\e[F").Tell(Samples.Shown(PaneLog.MaxLinesReading + 500, "newest"));
        screen.State.Shown.Log.Entries.Count.ShouldBe(PaneLog.MaxLines);
        screen.Text.ShouldContain("newest");
    }
}
