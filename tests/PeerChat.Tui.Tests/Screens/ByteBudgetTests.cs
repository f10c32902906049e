using PeerChat.Tui.Model;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Screens;

/// <summary>What a frame may cost on a slow line.</summary>
public sealed class ByteBudgetTests
{
    [Fact]
    public void A_key_at_the_end_of_the_line_costs_four_bytes_at_most()
    {
        var screen = Samples.WithBob(messages: 50);
        screen.Draw();
        foreach (var key in "hello, this is typed")
        {
            screen.Type(key.ToString()).Draw().ShouldBeLessThanOrEqualTo(4);
        }
    }

    [Theory]
    [InlineData("日")]
    [InlineData("é")]
    [InlineData("e\u0301")]
    [InlineData("👍🏽")]
    [InlineData("👩‍👩‍👧‍👦")]
    public void No_cluster_at_the_end_of_the_line_costs_more_than_twenty_bytes_beside_its_own(string cluster)
    {
        var screen = Samples.WithBob(messages: 50);
        screen.Type("a text ").Draw();

        screen
            .Type(cluster)
            .Draw()
            .ShouldBeLessThanOrEqualTo(20 + System.Text.Encoding.UTF8.GetByteCount(cluster));
    }

    [Fact]
    public void A_key_in_the_middle_of_the_line_costs_the_rest_of_it_and_sixty_bytes_at_most()
    {
        var screen = Samples.WithBob(messages: 50);
        screen.Type("a line of fifty characters, as people write them ..").Draw();
        for (var i = 0; i < 25; i++)
        {
            screen.Type("\e[D").Draw().ShouldBeLessThanOrEqualTo(4);
        }

        foreach (var key in "typed in here")
        {
            screen.Type(key.ToString()).Draw().ShouldBeLessThanOrEqualTo(60);
        }
    }

    [Fact]
    public void A_key_in_the_middle_of_a_plain_line_costs_eight_bytes_at_most()
    {
        var screen = Samples.WithBob(messages: 50);
        screen.Type("a line of fifty characters, as people write them ..").Draw();
        screen.Type(string.Concat(Enumerable.Repeat("\e[D", 25))).Draw();
        foreach (var key in "typed in here\x7f\x7f")
        {
            screen.Type(key.ToString()).Draw().ShouldBeLessThanOrEqualTo(8);
        }
    }

    [Fact]
    public void A_paste_of_five_thousand_lines_costs_five_hundred_bytes_at_most_and_sends_nothing()
    {
        var screen = Samples.WithBob(messages: 50);
        screen.Draw();
        var lines = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"pasted line {i}\n"));

        screen.Type($"\e[200~{lines}\e[201~").Draw().ShouldBeLessThanOrEqualTo(500);

        screen.Posted.ShouldBeEmpty();
        screen.Text.ShouldContain("into the input line?");
    }

    [Fact]
    public void A_burst_of_ten_thousand_lines_in_sixty_frames_costs_a_hundred_kilobytes_at_most()
    {
        var screen = Samples.WithBob(messages: 50);
        var bytes = screen.Draw();
        for (var i = 1; i <= PaneLog.MaxLines; i++)
        {
            screen.Tell(
                Samples.Shown(50 + i, $"line {i} of a burst, as long as people write them, about sixty")
            );
            if (i % (PaneLog.MaxLines / 60) == 0)
            {
                bytes += screen.Draw();
            }
        }

        bytes.ShouldBeLessThanOrEqualTo(100_000);
    }

    [Fact]
    public void An_incoming_line_beside_the_list_costs_900_bytes_at_most_and_without_it_200()
    {
        Incoming(80).ShouldBeLessThanOrEqualTo(900);
        Incoming(69).ShouldBeLessThanOrEqualTo(200);
        Incoming(80, isBare: true).ShouldBeLessThanOrEqualTo(200);
    }

    [Fact]
    public void Page_up_in_ten_thousand_lines_costs_1500_bytes_at_most()
    {
        var screen = Samples.WithBob(messages: 9_999);
        screen.Draw();

        screen.Type("\e[5~").Draw().ShouldBeLessThanOrEqualTo(1500);
        screen.Type("\e[1;3H").Draw().ShouldBeLessThanOrEqualTo(1500);
    }

    [Fact]
    public void The_oldest_of_ten_thousand_lines_that_take_two_rows_costs_1500_bytes_at_most()
    {
        var screen = Samples.WithBob(messages: 1);
        screen.Type("\el");
        for (var i = 2; i < PaneLog.MaxLines; i++)
        {
            var text = $"line {i} of a burst, as long as people write them, about sixty";
            screen.Tell(
                new Node.NodeEvent.MessageShown(
                    Samples.Message(i, text, from: "bob-22016") with
                    {
                        SentAtUnixMilliseconds = Samples.Noon,
                    }
                )
            );
        }

        screen.Draw();
        screen.Type("\e[5~").Draw();

        screen.Type("\e[1;3H").Draw().ShouldBeLessThanOrEqualTo(1500);
    }

    [Fact]
    public void Nothing_is_written_and_nobody_is_woken_while_nothing_happens()
    {
        var screen = Samples.WithBob(messages: 50);
        screen.Type("draft").Pause();
        screen.Draw();
        screen.Effects.Clear();

        screen.Draw().ShouldBe(0);
        screen.Pause().Draw().ShouldBe(0);

        screen.Effects.ShouldBeEmpty();
        screen.Posted.ShouldBe([new Node.NodeCommand.SaveDraft("@bob", "draft")]);
    }

    [Fact]
    public void A_burst_of_ten_thousand_messages_is_absorbed()
    {
        var screen = Samples.WithBob();
        for (var i = 1; i <= PaneLog.MaxLines; i++)
        {
            screen.Tell(Samples.Shown(i, "a line of a burst"));
        }

        screen.Draw().ShouldBeLessThanOrEqualTo(2000);
        screen.Text.ShouldContain("a line of a burst");
    }

    private static int Incoming(int columns, bool isBare = false)
    {
        var screen = Samples.WithBob(columns, messages: 50);
        if (isBare)
        {
            screen.Type("\el");
        }

        screen.Draw();
        return screen.Tell(Samples.Shown(51, "an incoming line of some forty characters")).Draw();
    }
}
