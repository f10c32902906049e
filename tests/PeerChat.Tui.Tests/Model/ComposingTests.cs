using PeerChat.Node;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

public sealed class ComposingTests
{
    private static readonly ChatMessage Own = Samples.Message(
        9,
        "see you at 7",
        "alice",
        state: DeliveryState.Delivered
    );

    private static IEnumerable<NodeCommand> AskedOf(TestScreen screen) =>
        screen.Effects.OfType<AppEffect.Ask>().Select(ask => ask.Command);

    [Fact]
    public void R_answers_the_selected_message_with_what_stands_in_the_input_line()
    {
        var screen = Samples.WithBob(messages: 2).Type("half a").Type("\emr");

        screen.Text.ShouldContain("Answer to bob: message 2");
        screen.Type(" sentence\r");

        AskedOf(screen)
            .ShouldBe([new NodeCommand.SendText("@bob", "half a sentence", null, Samples.Message(2, "").Id)]);
        screen.State.Shown.Editor.Text.ShouldBe("");
        screen.Text.ShouldNotContain("Answer to");
    }

    [Fact]
    public void Esc_leaves_an_answer_and_the_next_line_is_an_ordinary_message()
    {
        var screen = Samples.WithBob(messages: 2).Type("\emr").Type("yes").Type("\e").Type("\r");

        AskedOf(screen).ShouldBeEmpty();
        screen.Posted.OfType<NodeCommand.SendText>().Single().ReplyTo.ShouldBeNull();
    }

    [Fact]
    public void E_changes_ones_own_message_and_the_draft_comes_back()
    {
        var screen = Samples.WithBob().Tell(new NodeEvent.MessageShown(Own)).Type("draft").Type("\eme");

        screen.State.Shown.Editor.Text.ShouldBe("see you at 7");
        screen.Pause().Posted.OfType<NodeCommand.SaveDraft>().ShouldAllBe(save => save.Text == "draft");
        screen.Type("\u007f8\r");

        AskedOf(screen).ShouldBe([new NodeCommand.EditMessage("@bob", Own.Id, "see you at 8")]);
        screen.State.Shown.Editor.Text.ShouldBe("draft");
    }

    [Fact]
    public void A_text_that_was_not_changed_is_not_sent_as_an_edit()
    {
        var screen = Samples.WithBob().Tell(new NodeEvent.MessageShown(Own)).Type("\eme\r");

        AskedOf(screen).ShouldBeEmpty();
        screen.State.Shown.Composing.ShouldBeNull();
    }

    [Fact]
    public void What_the_node_refuses_is_said_and_the_text_is_not_lost()
    {
        var screen = Samples.WithBob().Tell(new NodeEvent.MessageShown(Own)).Type("\eme").Type(" sharp\r");
        var command = AskedOf(screen).Single();

        screen.Send(
            new AppMessage.Answered(command, new NodeReply.Refused(RefusalCode.NoSuchMessage, "It is gone."))
        );

        screen.Text.ShouldContain("It is gone.");
        screen.Type("\e[A").State.Shown.Editor.Text.ShouldBe("see you at 7 sharp");
    }

    [Theory]
    [InlineData("\eme")]
    [InlineData("\emd")]
    public void Messages_of_others_are_neither_changed_nor_recalled(string keys)
    {
        var screen = Samples.WithBob(messages: 1).Type(keys);

        screen.Text.ShouldContain("Somebody else wrote that message");
        screen.State.Question.ShouldBeNull();
        screen.State.Shown.Composing.ShouldBeNull();
    }

    [Fact]
    public void A_digit_reacts_at_once_and_the_same_again_takes_it_back()
    {
        var screen = Samples.WithBob(messages: 1).Type("\ema");

        screen.Text.ShouldContain("React with 1 👍");
        screen.Type("1");
        var id = Samples.Message(1, "").Id;
        AskedOf(screen).ShouldBe([new NodeCommand.React("@bob", id, "👍")]);

        var reacted = Samples.Message(1, "message 1") with
        {
            Reactions = [new ReactionSummary("👍", ["alice", "bob"], IsOwn: true)],
        };
        screen.Tell(new NodeEvent.MessageChanged(reacted)).Text.ShouldContain("message 1 [👍 2]");
        screen.Type("\ema1");
        AskedOf(screen).Last().ShouldBe(new NodeCommand.React("@bob", id, "👍", Remove: true));
    }

    [Fact]
    public void Any_other_reaction_is_typed()
    {
        var screen = Samples.WithBob(messages: 1).Type("\ema").Type("ok1\r");

        AskedOf(screen).ShouldBe([new NodeCommand.React("@bob", Samples.Message(1, "").Id, "ok1")]);
    }

    [Fact]
    public void D_recalls_only_after_a_yes_and_nothing_else_is_typed_meanwhile()
    {
        var screen = Samples.WithBob().Tell(new NodeEvent.MessageShown(Own)).Type("\emd");

        screen.Text.ShouldContain("Recall “see you at 7”?");
        screen.Type("xn");
        AskedOf(screen).ShouldBeEmpty();
        screen.State.Shown.Editor.Text.ShouldBe("");

        screen.Type("\emdy");
        AskedOf(screen).ShouldBe([new NodeCommand.RecallMessage("@bob", Own.Id)]);
    }

    [Fact]
    public void An_answer_shows_what_it_is_to_and_an_edit_that_it_is_one()
    {
        var answer = Samples.Message(3, "yes\u202E!", "bob") with { ReplyTo = Own.Id, IsEdited = true };
        var far = Samples.Message(4, "no", "bob") with { ReplyTo = "0123456789abcdef" };
        var screen = Samples
            .WithBob()
            .Tell(
                new NodeEvent.MessageShown(Own with { Text = "花見に行きませんか、来週の土曜日に" }),
                new NodeEvent.MessageShown(answer),
                new NodeEvent.MessageShown(far)
            );

        screen.Text.ShouldContain("(to alice: 花見に行きませんか、来…)");
        screen.Text.ShouldContain("(edited)");
        screen.Text.ShouldContain("(to 012345) no");
    }

    [Fact]
    public void Nothing_more_is_done_with_a_recalled_message()
    {
        var recalled = Own with { Content = MessageContent.Recalled, Text = "(recalled)" };
        var screen = Samples.WithBob().Tell(new NodeEvent.MessageShown(recalled)).Type("\emr");

        screen.Text.ShouldContain("(recalled)");
        screen.Text.ShouldContain("has been recalled already");
        screen.State.Shown.Composing.ShouldBeNull();
    }

    [Fact]
    public void Details_say_who_read_and_who_reacted()
    {
        var read = Own with
        {
            State = DeliveryState.Read,
            ReadBy = 2,
            Reactions = [new ReactionSummary("🎉", ["bob", "carol"], IsOwn: false)],
        };

        var text = Samples.WithBob().Tell(new NodeEvent.MessageShown(read)).Type("\emi").Text;

        text.ShouldContain("Read by 2 people.");
        text.ShouldContain("🎉  bob, carol");
    }
}
