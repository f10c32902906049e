using PeerChat.Node;
using PeerChat.TestKit;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Languages;

/// <summary>The screen in all languages and at the sizes of the list: looked at once, and kept.</summary>
public sealed class LanguageScreenTests
{
    private static readonly (int Columns, int Rows)[] Sizes =
    [
        (200, 60),
        (80, 24),
        (53, 20),
        (40, 10),
        (20, 3),
    ];

    public static TheoryData<string, int, int> Screens
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            foreach (var language in Language.All)
            {
                foreach (var (columns, rows) in Sizes)
                {
                    data.Add(language.Tag, columns, rows);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public void First_run_question_and_help(string tag, int columns, int rows)
    {
        using var spoken = Words.Within(Language.Find(tag)!);
        string[] screens =
        [
            new TestScreen(columns, rows).Tell(Samples.Ready).Text,
            Conversation(columns, rows).Tell(Samples.Request("mallory")).Text,
            Conversation(columns, rows).Type("/help\r").Text,
        ];

        Snapshot.Match(
            $"language-{tag}-{columns}x{rows}",
            string.Join($"\n{new string('=', columns)}\n", screens)
        );
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public void No_layout_breaks(string tag, int columns, int rows)
    {
        using var spoken = Words.Within(Language.Find(tag)!);
        var screen = Conversation(columns, rows);

        var shown = screen.Text.Split('\n');
        shown.Length.ShouldBe(rows);
        shown.ShouldAllBe(row => PeerChat.Terminal.Text.TextWidth.Of(row) <= columns);
        if (rows >= 10)
        {
            shown.ShouldContain(row => row.Contains("alice~k3d9-0abc") || row.StartsWith("bob: "));
            shown[^1].ShouldStartWith(">");
        }

        // Whatever the language: how to answer is on the screen
        var asked = screen.Tell(Samples.Request("mallory")).Text;
        asked.ShouldMatch(@"\[y(\]|/n\])");
    }

    private static TestScreen Conversation(int columns, int rows) =>
        Samples
            .WithBob(columns, rows)
            .Tell(
                Samples.Shown(1, "Hello! I am bob."),
                new NodeEvent.MessageShown(
                    Samples.Message(2, "hi bob", "alice", state: DeliveryState.Queued)
                ),
                new NodeEvent.ChatChanged(Samples.Chat("@bob", "bob", queued: 2)),
                new NodeEvent.ChatChanged(
                    Samples.Chat(
                        "#dev",
                        "#dev",
                        ConnectionState.Searching,
                        "nobody here yet, looking on the local network"
                    )
                ),
                Samples.Shown(3, "unread", "#dev"),
                new NodeEvent.JoinFailed(
                    "carol",
                    JoinFailure.Refused,
                    "carol did not accept the request.",
                    []
                )
            );
}
