using PeerChat.Node;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

public sealed class SelectTests
{
    [Fact]
    public void One_key_selects_the_newest_message_and_a_letter_copies_it()
    {
        var screen = Samples.WithBob(messages: 5).Type("\em");

        screen.Text.ShouldContain("y copy");
        screen.Type("k").Type("y");

        screen.Effects.OfType<AppEffect.Copy>().Single().Text.ShouldBe("message 4");
        screen.State.Selected.ShouldBeNull();
        screen.Text.ShouldContain("set-clipboard");
    }

    [Fact]
    public void Esc_leaves_and_nothing_typed_meanwhile_reaches_the_input_line()
    {
        var screen = Samples.WithBob(messages: 5).Type("\emjjkx").Type("\e");

        screen.State.Selected.ShouldBeNull();
        screen.State.Shown.Editor.Text.ShouldBe("");
        screen.Type("x").State.Shown.Editor.Text.ShouldBe("x");
    }

    [Fact]
    public void What_is_selected_is_in_sight()
    {
        var screen = Samples.WithBob(rows: 8, messages: 40).Type("\em");
        for (var i = 0; i < 20; i++)
        {
            screen.Type("k");
            screen.Text.ShouldContain($"message {39 - i}\n");
        }

        for (var i = 0; i < 20; i++)
        {
            screen.Type("j");
            screen.Text.ShouldContain($"message {21 + i}\n");
        }
    }

    [Theory]
    [InlineData("\em\e[A\e[A\e[By")]
    [InlineData("/select\rkkjy")]
    public void Arrows_select_as_j_and_k_do_and_a_command_begins_as_the_key_does(string keys)
    {
        var screen = Samples.WithBob(messages: 5).Type(keys);

        screen.Effects.OfType<AppEffect.Copy>().Single().Text.ShouldBe("message 4");
    }

    [Fact]
    public void Only_a_web_address_is_opened()
    {
        var screen = Samples
            .WithBob()
            .Tell(
                Samples.Shown(1, "file:///etc/passwd javascript:x"),
                Samples.Shown(2, "see (https://example.org/a).")
            );

        screen.Type("\emo");
        screen.Effects.OfType<AppEffect.OpenLink>().Single().Link.ShouldBe("https://example.org/a");
        screen.Type("\emko").Text.ShouldContain("The message has no link.");
        screen.Effects.OfType<AppEffect.OpenLink>().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("https://example.org/a,b", "https://example.org/a,b")]
    [InlineData("https://de.wikipedia.org/wiki/Peer_(Netz)", "https://de.wikipedia.org/wiki/Peer_(Netz)")]
    [InlineData("<http://example.org>", "http://example.org")]
    [InlineData("https://", null)]
    [InlineData("https://exa\u202Emple.org", "https://exa")]
    [InlineData("xhttps://example.org", null)]
    public void A_link_ends_where_its_sentence_goes_on(string text, string? expected) =>
        Links.First(text).ShouldBe(expected);

    [Fact]
    public void Details_say_in_words_how_far_a_message_came()
    {
        var screen = Samples
            .WithBob()
            .Tell(new NodeEvent.MessageShown(Samples.Message(1, "hi", "alice", state: DeliveryState.Queued)));

        screen.Type("\emi").Text.ShouldContain("It waits here until somebody of the chat is met.");
    }

    [Fact]
    public void The_chooser_finds_a_chat_by_some_of_its_letters_and_shows_unread_ones_first()
    {
        var screen = Samples
            .WithBob()
            .Tell(
                new NodeEvent.ChatChanged(Samples.Chat("#garden", "#garden")),
                new NodeEvent.ChatChanged(Samples.Chat("@dora", "dora")),
                Samples.Shown(1, "ping", "@dora")
            );

        screen.Type("\v").Text.ShouldContain("> dora  *1");
        screen.Type("gdn").Text.ShouldContain("Chat: gdn");
        screen.Type("\r").State.Current.ShouldBe("#garden");
        screen.Type("\ek").Type("zzz\r").State.Current.ShouldBe("#garden");
        screen.Type("\ek").Type("b\e").State.Chooser.ShouldBeNull();
        screen.Type("/chat dora\r").State.Current.ShouldBe("@dora");
    }

    [Fact]
    public void Ctrl_K_still_deletes_to_the_end_of_a_line_that_has_one()
    {
        var screen = Samples.WithBob().Type("some words\x01\v");

        screen.State.Chooser.ShouldBeNull();
        screen.State.Shown.Editor.Text.ShouldBe("");
    }

    [Fact]
    public void A_rule_shows_what_is_new_and_goes_when_it_was_answered()
    {
        var screen = Samples
            .WithBob(messages: 3)
            .Tell(new NodeEvent.ChatChanged(Samples.Chat("#dev", "#dev")), new NodeEvent.InStep(false))
            .Type("\e2")
            .Tell(Samples.Shown(10, "first new"), Samples.Shown(11, "second new"));
        screen.Type("\e1");

        var rows = screen.Text.Split('\n').ToList();
        var rule = rows.FindIndex(row => row.Contains("── new ──", StringComparison.Ordinal));
        rows[rule - 1].ShouldContain("message 3");
        rows[rule + 1].ShouldContain("first new");
        screen.Type("\eu").State.Hint.ShouldBeNull();
        screen.Type("answer\r").Text.ShouldNotContain("── new ──");
        screen.Type("\eu").Text.ShouldContain("Nothing is new here");
    }

    [Fact]
    public void The_rule_goes_when_the_chat_is_left()
    {
        var screen = InAnotherChat().Tell(Samples.Shown(10, "new one"));
        screen.Type("\e1").Text.ShouldContain("── new ──");

        screen.Send(new AppMessage.Tick()); // a moment later
        screen.Type("\e2\e1").Text.ShouldNotContain("── new ──");
    }

    [Fact]
    public void Alt_U_goes_up_to_what_was_read_last()
    {
        var screen = InAnotherChat()
            .Tell([.. Enumerable.Range(10, 60).Select(order => Samples.Shown(order, $"new {order}"))]);
        screen.Type("\e1").Text.ShouldNotContain("── new ──");

        var rows = screen.Type("\eu").Text.Split('\n');

        rows[0].ShouldContain("── new ──");
        rows[1].ShouldContain("new 10");
    }

    [Fact]
    public void A_message_that_names_the_user_is_marked_and_rings_once()
    {
        var screen = Samples
            .WithBob()
            .Tell(new NodeEvent.ChatChanged(Samples.Chat("#dev", "#dev")), new NodeEvent.InStep(false))
            .Tell(Samples.Shown(1, "malice is no name of hers", "#dev"));
        screen.Effects.OfType<AppEffect.Bell>().ShouldBeEmpty();

        screen.Tell(Samples.Shown(2, "Alice: look", "#dev"), Samples.Shown(3, "alice?", "#dev"));

        screen.Text.ShouldContain("!3");
        screen.Effects.OfType<AppEffect.Bell>().Count().ShouldBe(1);
        screen.Type("\e2").Text.ShouldContain("! 12:02 bob  Alice: look");
    }

    [Fact]
    public void Nothing_rings_for_what_was_there_before_the_start()
    {
        var screen = new TestScreen().Tell(
            Samples.Ready,
            new NodeEvent.ChatChanged(Samples.Chat("#dev", "#dev")),
            Samples.Bob(),
            Samples.Shown(1, "alice, old", "@bob"),
            Samples.Shown(2, "alice, old", "#dev")
        );

        screen.Effects.OfType<AppEffect.Bell>().ShouldBeEmpty();
    }

    [Fact]
    public void Alt_A_comes_back_to_where_the_user_was()
    {
        var screen = Samples
            .WithBob()
            .Tell(
                new NodeEvent.ChatChanged(Samples.Chat("#dev", "#dev")),
                Samples.Shown(1, "unread", "#dev")
            );

        screen.Type("\ea").State.Current.ShouldBe("#dev");
        screen.Type("\ea").State.Current.ShouldBe("@bob");
    }

    [Fact]
    public void Tab_completes_the_name_of_who_spoke_last()
    {
        var screen = Samples
            .WithBob()
            .Tell(
                new NodeEvent.MessageShown(Samples.Message(1, "hi", "carlos")),
                new NodeEvent.MessageShown(Samples.Message(2, "hi", "carol"))
            );

        screen.Type("ca\t").State.Shown.Editor.Text.ShouldBe("carol: ");
        screen.Text.ShouldContain("carol  carlos");
        screen.Type("ask carl\t").State.Shown.Editor.Text.ShouldBe("carol: ask carlos ");
        screen.Type("nobody\t").State.Shown.Editor.Text.ShouldBe("carol: ask carlos nobody");
    }

    [Fact]
    public void Behind_those_who_spoke_Tab_completes_the_others_of_the_room_and_then_chats()
    {
        var room = Samples.Chat("#dev", "dev") with
        {
            Members =
            [
                new("gina", "pc1gina", "aaaa-bbbb", Connected: true, IsSelf: false, TrustState.Seen),
                new("gerd", "pc1gerd", "cccc-dddd", Connected: true, IsSelf: false, TrustState.Seen),
            ],
        };
        var screen = new TestScreen().Tell(
            Samples.Ready,
            new NodeEvent.ChatChanged(room),
            new NodeEvent.ChatChanged(Samples.Chat("@gustav", "gustav")),
            new NodeEvent.MessageShown(Samples.Message(1, "hi", "gerd", "#dev"))
        );

        screen.Type("g\t").State.Shown.Editor.Text.ShouldBe("gerd: ");
        screen.State.Hint.ShouldBe("gerd  gina  gustav");
        screen.Type("gi\t").State.Shown.Editor.Text.ShouldBe("gerd: gina ");
        screen.Type("gu\t").State.Shown.Editor.Text.ShouldBe("gerd: gina gustav ");
    }

    [Theory]
    [InlineData("\x0e", "\e[1;3B")]
    [InlineData("\x10", "\e[1;3A")]
    [InlineData("\v", "\ek")]
    [InlineData("\x0c", "/redraw\r")]
    [InlineData("\x03\x03", "/quit\r")]
    [InlineData("\ee", "/editor\r")]
    [InlineData("\u0018e", "\ee")]
    [InlineData("\u0018\u0005", "\ee")]
    [InlineData("\u001a", "\ez")]
    [InlineData("\ea", "/next\r")]
    public void What_one_key_does_another_or_a_command_does_too(string key, string twin)
    {
        After(twin).ShouldBe(After(key));
        After(key).ShouldNotBe(After(""));
    }

    [Fact]
    public void Ctrl_X_alone_does_nothing_to_the_next_letters()
    {
        var screen = Samples.WithBob().Type("\u0018hex");

        screen.State.Shown.Editor.Text.ShouldBe("hex");
        screen.Effects.OfType<AppEffect.Edit>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\u001f")]
    [InlineData("\e_")]
    public void What_was_deleted_comes_back(string undo) =>
        Samples.WithBob().Type("one two\u0017" + undo).State.Shown.Editor.Text.ShouldBe("one two");

    [Fact]
    public void The_bare_view_has_no_list_beside_the_messages()
    {
        var screen = Samples.WithBob(messages: 2);

        screen.Text.ShouldContain('│');
        screen.Type("\el").Text.ShouldNotContain('│');
        screen.Type("/bare\r").Text.ShouldContain('│');
    }

    [Fact]
    public void The_editor_gets_the_draft_and_its_text_comes_back_unsent()
    {
        var screen = Samples.WithBob().Type("begun\ee");

        screen.Effects.OfType<AppEffect.Edit>().Single().Text.ShouldBe("begun");
        screen.Send(new AppMessage.Edited("begun\nand done", null));
        screen.State.Shown.Editor.Text.ShouldBe("begun\nand done");
        screen.Posted.OfType<NodeCommand.SendText>().ShouldBeEmpty();
        screen.Send(new AppMessage.Edited(null, "It failed.")).Text.ShouldContain("It failed.");
        screen.State.Shown.Editor.Text.ShouldBe("begun\nand done");
    }

    // Bob's three messages were read
    private static TestScreen InAnotherChat() =>
        Samples
            .WithBob(messages: 3)
            .Tell(new NodeEvent.ChatChanged(Samples.Chat("#dev", "#dev")))
            .Type("\e2");

    private static (string, Chooser?, int?, string) After(string keys)
    {
        var screen = Samples
            .WithBob()
            .Tell(
                new NodeEvent.ChatChanged(Samples.Chat("#dev", "#dev")),
                new NodeEvent.ChatChanged(Samples.Chat("#ops", "#ops")),
                Samples.Shown(1, "unread", "#ops")
            );
        screen.Effects.Clear();
        screen.Type(keys);
        return (
            screen.State.Current,
            screen.State.Chooser,
            screen.State.ExitCode,
            string.Join(' ', screen.Effects.Where(IsDone).Select(one => one.GetType().Name))
        );
    }

    // Typing a command has effects of its own
    private static bool IsDone(AppEffect effect) =>
        effect is AppEffect.Redraw or AppEffect.Edit or AppEffect.Suspend;
}
