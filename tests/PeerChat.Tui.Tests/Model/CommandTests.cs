using PeerChat.Node;
using PeerChat.Terminal.Input;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

public sealed class CommandTests
{
    [Fact]
    public void Joining_posts_the_join_and_opens_the_chat_when_it_comes()
    {
        var screen = Samples.WithBob();

        screen.Type("/join carol 10.0.0.9\r/room #dev\r");
        screen.Posted.ShouldBe([
            new NodeCommand.JoinPeer("carol", "10.0.0.9"),
            new NodeCommand.JoinRoom("dev"),
        ]);
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev")));

        screen.State.Current.ShouldBe("#dev");
    }

    [Fact]
    public void Joining_somebody_whose_chat_is_there_shows_it()
    {
        var screen = Samples.WithBob();
        screen.Type("\e0/join BOB\r").State.Current.ShouldBe("@bob");
    }

    [Theory]
    [InlineData("/join")]
    [InlineData("/join a b c")]
    [InlineData("/chat x y")]
    [InlineData("/quit now")]
    [InlineData("/choose")]
    public void A_command_of_another_form_says_how_it_is_used(string line)
    {
        var screen = Samples.WithBob();

        screen.Type(line + "\r");

        screen.Posted.ShouldBeEmpty();
        screen.Text.ShouldContain("It is used so: " + line.Split(' ')[0]);
        screen.State.ExitCode.ShouldBeNull();
    }

    [Theory]
    [InlineData("/verify", "@bob", null, false)]
    [InlineData("/verify 12345 67890", "@bob", "12345 67890", false)]
    [InlineData("/verify undo", "@bob", null, true)]
    [InlineData("/verify carol", "carol", null, false)]
    [InlineData("/verify carol 12345 67890", "carol", "12345 67890", false)]
    [InlineData("/verify carol undo", "carol", null, true)]
    public void A_safety_number_is_asked_for_or_compared(string line, string who, string? number, bool undo)
    {
        var screen = Samples.WithBob();
        screen.Effects.Clear();

        screen.Type(line + "\r");

        screen
            .Effects.OfType<AppEffect.Ask>()
            .Select(ask => ask.Command)
            .ShouldBe([new NodeCommand.VerifyPeer(who, number, undo)]);
    }

    [Fact]
    public void A_safety_number_is_shown_with_what_to_do_and_says_when_it_was_compared()
    {
        const string Number = "11111 22222 33333 44444 55555 66666 77777 88888 99999 00000 12345 67890";
        var screen = Samples.WithBob(80, 24).Type("/verify\r");
        var asked = new NodeCommand.VerifyPeer("@bob");

        screen.Send(
            new AppMessage.Answered(asked, new NodeReply.Safety("pc1bob", "bob", Number, TrustState.Pinned))
        );
        screen.Text.ShouldContain("Safety number of you and bob:");
        screen.Text.ShouldContain("55555 66666 77777 88888");
        screen.Text.ShouldContain("nobody sits between you");
        screen.Send(
            new AppMessage.Answered(asked, new NodeReply.Safety("pc1bob", "bob", Number, TrustState.Verified))
        );
        screen.Text.ShouldContain("bob is verified");
    }

    [Fact]
    public void Help_shows_every_command_of_the_table()
    {
        var screen = Samples.WithBob(200, 400);

        screen.Type("/help\r");

        foreach (var command in SlashCommands.OfScreen)
        {
            screen.Text.ShouldContain(command.Name);
            screen.Text.ShouldContain(command.Help);
        }
    }

    [Fact]
    public void The_help_opens_at_its_beginning_and_Esc_goes_back_to_what_was_read()
    {
        var screen = Samples.WithBob(messages: 300).Type("\e[5~");
        var before = screen.Text;

        screen.Type("/help\r");

        screen.Text.Split('\n')[0].ShouldContain("Commands; Tab completes them");
        screen.State.Hint.ShouldBe("PgDn reads on, Esc leaves the help.");
        screen.Type("\e[6~").Text.ShouldContain("Esc leaves the help");
        screen.Type("\e[1;3F").Text.ShouldContain("   !3  ");
        screen.Type("\e").Text.ShouldBe(before);
    }

    [Theory]
    [InlineData("and on\r")]
    [InlineData("/chats\r")]
    [InlineData("\e0\e1")]
    public void The_help_goes_with_the_next_line_and_with_another_chat(string typed)
    {
        var screen = Samples.WithBob(messages: 5).Type("/help\r");
        screen.State.Shown.Log.Entries.ShouldContain(entry => entry.Help != null);

        screen.Type(typed);

        screen.State.Find("@bob")!.Log.Entries.ShouldAllBe(entry => entry.Help == null);
        screen.State.Shown.Scroll.IsAtEnd.ShouldBeTrue();
    }

    [Fact]
    public void What_is_typed_below_the_help_is_no_key_of_it()
    {
        var screen = Samples.WithBob(messages: 5).Type("/help\r");

        screen.Type("/ret");

        screen.State.Shown.Editor.Text.ShouldBe("/ret");
        screen.Text.ShouldContain("/chats");
    }

    [Fact]
    public void Help_twice_is_there_once()
    {
        var screen = Samples.WithBob(messages: 5).Type("/help\r").Type("/help\r");

        screen.State.Shown.Log.Entries.Count(entry => entry.Help?.Term == "/chats").ShouldBe(1);
        screen.Type("\e");
        screen.State.Shown.Log.Entries.ShouldAllBe(entry => entry.Help == null);
    }

    [Theory]
    [InlineData("/help export", "write this chat to a file")]
    [InlineData("/help /yes", "answer yes")]
    [InlineData("/help keys", "undo what was written or deleted last")]
    public void Help_about_one_thing_says_that_alone(string line, string text)
    {
        var screen = Samples.WithBob(200, 60).Type(line + "\r");

        screen.Text.ShouldContain(text);
        screen.Text.ShouldNotContain("take your message back");
    }

    [Theory]
    [InlineData("/help exprt", "There is no command exprt. Did you mean /export?")]
    [InlineData("/help something", "There is no command something. /help lists them.")]
    [InlineData("/hlep", "There is no command /hlep; did you mean /help? Nothing was sent")]
    [InlineData(
        "/home/alice/notes",
        "There is no command /home/alice/notes; /help lists them. Nothing was sent"
    )]
    public void A_command_that_is_not_one_has_its_neighbour_named(string line, string sentence)
    {
        var screen = Samples.WithBob(columns: 150).Type(line + "\r");

        screen.Text.ReplaceLineEndings(" ").ShouldContain(sentence);
    }

    [Fact]
    public void What_the_node_refuses_names_the_commands_of_the_chat()
    {
        var screen = Samples.WithBob();

        screen.Send(
            new AppMessage.Answered(
                new NodeCommand.GetFile("@bob", "7"),
                new NodeReply.Refused(
                    RefusalCode.NoSuchFile,
                    "7 is no file of bob; 'peerchat file list' shows them."
                )
            )
        );

        screen.Text.ShouldContain("7 is no file of bob; /files shows them.");
    }

    [Theory]
    [InlineData(80, "-- Chatting\n   /accept                 answer yes, also /yes\n")]
    [InlineData(40, "-- Chatting\n   /accept\n      answer yes, also /yes\n")]
    public void The_help_stands_in_two_columns_where_there_is_room_for_them(int columns, string text)
    {
        var screen = Samples.WithBob(columns, 200).Type("/help\r").Type("\el");

        string.Join('\n', screen.Text.Split('\n').Select(row => row.TrimEnd())).ShouldContain(text);
    }

    [Theory]
    [InlineData("/chats")]
    [InlineData("/nothing")]
    [InlineData("/edit")]
    [InlineData("/status")] // which the node answers
    public void Who_reads_further_up_sees_what_a_command_says(string line)
    {
        var screen = Samples.WithBob(messages: 300).Type("\e[5~");
        screen.State.Shown.Scroll.IsAtEnd.ShouldBeFalse();

        screen.Type(line + "\r");

        screen.State.Shown.Scroll.IsAtEnd.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/theme dark")]
    [InlineData("/redraw")]
    [InlineData("/bare")]
    public void And_stays_there_where_it_says_nothing(string line)
    {
        var screen = Samples.WithBob(messages: 300).Type("\e[5~");

        screen.Type(line + "\r");

        screen.State.Shown.Scroll.IsAtEnd.ShouldBeFalse();
    }

    [Fact]
    public void Help_that_fits_the_screen_needs_no_scrolling()
    {
        var screen = Samples.WithBob(columns: 300, rows: 160);

        screen.Type("/help\r");

        screen.State.Shown.Scroll.IsAtEnd.ShouldBeTrue();
        screen.State.Hint.ShouldBeNull();
        screen.Text.ShouldContain("Commands; Tab completes them");
        screen.Text.ShouldContain("Esc leaves the help");
    }

    [Fact]
    public void Without_a_network_the_status_line_says_so_until_there_is_one()
    {
        var screen = new TestScreen();
        screen.Tell(Samples.Ready with { Interfaces = [] });
        screen.Text.ShouldContain("You are alice~k3d9-0abc. /help lists the commands.");
        screen.Text.ShouldContain("no network");

        screen.Tell(new NodeEvent.Notice(null, NoticeCode.NetworkUp, "The network is up: eth0."));

        screen.Text.ShouldNotContain("no network");
        screen.Text.ShouldContain("The network is up: eth0.");
        screen
            .Tell(new NodeEvent.Notice(null, NoticeCode.NoNetwork, "None."))
            .Text.ShouldContain("no network");
    }

    [Fact]
    public void Tab_completes_a_command_or_lists_what_fits()
    {
        var screen = Samples.WithBob();

        screen.Type("/he\t").State.Shown.Editor.Text.ShouldBe("/help ");
        screen.Type("\x15/ch\t").State.Hint.ShouldBe("/choose  /chats  /chat");
        screen.State.Shown.Editor.Text.ShouldBe("/ch");
        screen.Type("a\t").State.Shown.Editor.Text.ShouldBe("/chat");
        screen.Type("\x15no command\t").State.Shown.Editor.Text.ShouldBe("no command");
    }

    [Fact]
    public void Ctrl_C_clears_then_asks_then_quits()
    {
        var screen = Samples.WithBob();

        screen.Type("text\x03").State.Shown.Editor.Text.ShouldBe("");
        screen.Type("\x1f").State.Shown.Editor.Text.ShouldBe("text");
        screen.Type("\x03\x03").State.ExitCode.ShouldBeNull();
        screen.Text.ShouldContain("Ctrl-C again ends PeerChat");
        screen.Type("a\x7f\x03").State.ExitCode.ShouldBeNull();
        screen.Type("\x03").State.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Ctrl_D_quits_on_an_empty_line_only()
    {
        var screen = Samples.WithBob();

        screen.Type("ab\x01\x04").State.Shown.Editor.Text.ShouldBe("b");
        screen.Type("\x04\x04").State.ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(TerminalSignal.HangUp, 129)]
    [InlineData(TerminalSignal.Terminate, 143)]
    public void A_signal_saves_the_draft_and_ends_with_its_number(TerminalSignal signal, int code)
    {
        var screen = Samples.WithBob();
        screen.Type("half");

        screen.Send(new AppMessage.Input(new InputEvent.Signal(signal)));

        screen.State.ExitCode.ShouldBe(code);
        screen.Posted.ShouldBe([new NodeCommand.SaveDraft("@bob", "half")]);
    }

    [Fact]
    public void A_terminal_that_is_gone_ends_the_program_too()
    {
        var screen = Samples.WithBob();
        screen.Type("half").Send(new AppMessage.Input(new InputEvent.Gone()));

        screen.State.ExitCode.ShouldBe(129);
        screen.State.IsTerminalGone.ShouldBeTrue();
        screen.Posted.ShouldBe([new NodeCommand.SaveDraft("@bob", "half")]);
    }

    [Fact]
    public void Ctrl_L_and_Ctrl_Z_are_effects()
    {
        var screen = Samples.WithBob();
        screen.Type("\x0c\x1a").Send(new AppMessage.Input(new InputEvent.StopRequested()));

        screen.Effects.ShouldBe([new AppEffect.Redraw(), new AppEffect.Suspend(), new AppEffect.Suspend()]);
    }

    [Fact]
    public void A_node_that_ends_by_itself_ends_the_screen_with_its_sentence()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.Stopped("The disk is full.", Storage: true));

        screen.State.ExitCode.ShouldBe(5);
        screen.State.Failure.ShouldBe("The disk is full.");
    }

    [Fact]
    public void Failures_and_notices_stand_in_the_chat_they_are_about()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("?eve", "eve", ConnectionState.Searching)));
        screen.Tell(
            new NodeEvent.JoinFailed("eve", JoinFailure.NobodyFound, "Nobody is called eve.", []),
            new NodeEvent.Notice("@bob", NoticeCode.PeerLeft, "bob left"),
            new NodeEvent.Notice(null, NoticeCode.PortInUse, "The port is taken.")
        );

        screen.State.Find("?eve")!.Log.Entries.ShouldHaveSingleItem().IsWarning.ShouldBeTrue();
        screen.Text.ShouldContain("-- bob left");
        screen.Text.ShouldNotContain("Nobody is called eve.");
        screen.Type("\e0").Text.ShouldContain("-- The port is taken.");
    }

    [Fact]
    public void The_bell_rings_once_until_somebody_is_there()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("@carol", "carol")), new NodeEvent.InStep(false));
        screen.Tell(Samples.Shown(1, "a", "@carol"), Samples.Shown(2, "b", "@carol"));
        screen.Effects.Count(effect => effect is AppEffect.Bell).ShouldBe(1);

        screen.Type("x").Tell(Samples.Shown(3, "c", "@carol"), Samples.Shown(4, "d"));

        screen.Effects.Count(effect => effect is AppEffect.Bell).ShouldBe(2);
    }
}
