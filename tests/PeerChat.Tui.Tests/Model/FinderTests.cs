using PeerChat.Node;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

public sealed class FinderTests
{
    private static NodeCommand.SearchMessages Asked(TestScreen screen) =>
        screen
            .Effects.OfType<AppEffect.Ask>()
            .Select(ask => ask.Command)
            .OfType<NodeCommand.SearchMessages>()
            .Last();

    private static TestScreen Answer(TestScreen screen, params ChatMessage[] found) =>
        screen.Send(new AppMessage.Answered(Asked(screen), new NodeReply.SearchResult(found, false)));

    [Fact]
    public void Ctrl_R_searches_all_chats_as_soon_as_the_typing_pauses()
    {
        var screen = Samples.WithBob(messages: 3).Type("\x12").Type("花見");

        screen.Effects.OfType<AppEffect.Ask>().ShouldBeEmpty();
        screen.Pause();
        Asked(screen).ShouldBe(new NodeCommand.SearchMessages("花見", null, Count: Finder.MaxFound));
        screen.Text.ShouldContain("Searching …");

        Answer(screen, Samples.Message(2, "花見に\nwhere?", chat: "#dev"));
        screen.Text.ShouldContain("> 2025-03-03 12:02 #dev bob  花見に where?");
        screen.Text.ShouldContain("Search: 花見");
        screen.Type("\e").State.Finder.ShouldBeNull();
    }

    [Fact]
    public void Enter_shows_the_message_that_was_found_and_letters_are_letters_again()
    {
        var screen = Samples.WithBob(rows: 10, messages: 40).Type("/search message\r");

        Asked(screen).Chat.ShouldBe("@bob");
        Answer(screen, Samples.Message(7, "message 7"), Samples.Message(3, "message 3"));
        screen.Type("\e[B\r");

        screen.Text.ShouldContain("message 3\n");
        var entry = screen.State.Shown.Log.Entries.Find(one => one.Key == screen.State.Found);
        entry!.Message!.Text.ShouldBe("message 3");
        screen.State.Selected.ShouldBeNull();
        screen.Type("o").State.Shown.Editor.Text.ShouldBe("o"); // not: open its link
        screen.State.Found.ShouldBeNull();
        screen.Type("\x12").State.Finder.ShouldNotBeNull();
    }

    [Fact]
    public void Selecting_begins_with_the_message_that_was_found()
    {
        var screen = Samples.WithBob(rows: 10, messages: 40).Type("/search message\r");
        Answer(screen, Samples.Message(3, "message 3"));
        screen.Type("\r").Type("\em");
        var entry = screen.State.Shown.Log.Entries.Find(one => one.Key == screen.State.Selected);
        entry!.Message!.Text.ShouldBe("message 3");
        screen.State.Found.ShouldBeNull();
    }

    [Fact]
    public void What_lies_before_an_old_message_is_read_until_it_is_here()
    {
        var screen = new TestScreen().Tell(Samples.Ready, Samples.Bob(), Samples.History(5000, 200, true));
        _ = screen.Posted;
        screen.Type("\x12").Type("old\r");
        Answer(screen, Samples.Message(2500, "message 2500"));
        screen.Type("\r");

        screen.Posted.OfType<NodeCommand.LoadHistory>().Single().Count.ShouldBe(Turn.JumpPage);
        screen.Tell(Samples.History(3000, 2000, true));
        screen.Posted.OfType<NodeCommand.LoadHistory>().Single().Count.ShouldBe(Turn.JumpPage);
        screen.Tell(Samples.History(1000, 2000, true));

        screen.State.Found.ShouldNotBeNull();
        screen.Text.ShouldContain("message 2500\n");
    }

    [Fact]
    public void A_message_beyond_the_reach_of_the_screen_is_said_to_be()
    {
        var screen = Samples.WithBob(messages: 3).Type("\x12").Type("old\r");
        Answer(screen, Samples.Message(0, "gone", id: "ffffffff"));

        screen.Type("\r").Text.ShouldContain("The message is too far back for the screen");
    }

    [Fact]
    public void An_answer_to_older_words_is_dropped()
    {
        var screen = Samples.WithBob().Type("\x12").Type("one\r");
        var older = Asked(screen);
        screen.Type(" two\r");

        screen.Send(
            new AppMessage.Answered(older, new NodeReply.SearchResult([Samples.Message(1, "one")], false))
        );
        screen.Text.ShouldContain("Searching …");
        Answer(screen).Text.ShouldContain("Nothing was found");
    }

    [Fact]
    public void Tab_changes_between_this_chat_and_all()
    {
        var screen = Samples.WithBob().Type("\x12").Type("word\t");

        screen.Text.ShouldContain("Search in bob: word");
        Asked(screen).Chat.ShouldBe("@bob");
        screen.Type("\t");
        Asked(screen).Chat.ShouldBeNull();
    }

    [Theory]
    [InlineData(40, 10)]
    [InlineData(20, 3)]
    [InlineData(1, 1)]
    public void It_fits_small_screens(int columns, int rows)
    {
        var screen = Samples.WithBob(columns, rows, messages: 3).Type("\x12").Type("花\r");
        Answer(screen, Samples.Message(1, "花見"), Samples.Message(2, "花"));

        screen.Text.Split('\n').ShouldAllBe(row => PeerChat.Terminal.Text.TextWidth.Of(row) <= columns);
    }
}
