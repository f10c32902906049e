using PeerChat.Node;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

/// <summary>The screen as one of several faces of a node, in its own process or in another one.</summary>
public sealed class AttachedTests
{
    private const string CtrlBracket = "\u001d";

    private static readonly NodeEvent.OwnerChanged Here = new(true, 1);
    private static readonly NodeEvent.OwnerChanged There = new(false, 4711);

    [Theory]
    [InlineData("/detach\r")]
    [InlineData(CtrlBracket)]
    public void An_attached_screen_detaches_at_once_and_keeps_the_draft(string keys)
    {
        var screen = Samples.WithBob().Tell(There);
        screen.Text.ShouldContain("attached");
        if (keys == CtrlBracket)
        {
            screen.Type("half a thought");
        }

        screen.Type(keys);

        screen.State.ExitCode.ShouldBe(0);
        screen.State.IsOwner.ShouldBeFalse();
        screen.Effects.OfType<AppEffect.HandOver>().ShouldBeEmpty();
        screen
            .Posted.OfType<NodeCommand.SaveDraft>()
            .Select(draft => draft.Text)
            .ShouldBe(keys == CtrlBracket ? ["half a thought"] : []);
    }

    [Theory]
    [InlineData("/detach\r")]
    [InlineData(CtrlBracket)]
    public void An_owner_hands_over_first_and_leaves_when_another_process_runs_the_node(string keys)
    {
        var screen = Samples.WithBob().Tell(Here);

        screen.Type(keys).Type(CtrlBracket);

        screen.Effects.OfType<AppEffect.HandOver>().Count().ShouldBe(1);
        screen.State.ExitCode.ShouldBeNull();
        screen.Text.ShouldContain("Starting a process of its own");
        screen.Tell(new NodeEvent.HandedOver(4711), There);
        screen.State.ExitCode.ShouldBe(0);
        screen.State.IsOwner.ShouldBeFalse();
    }

    [Fact]
    public void An_owner_whose_process_in_the_background_does_not_come_goes_on()
    {
        var screen = Samples.WithBob().Tell(Here).Type("/detach\r");

        screen.Send(new AppMessage.NotHandedOver("It did not come."));

        screen.Text.ShouldContain("It did not come.");
        screen.Type("/detach\r").Effects.OfType<AppEffect.HandOver>().Count().ShouldBe(2);
        screen.Tell(There).State.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void A_second_node_greets_nobody_again_but_says_who_runs_it()
    {
        var screen = new TestScreen();
        screen.Tell(Here, Samples.Ready, new NodeEvent.InStep(false));
        screen.Text.ShouldContain("You are alice~k3d9-0abc");
        screen.Text.ShouldNotContain("runs the node");

        screen.Tell(There, Samples.Ready, new NodeEvent.InStep(false));

        var words = string.Join(' ', screen.Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        words.Split("You are alice").Length.ShouldBe(2, words);
        words.ShouldContain("Process 4711 runs the node");
        words.ShouldNotContain("presence ends with it");
    }

    [Fact]
    public void What_was_loaded_is_loaded_again_only_where_something_may_have_been_missed()
    {
        var screen = Samples.WithBob(messages: 3);
        screen.Tell(new NodeEvent.InStep(false));
        screen.Posted.ShouldBeEmpty("What the first node tells is all there is.");

        screen.Tell(new NodeEvent.InStep(true)).Posted.ShouldBeEmpty();
        screen.Tell(Samples.Ready, Samples.Bob(), new NodeEvent.InStep(false));

        screen.Posted.ShouldBe([new NodeCommand.LoadHistory("@bob", 200)]);
    }

    [Fact]
    public void Undo_takes_back_the_last_answer_or_the_one_named()
    {
        var screen = Samples.WithBob();
        screen.Type("/undo\r").Text.ShouldContain("No request was answered here");
        screen.Tell(Samples.Request("eve", "r1"), Samples.Request("mallory", "r2")).Pause().Type("yn");

        screen.Type("/undo\r");
        var undo = new NodeCommand.UndoAnswer("r2");
        screen.Effects.ShouldContain(new AppEffect.Ask(undo));
        screen.Send(new AppMessage.Answered(undo, new NodeReply.Done())).Text.ShouldContain("taken back");
        screen.Type("/undo\r").Effects.ShouldContain(new AppEffect.Ask(new NodeCommand.UndoAnswer("r1")));
        screen
            .Type("/undo eve\r")
            .Effects.ShouldContain(new AppEffect.Ask(new NodeCommand.UndoAnswer("eve")));
    }

    [Fact]
    public void Requests_are_listed_with_what_became_of_them()
    {
        var screen = Samples.WithBob();
        screen.Type("/requests\r").Effects.ShouldContain(new AppEffect.Ask(new NodeCommand.ListRequests()));

        screen.Send(new AppMessage.Answered(new NodeCommand.ListRequests(), new NodeReply.Requests([])));

        screen.Text.ShouldContain("Nobody asks to chat.");
    }

    [Fact]
    public void A_chat_that_is_removed_goes_and_what_was_being_written_stays()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev")));
        screen.Tell(new NodeEvent.OutboxQuestion("@bob", "bob", "aaaa-1111", 1)).Type("half a thought");

        screen.Tell(new NodeEvent.ChatRemoved("@bob"), new NodeEvent.ChatRemoved("@nobody"));

        screen.State.Find("@bob").ShouldBeNull();
        screen.State.Shown.IsConsole.ShouldBeTrue();
        screen.State.Questions.ShouldBeEmpty();
        screen.Text.ShouldContain("bob is no contact any more");
        screen.State.Shown.Editor.Text.ShouldBe("half a thought");
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev")));
        screen.State.Shown.IsConsole.ShouldBeTrue("Nothing typed for one chat goes to another.");
    }

    [Fact]
    public void A_removed_chat_that_is_not_shown_leaves_the_one_that_is()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("@eve", "eve")));

        screen.Tell(new NodeEvent.ChatRemoved("@eve"));

        screen.State.Current.ShouldBe("@bob");
    }
}
