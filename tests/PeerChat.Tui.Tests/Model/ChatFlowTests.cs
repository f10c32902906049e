using PeerChat.Node;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

public sealed class ChatFlowTests
{
    [Theory]
    [InlineData("00000001", false)]
    [InlineData("file-1", true)]
    public void A_file_that_begins_is_told_of_only_where_no_message_says_how_far_it_is(string id, bool isTold)
    {
        var screen = Samples.WithBob(messages: 1);
        var file = FileOf(id);

        screen.Send(
            new AppMessage.Answered(new NodeCommand.GetFile("@bob", id), new NodeReply.FileStarted(file))
        );

        screen.Text.Contains("notes.txt", StringComparison.Ordinal).ShouldBe(isTold);
    }

    [Fact]
    public void A_file_that_is_being_read_is_said_once_and_no_longer_than_it_is()
    {
        var screen = Samples.WithBob(messages: 1);
        var file = FileOf("file-1") with { Size = 0, State = FileState.Preparing, IsOwn = true };
        screen.Tell(new NodeEvent.FileChanged(file));
        screen.Send(
            new AppMessage.Answered(
                new NodeCommand.SendFile("@bob", "/notes.txt", "file-1"),
                new NodeReply.FileStarted(file)
            )
        );
        screen.Tell(new NodeEvent.FileChanged(file with { Done = 4, Size = 8 }));

        screen.Text.ShouldContain("notes.txt  8 B  being read  50 %");
        screen.State.Shown.Log.Entries.ShouldAllBe(entry => entry.Message != null);
        screen.Type("a").Text.ShouldContain("being read", customMessage: "a key does not take it away");
        screen.Type("\e0").Text.ShouldNotContain("being read");
        screen.Type("\e1").Text.ShouldContain("being read");
        screen.Tell(new NodeEvent.FileChanged(file with { File = "m1", State = FileState.Held }, "file-1"));

        screen.Text.ShouldNotContain("being read");
    }

    [Fact]
    public void A_file_that_is_given_up_or_whose_node_is_gone_is_being_read_no_longer()
    {
        var screen = Samples.WithBob(messages: 1);
        var file = FileOf("file-1") with { State = FileState.Preparing, IsOwn = true };
        var other = file with { File = "file-2", Name = "other.txt" };
        screen.Tell(new NodeEvent.FileChanged(file), new NodeEvent.FileChanged(other));

        screen.Tell(new NodeEvent.FileChanged(file with { State = FileState.Cancelled }));
        screen.Text.ShouldContain("other.txt  8 B  being read");
        screen.Tell(new NodeEvent.FileChanged(other with { State = FileState.Cancelled }));
        screen.Text.ShouldNotContain("being read");

        screen.Tell(new NodeEvent.FileChanged(file), new NodeEvent.InStep(Resumed: false));
        screen.Text.ShouldNotContain("being read");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_room_that_was_made_is_shown_whichever_is_told_first(bool isToldBefore)
    {
        var screen = Samples.WithBob();
        var room = Samples.Chat("+crew", "crew");
        if (isToldBefore)
        {
            screen.Tell(new NodeEvent.ChatChanged(room));
        }

        screen.Send(new AppMessage.Answered(new NodeCommand.CreateRoom("crew"), new NodeReply.Opened(room)));
        screen.Tell(new NodeEvent.ChatChanged(room));

        screen.State.Current.ShouldBe("+crew");
        screen.State.Panes.Count.ShouldBe(3);
    }

    [Fact]
    public void The_node_is_started_by_the_first_frame_only()
    {
        var screen = new TestScreen();
        screen.Effects.ShouldBeEmpty();
        screen.Text.ShouldContain("/join NAME");

        screen.Send(new AppMessage.Shown());

        screen.Effects.ShouldBe([new AppEffect.Start()]);
    }

    [Fact]
    public void The_chat_joined_at_the_start_opens_by_itself_and_loads_its_history()
    {
        var screen = new TestScreen(join: new NodeCommand.JoinPeer("bob"));

        screen.Tell(Samples.Ready, new NodeEvent.ChatChanged(Samples.Chat("@carol", "carol")));
        screen.State.Current.ShouldBe("");
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("?bob", "bob")));

        screen.State.Current.ShouldBe("?bob");
        screen.Posted.ShouldBe([new NodeCommand.LoadHistory("?bob", Turn.HistoryPage)]);
    }

    [Fact]
    public void What_is_entered_before_the_wanted_chat_is_there_is_sent_once_it_is()
    {
        var screen = new TestScreen(join: new NodeCommand.JoinPeer("bob"));

        screen.Type("early\rhalf a");
        screen.Posted.ShouldBeEmpty();
        screen.Tell(Samples.Ready, Samples.Bob());

        screen.Posted.ShouldContain(new NodeCommand.SendText("@bob", "early"));
        screen.State.Shown.Editor.Text.ShouldBe("half a");
    }

    [Fact]
    public void Without_any_chat_typing_says_what_to_do_and_keeps_the_text()
    {
        var screen = new TestScreen();

        screen.Type("hello?\r");

        screen.Posted.ShouldBeEmpty();
        screen.Text.ShouldContain("/join NAME or /room NAME first");
        screen.State.Shown.Editor.Text.ShouldBe("hello?");
    }

    [Fact]
    public void Enter_sends_and_remembers_and_the_line_is_empty()
    {
        var screen = Samples.WithBob();

        screen.Type("hi\r");

        screen.Posted.ShouldBe([
            new NodeCommand.SendText("@bob", "hi"),
            new NodeCommand.RememberInput("@bob", "hi"),
        ]);
        screen.State.Shown.Editor.Text.ShouldBe("");
        screen.Type("\e[A");
        screen.State.Shown.Editor.Text.ShouldBe("hi");
    }

    [Fact]
    public void Two_slashes_send_one_and_an_unknown_command_sends_nothing()
    {
        var screen = Samples.WithBob();

        screen.Type("//etc\r");
        screen.Posted[0].ShouldBe(new NodeCommand.SendText("@bob", "/etc"));
        screen.Type("/etc/passwd is a file\r");

        screen.Posted.ShouldBeEmpty();
        screen.Text.ShouldContain("There is no command /etc/passwd");
    }

    [Theory]
    [InlineData("a\e\rb\r")]
    [InlineData("a\nb\r")]
    [InlineData("a\nb\n\n\r")]
    public void Alt_Enter_and_Ctrl_J_begin_a_new_line(string keys)
    {
        var screen = Samples.WithBob();

        screen.Type(keys);

        screen.Posted[0].ShouldBe(new NodeCommand.SendText("@bob", "a\nb"));
    }

    [Fact]
    public void A_text_over_the_limit_is_refused_and_kept()
    {
        var screen = Samples.WithBob();
        var text = new string('ä', (NodeCommand.MaxTextBytes / 2) + 1);
        screen.Type($"\e[200~{text}\e[201~y");

        screen.Type("\r");

        screen.Posted.ShouldBeEmpty();
        screen.State.Hint.ShouldNotBeNull().ShouldContain("65536");
        screen.State.Shown.Editor.Text.ShouldBe(text);
        screen.Type("\x7f\r");
        screen.Posted[0].ShouldBe(new NodeCommand.SendText("@bob", text[1..]));
    }

    [Fact]
    public void Drafts_belong_to_their_chats_and_are_saved_on_switching_pausing_and_quitting()
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev", draft: "from last time")));

        screen.Type("one");
        screen.Effects.ShouldContain(new AppEffect.Wake(Turn.TypingPause));
        screen.Pause();
        screen.Posted.ShouldBe([new NodeCommand.SaveDraft("@bob", "one")]);
        screen.Pause();
        screen.Posted.ShouldBeEmpty();
        screen.Type(" two\e2");
        screen.Posted.ShouldBe([
            new NodeCommand.SaveDraft("@bob", "one two"),
            new NodeCommand.LoadHistory("#dev", 200),
        ]);
        screen.State.Shown.Editor.Text.ShouldBe("from last time");
        screen.Type("!").Send(new AppMessage.Cancelled());
        screen.Posted.ShouldBe([new NodeCommand.SaveDraft("#dev", "from last time!")]);
        screen.State.ExitCode.ShouldBe(130);
    }

    [Fact]
    public void A_sent_draft_is_forgotten()
    {
        var screen = Samples.WithBob();
        screen.Type("one").Pause();
        _ = screen.Posted;

        screen.Type("\r");

        screen.Posted[^1].ShouldBe(new NodeCommand.SaveDraft("@bob", ""));
    }

    [Fact]
    public void Lines_entered_in_earlier_runs_come_back()
    {
        var screen = new TestScreen();
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("@bob", "bob", history: ["first", "second"])));

        screen.Type("\e[A").State.Shown.Editor.Text.ShouldBe("second");
        screen.Type("\e[A").State.Shown.Editor.Text.ShouldBe("first");
        screen.Type("\e[B\e[B").State.Shown.Editor.Text.ShouldBe("");
    }

    [Fact]
    public void Unread_messages_are_counted_and_Alt_A_goes_to_them()
    {
        var screen = Samples.WithBob();
        screen.Tell(
            new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev")),
            new NodeEvent.ChatChanged(Samples.Chat("#ops", "ops"))
        );

        screen.Tell(Samples.Shown(1, "x", "#ops"), Samples.Shown(2, "y", "#ops"), Samples.Shown(3, "z"));

        screen.State.Find("#ops")!.Unread.ShouldBe(2);
        screen.State.Find("@bob")!.Unread.ShouldBe(0);
        screen.Text.ShouldContain("*2");
        screen.Terminal.Title.ShouldBe("(2) bob - PeerChat");
        screen.Type("\ea").State.Current.ShouldBe("#ops");
        screen.State.Unread.ShouldBe(0);
        screen.Type("\ea").State.Current.ShouldBe("@bob");
        screen.Type("\ea").State.Hint.ShouldBe("Nothing is unread.");
    }

    [Theory]
    [InlineData("\x0e", "#dev")]
    [InlineData("\x10", "")]
    [InlineData("\e[1;3B", "#dev")]
    [InlineData("\e[1;3A", "")]
    [InlineData("\e0", "")]
    [InlineData("\e2", "#dev")]
    [InlineData("\e9", "@bob")]
    public void Keys_change_the_chat(string keys, string expected)
    {
        var screen = Samples.WithBob();
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev")));

        screen.Type(keys).State.Current.ShouldBe(expected);
    }

    [Fact]
    public void A_chat_with_a_name_becomes_the_chat_with_a_key_and_keeps_text_and_place()
    {
        var screen = new TestScreen(join: new NodeCommand.JoinPeer("bob"));
        screen.Tell(Samples.Ready, new NodeEvent.ChatChanged(Samples.Chat("?bob", "bob")));
        screen.Type("queued one\rhalf");
        var waiting = Samples.Message(0, "queued one", "alice", "?bob", "outbox-1", DeliveryState.Queued) with
        {
            Order = ulong.MaxValue,
        };
        screen.Tell(new NodeEvent.MessageShown(waiting));
        _ = screen.Posted;

        screen.Tell(
            new NodeEvent.ChatReplaced("?bob", Samples.Chat("@bob", "bob")),
            new NodeEvent.MessageReplaced(
                "outbox-1",
                Samples.Message(5, "queued one", "alice", id: "aa", state: DeliveryState.Sent)
            )
        );

        screen.State.Current.ShouldBe("@bob");
        screen.State.Panes.Count.ShouldBe(2);
        screen.State.Shown.Editor.Text.ShouldBe("half");
        screen.State.Shown.Log.Entries.ShouldHaveSingleItem().Message!.Id.ShouldBe("aa");
        screen.Posted.ShouldContain(new NodeCommand.LoadHistory("@bob", 200));
    }

    [Fact]
    public void A_name_that_becomes_a_chat_already_open_merges_into_it()
    {
        var screen = Samples.WithBob(messages: 2);
        screen.Tell(new NodeEvent.ChatChanged(Samples.Chat("?robert", "robert")));
        screen.Type("\e2");

        screen.Tell(new NodeEvent.ChatReplaced("?robert", Samples.Chat("@bob", "bob")));

        screen.State.Panes.Select(pane => pane.Key).ShouldBe(["", "@bob"]);
        screen.State.Current.ShouldBe("@bob");
        screen.State.Shown.Log.Entries.Count.ShouldBe(2);
    }

    private static FileSummary FileOf(string id) =>
        new(
            "@bob",
            id,
            "notes.txt",
            "",
            8,
            1,
            IsFolder: false,
            "",
            MayRun: false,
            IsOwn: false,
            FileState.Waiting,
            0,
            0,
            null,
            [],
            0,
            0,
            null,
            null
        );
}
