using PeerChat.Node;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

public sealed class QuestionTests
{
    private static readonly PeerClaim[] Claims =
    [
        new("bob", "pc1one", "aaaa-1111", "10.0.0.2:27717"),
        new("bob", "pc1two", "bbbb-2222", "10.0.0.3:27717"),
    ];

    [Fact]
    public void Requests_queue_up_and_are_answered_one_by_one()
    {
        var screen = Samples.WithBob();
        screen.Tell(Samples.Request("eve", "r1"), Samples.Request("mallory", "r2"));
        screen.Text.ShouldContain("eve~zzzz-0000 asks to chat. (1 more behind it) [y] accept  [n] decline");

        screen.Type("n");
        screen.Text.ShouldContain("mallory~zzzz-0000 asks to chat. [y]");
        screen.Type("Y");

        screen.Posted.ShouldBe([
            new NodeCommand.AnswerRequest("r1", false),
            new NodeCommand.AnswerRequest("r2", true),
        ]);
        screen.Text.ShouldNotContain("asks to chat");
        screen.Effects.ShouldContain(new AppEffect.Bell());
    }

    [Fact]
    public void The_next_letter_of_a_word_lets_nobody_in()
    {
        var screen = Samples.WithBob();
        screen.Type("h").Type("\x7f").Tell(Samples.Request());

        screen.Type("yes");

        screen.Posted.ShouldBeEmpty();
        screen.State.Shown.Editor.Text.ShouldBe("yes");
        screen.Text.ShouldContain("[Alt-y] accept");
        screen.Type("\ey").Posted.ShouldBe([new NodeCommand.AnswerRequest("r1", true)]);
    }

    [Fact]
    public void After_a_pause_with_an_empty_line_letters_answer()
    {
        var screen = Samples.WithBob();
        screen.Type("h").Type("\x7f").Tell(Samples.Request()).Pause();
        _ = screen.Posted;

        screen.Type("y").Posted.ShouldBe([new NodeCommand.AnswerRequest("r1", true)]);
    }

    [Fact]
    public void Other_letters_go_into_the_line()
    {
        var screen = Samples.WithBob();
        screen.Tell(Samples.Request());

        screen.Type("hy");

        screen.State.Shown.Editor.Text.ShouldBe("hy");
        screen.State.Questions.Count.ShouldBe(1);
    }

    [Fact]
    public void Escape_puts_off_and_the_command_answers_later()
    {
        var screen = Samples.WithBob();
        screen.Tell(Samples.Request());

        screen.Type("\e").Text.ShouldNotContain("asks to chat");
        screen.Type("y").Type("\x7f").Text.ShouldContain("1 asked");
        screen.Type("/accept\r");

        screen.Posted.ShouldBe([new NodeCommand.AnswerRequest("r1", true)]);
    }

    [Fact]
    public void An_accepted_stranger_s_chat_opens_when_nothing_else_is_open()
    {
        var screen = new TestScreen();
        screen.Tell(Samples.Ready, Samples.Request()).Type("y");

        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("@pc1evefull", "eve")));

        screen.State.Current.ShouldBe("@pc1evefull");
    }

    [Fact]
    public void A_request_that_ends_is_not_asked_any_more()
    {
        var screen = Samples.WithBob();
        screen.Tell(Samples.Request(), new NodeEvent.RequestEnded("r1", false));

        screen.Text.ShouldNotContain("asks to chat");
        screen.Type("y").Posted.ShouldBeEmpty();
    }

    [Fact]
    public void A_choice_is_picked_by_digit_or_command()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.ChoiceNeeded("?bob", Claims));
        screen.Text.ShouldContain("[2] bob~bbbb-2222  10.0.0.3:27717");

        screen.Type("9").State.Hint.ShouldBe("There is no such choice.");
        screen.Type("2").Posted.ShouldBe([new NodeCommand.ChoosePeer("?bob", "pc1two")]);
        screen.Tell(new NodeEvent.ChoiceNeeded("?bob", Claims)).Type("/choose 1\r");
        screen.Posted.ShouldBe([new NodeCommand.ChoosePeer("?bob", "pc1one")]);
    }

    [Fact]
    public void A_choice_goes_when_the_name_has_become_a_key()
    {
        var screen = new TestScreen(join: new NodeCommand.JoinPeer("bob"));
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("?bob", "bob", ConnectionState.Searching)));
        screen.Tell(new NodeEvent.ChoiceNeeded("?bob", Claims));

        screen.Tell(new NodeEvent.ChatReplaced("?bob", Samples.Chat("@bob", "bob")));

        screen.State.Questions.ShouldBeEmpty();
    }

    [Fact]
    public void The_other_questions_are_answered_with_y_and_n()
    {
        var screen = Samples.WithBob();
        screen.Tell(
            new NodeEvent.AnnounceQuestion("alice"),
            new NodeEvent.OutboxQuestion("@bob", "bob", "aaaa-1111", 3),
            new NodeEvent.BeyondQuestion("?dave", "dave", ["wss://peers.example.org/"])
        );

        screen.Text.ShouldContain("May the name alice be announced");
        screen.Type("y");
        screen.Text.ShouldContain("3 waiting messages can go to bob~aaaa-1111");
        screen.Type("n");
        screen.Text.ShouldContain("dave is not on this network.");
        screen.Type("y");

        screen.Posted.ShouldBe([
            new NodeCommand.SetAnnounceName(true),
            new NodeCommand.ReleaseOutbox("@bob", false),
            new NodeCommand.LookBeyond("?dave", true),
        ]);
    }

    [Theory]
    [InlineData(20, 100, false)]
    [InlineData(21, 1, true)]
    [InlineData(1, 4096, false)]
    [InlineData(1, 4097, true)]
    public void A_big_paste_asks_first(int lines, int columns, bool asks)
    {
        var screen = Samples.WithBob();
        var text = string.Join('\n', Enumerable.Repeat(new string('x', columns), lines));

        screen.Type($"\e[200~{text}\e[201~");

        (screen.State.Question is Asked.Paste).ShouldBe(asks);
        screen.State.Shown.Editor.Text.ShouldBe(asks ? "" : text);
        if (asks)
        {
            screen.Type("qn").State.Shown.Editor.Text.ShouldBe("");
            screen.Type($"\e[200~{text}\e[201~y").State.Shown.Editor.Text.ShouldBe(text);
        }

        screen.Posted.ShouldBeEmpty();
    }

    [Fact]
    public void What_another_screen_answered_is_not_asked_here_any_more()
    {
        var screen = Samples.WithBob();
        screen.Tell(
            new NodeEvent.AnnounceQuestion("alice"),
            new NodeEvent.OutboxQuestion("@bob", "bob", "aaaa-1111", 3),
            new NodeEvent.OutboxQuestion("@carol", "carol", "cccc-3333", 1),
            new NodeEvent.BeyondQuestion("?dave", "dave", ["wss://peers.example.org/"]),
            new NodeEvent.ChoiceNeeded("?bob", Claims)
        );

        screen.Tell(
            new NodeEvent.AnnounceAnswered(true),
            new NodeEvent.BeyondAnswered("?dave", false),
            new NodeEvent.OutboxAnswered("@bob", false),
            new NodeEvent.ChoiceAnswered("?bob", "pc1two")
        );

        screen
            .State.Questions.ShouldHaveSingleItem()
            .ShouldBeOfType<Asked.Outbox>()
            .Question.Chat.ShouldBe("@carol");
        screen.Posted.ShouldBeEmpty();
    }

    [Fact]
    public void Questions_that_the_next_node_does_not_ask_again_go_and_the_others_stay_as_they_are()
    {
        var screen = Samples.WithBob();
        screen.Tell(
            new NodeEvent.InStep(false),
            Samples.Request("eve", "r1"),
            Samples.Request("mallory", "r2")
        );
        screen.Type("\e"); // eve is put off

        screen.Tell(
            new NodeEvent.OwnerChanged(true, 2),
            Samples.Ready,
            Samples.Bob(),
            Samples.Request("eve", "r1"),
            new NodeEvent.InStep(false)
        );

        var asked = screen.State.Questions.ShouldHaveSingleItem().ShouldBeOfType<Asked.Request>();
        asked.Received.Name.ShouldBe("eve");
        asked.IsPutOff.ShouldBeTrue();
    }
}
