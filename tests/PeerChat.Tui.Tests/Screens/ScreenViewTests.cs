using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.TestKit;
using PeerChat.Tui.Model;
using PeerChat.Tui.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Screens;

public sealed class ScreenViewTests
{
    public static TheoryData<int, int> Sizes =>
        new()
        {
            { 80, 24 },
            { 40, 10 },
            { 120, 40 },
            { 20, 3 },
            { 1, 1 },
        };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_conversation(int columns, int rows) =>
        Snapshot.Match($"conversation-{columns}x{rows}", Conversation(columns, rows).Text);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_request_while_chatting(int columns, int rows) =>
        Snapshot.Match(
            $"request-{columns}x{rows}",
            Conversation(columns, rows).Tell(Samples.Request("mallory")).Text
        );

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_first_run(int columns, int rows) =>
        Snapshot.Match($"first-run-{columns}x{rows}", new TestScreen(columns, rows).Tell(Samples.Ready).Text);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_request_on_the_first_run(int columns, int rows) =>
        Snapshot.Match(
            $"first-request-{columns}x{rows}",
            new TestScreen(columns, rows).Tell(Samples.Ready).Tell(Samples.Request("mallory")).Text
        );

    [Fact]
    public void A_choice_and_an_input_of_several_lines()
    {
        var screen = Conversation(80, 24)
            .Type("one\ntwo\nthree is a line that is longer than eighty columns, ");
        screen.Type("so that it goes on below and the input takes four rows");
        PeerClaim[] claims =
        [
            new("bob", "pc1one", "aaaa-1111", "10.0.0.2:27717"),
            new("bob", "pc1two", "bbbb-2222", "10.0.0.3:27717"),
        ];

        Snapshot.Match("choice-80x24", screen.Tell(new NodeEvent.ChoiceNeeded("?bob", claims)).Text);
    }

    [Theory]
    [InlineData(40, "guest")]
    [InlineData(80, "guest, the PeerServer could read along")]
    [InlineData(140, "guest, the PeerServer could read along")]
    public void A_guest_is_marked_and_said_to_be_readable_by_the_server(int columns, string mark)
    {
        var screen = new TestScreen(columns, 24);
        screen.Tell(
            Samples.Ready,
            new NodeEvent.ChatChanged(
                Samples.Chat(
                    "%page-1",
                    "%zoe",
                    detail: "direct, 10.0.0.2:4000; a guest through wss://peers.example.org/"
                ) with
                {
                    Kind = ChatKind.Guest,
                }
            ),
            new NodeEvent.MessageShown(Samples.Message(1, "hello", from: "%zoe", chat: "%page-1"))
        );
        screen.Text.ShouldContain(mark);
        screen.Text.ShouldContain("%zoe");

        screen.Tell(Samples.Ready); // another node runs now, which has no guests
        screen
            .State.Panes.Single(pane => pane.Key == "%page-1")
            .Chat!.Connection.ShouldBe(ConnectionState.Idle);
    }

    [Fact]
    public void Resizing_shows_the_same_as_a_fresh_screen()
    {
        var screen = Conversation(80, 24);
        foreach (
            var (columns, rows) in new[] { (1, 1), (3, 2), (200, 60), (69, 7), (70, 6), (12, 4), (40, 10) }
        )
        {
            _ = screen.Text;
            screen.Resize(columns, rows).Text.ShouldBe(Conversation(columns, rows).Text);
        }
    }

    [Fact]
    public void Every_size_can_be_drawn()
    {
        for (var columns = 1; columns < 26; columns++)
        {
            for (var rows = 1; rows < 14; rows++)
            {
                var screen = Conversation(columns, rows).Type("some text 日本語\n\n more").Type("\e[5~\e[5~");
                screen.Tell(Samples.Request());
                _ = screen.Text;
                screen.Type("\e[1;3H\e[6~\x03y\e0");
                _ = screen.Text;
            }
        }
    }

    [Fact]
    public void The_input_grows_to_a_third_of_the_height()
    {
        var screen = Samples.WithBob(80, 24).Type(string.Join('\n', Enumerable.Range(1, 12)));

        ScreenLayout.Of(screen.State, screen.State.Size).Input.Rows.ShouldBe(8);
        screen.Text.Split('\n')[^1].ShouldBe("  12");
    }

    [Fact]
    public void An_option_of_a_command_line_is_not_broken_behind_its_hyphens()
    {
        var screen = Samples.WithBob(34, 10);
        screen.Tell(Samples.Shown(1, "--room it-is"), Samples.Shown(2, "sixteen letters. --room"));

        screen.Text.ShouldContain("--room it-\n");
        screen.Text.ShouldContain("letters.\n             --room\n");
    }

    [Fact]
    public void No_row_of_a_message_can_pass_for_another_message()
    {
        foreach (var columns in new[] { 12, 20, 40, 80, 120 })
        {
            var screen = Samples.WithBob(columns, 10);
            screen.Tell(Samples.Shown(1, "hi\n+ 12:01 alice  I owe you money\n-- bob left\n!! warning"));

            screen.Text.Split('\n').ShouldAllBe(row => !row.TrimStart('│').StartsWith('+'));
            foreach (var row in screen.Text.Split('\n'))
            {
                var log =
                    columns >= 70 && row.Contains('│', StringComparison.Ordinal) ? row.Split('│')[1] : row;
                log.ShouldNotStartWith("+ 12:01");
                log.ShouldNotStartWith("-- ");
                log.ShouldNotStartWith("!! ");
            }
        }
    }

    [Theory]
    [InlineData("ends the style \e[0m and the line \x1b]0;title\a \u0085 \u009b31m")]
    [InlineData("turned \u202Egnp.exe\u202C \u2066x\u2069 \u200F")]
    [InlineData("lone \ud800 surrogate \udc00")]
    [InlineData("\r\b\b\bover \x7f \u2028 \u00ad \ufeff \U000E0041")]
    public void Nothing_from_a_peer_reaches_the_terminal_raw(string hostile)
    {
        var screen = Samples.WithBob();
        var chat = Samples.Chat("@evil", "evil" + hostile, detail: "near " + hostile);

        screen.Tell(
            new NodeEvent.ChatChanged(chat),
            new NodeEvent.MessageShown(Samples.Message(1, hostile, "bob" + hostile)),
            new NodeEvent.Notice("@bob", NoticeCode.Information, hostile),
            new NodeEvent.RequestReceived("r", "eve" + hostile, "pc1" + hostile, hostile),
            new NodeEvent.ChoiceNeeded("?" + hostile, [new PeerClaim(hostile, hostile, hostile, hostile)])
        );
        _ = screen.Text;
        screen.Type("n");
        _ = screen.Text;
        screen.Type("\e\e2\e0\e2");

        // Its reading throws on anything that is not understood, or not seen
        _ = screen.Text;
        screen.Terminal.Bells.ShouldBe(0);
        screen.Terminal.Title.ShouldStartWith("evil");
    }

    [Theory]
    [InlineData("ends the style \e[0m and the line \x1b]0;title\a \u0085 \u009b31m")]
    [InlineData("turned \u202Egnp.exe\u202C \u2066x\u2069 \u200F")]
    [InlineData("lone \ud800 surrogate \udc00")]
    [InlineData("\r\b\b\bover \x7f \u2028 \u00ad \ufeff \U000E0041")]
    public void Nothing_of_files_people_or_what_was_found_reaches_the_terminal_raw(string hostile)
    {
        var screen = Samples.WithBob(160, 40);
        var file = new FileSummary(
            "#dev",
            "00000001",
            hostile,
            "",
            8,
            1,
            IsFolder: false,
            hostile,
            MayRun: true,
            IsOwn: false,
            FileState.Failed,
            0,
            0,
            null,
            [hostile],
            0,
            0,
            hostile,
            hostile
        );
        var member = new ChatMember(
            hostile,
            "pc1" + hostile,
            hostile,
            Connected: true,
            IsSelf: false,
            TrustState.Seen,
            LooksLike: hostile
        );
        var message = Samples.Message(1, hostile, "eve" + hostile, "#dev") with
        {
            Reactions = [new ReactionSummary(hostile, [hostile], IsOwn: false)],
            ReplyTo = hostile,
        };
        screen.Tell(
            new NodeEvent.ChatChanged(Samples.Chat("#dev", "dev" + hostile) with { Members = [member] }),
            new NodeEvent.MessageShown(message),
            new NodeEvent.MessageShown(
                Samples.Message(2, hostile, chat: "#dev") with
                {
                    Content = MessageContent.File,
                    File = file,
                }
            ),
            new NodeEvent.TypingChanged("#dev", hostile, "pc1eve", IsTyping: true)
        );
        foreach (var keys in new[] { "\e2", "/members\r", "\emki", "\emr", "\e", "\v", "\e", "\x12word\r" })
        {
            _ = screen.Type(keys).Text;
        }

        var asked = screen.Effects.OfType<AppEffect.Ask>().Last().Command;
        screen.Send(new AppMessage.Answered(asked, new NodeReply.SearchResult([message], HasMore: false)));
        _ = screen.Text;
        screen.Terminal.Bells.ShouldBe(0);
        screen.Terminal.Title.ShouldContain("dev");
    }

    [Fact]
    public void The_cursor_stands_where_one_types_or_is_asked()
    {
        var screen = Samples.WithBob(messages: 3);

        Cursor("ab").ShouldBe(new CellPosition(4, 23));
        Cursor("\e[D").ShouldBe(new CellPosition(3, 23));
        Cursor("\ekx").ShouldBe(new CellPosition("> Chat: x".Length, 23));
        Cursor("\e").ShouldBe(new CellPosition(3, 23));
        Cursor("\x12y").ShouldBe(new CellPosition("> Search: y".Length, 23));
        _ = Cursor("\e");
        Cursor("\x03").ShouldBe(new CellPosition(2, 23));
        screen.Pause().Tell(Samples.Request());
        Cursor("").Row.ShouldBe(22, "letters answer the question there");
        screen.Text.Split('\n')[22].ShouldContain("asks to chat");

        CellPosition Cursor(string keys)
        {
            _ = screen.Type(keys).Text;
            screen.Terminal.IsCursorVisible.ShouldBeTrue();
            return screen.Terminal.Cursor;
        }
    }

    [Fact]
    public void A_name_that_looks_like_anothers_is_marked_wherever_it_stands()
    {
        var screen = Samples.WithBob(120, 24);
        var eve = new ChatMember(
            "bоb",
            "pc1eve",
            "zzzz-0000",
            true,
            false,
            TrustState.None,
            LooksLike: "bob"
        );
        screen.Tell(
            new NodeEvent.ChatChanged(Samples.Chat("@bob", "bоb") with { Members = [eve] }),
            new NodeEvent.MessageShown(Samples.Message(1, "send me money", "bоb") with { LooksLike = "bob" })
        );
        screen.Text.ShouldContain("!bоb  send me money");
        screen.Text.ShouldContain("bоb (looks like bob): connected");

        screen.Tell(Samples.Request("bоb") with { LooksLike = "bob" });
        screen.Text.ShouldContain("The name looks like bob, but the key is another one");
        screen.Tell(
            new NodeEvent.ChatChanged(
                Samples.Chat("#dev", "#dev") with
                {
                    Members = [eve, eve with { LooksLike = null }],
                }
            )
        );
        screen.Type("/chat 2\r");
        screen.Text.ShouldContain("+!bоb");
        screen.Text.ShouldContain("+bоb");
    }

    private static TestScreen Conversation(int columns, int rows)
    {
        var screen = Samples.WithBob(columns, rows);
        screen.Tell(
            new NodeEvent.ChatChanged(
                Samples.Chat("#開発", "#開発", ConnectionState.Searching, "nobody here yet, looking")
            ),
            new NodeEvent.ChatChanged(Samples.Chat("?carol", "carol", ConnectionState.Waiting, "waits")),
            Samples.Shown(1, "Hello! I am bob."),
            new NodeEvent.MessageShown(Samples.Message(2, "hi bob", "alice", state: DeliveryState.Delivered)),
            Samples.Shown(
                3,
                "これは日本語の長い文です。画面の端で折り返されて、次の行も字下げされるはずです。"
            ),
            new NodeEvent.MessageShown(
                Samples.Message(4, "colours \e[31mred\e[0m, \u202Ereversed, \e]0;title\a", "mal\u202Elory")
            ),
            new NodeEvent.Notice("@bob", NoticeCode.IdentityChanged, "bob answers with another key."),
            new NodeEvent.MessageShown(Samples.Message(1440, "sent", "alice", state: DeliveryState.Sent)),
            new NodeEvent.MessageShown(
                Samples.Message(1441, "queued\nin two lines", "alice", state: DeliveryState.Queued)
            ),
            new NodeEvent.ChatChanged(Samples.Chat("@bob", "bob", queued: 1)),
            Samples.Shown(5, "unread", "#開発")
        );
        return screen;
    }
}
