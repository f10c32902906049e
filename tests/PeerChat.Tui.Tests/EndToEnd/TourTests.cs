using System.Text;
using System.Text.RegularExpressions;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>Everything that a new user does, on real screens; what they show is <c>docs/TOUR.md</c>.</summary>
/// <remarks>With PEERCHAT_UPDATE_DOCS=1 the document is written anew; look at the difference before committing it.</remarks>
[Collection(EndToEndCollection.Name)]
public sealed partial class TourTests : IDisposable
{
    private const int Columns = 80;
    private const int Rows = 24;

    private readonly TemporaryHomes _homes = new();
    private readonly StringBuilder _tour = new();

    // As long as the names they stand for, so that nothing else on the screen moves; nobody else on this machine has them
    private readonly string _alice = NameOf("alice");
    private readonly string _bob = NameOf("bob");

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void The_tour_shows_what_the_screens_show()
    {
        _tour.Append(
            """
            # A tour

            What a new user sees, screen by screen. The screens are those of the real program on a terminal of 80 by 24: `TourTests` walks this way each time the tests
            run and compares. Ids, times, links and the QR code differ from run to run, so here they are always the same.

            """
        );
        using var alice = TerminalSession.Start(_homes.Of("alice"), Columns, Rows);
        alice.WaitFor("Your name");
        Tell("Alice starts `peerchat` for the first time.", alice);
        alice.Enter(_alice);
        alice.WaitFor("You are");
        Tell("She gives her name, and the screen says what can be done first.", alice);

        using var bob = TerminalSession.Start(
            _homes.Of("bob"),
            Columns,
            Rows,
            "--user",
            _bob,
            "--join",
            _alice
        );
        alice.WaitFor("asks to chat");
        Tell("Bob, in another terminal, has typed `peerchat --user bob --join alice`.", alice);
        alice.Type("y");
        bob.WaitFor("connected");
        alice.WaitFor("connected");

        bob.Enter("Hello Alice! Does this really work without a server?");
        alice.WaitFor("without a server?");
        alice.Enter("It does. こんにちは 👋");
        bob.WaitFor("It does.");
        WaitForStored(alice, 1);
        Tell("They chat. The `+` says that the message is stored on Bob's disk.", alice);

        alice.Type("\em");
        alice.WaitFor("r reply");
        alice.Type("k");
        Tell("Alt-M selects a message; a letter does something with it.", alice);
        alice.Type("r");
        alice.WaitFor("Answer to");
        alice.Enter("and everything is encrypted");
        bob.WaitFor("everything is encrypted");
        bob.Enter("/react 1 :tada:");
        alice.WaitFor("[🎉]");
        WaitForStored(alice, 2);
        Tell("An answer, and Bob's reaction to it.", alice);

        bob.Enter("this was not meant for you");
        alice.WaitFor("not meant for you");
        bob.Enter("/recall 1");
        alice.WaitFor(words => !words.Contains("not meant for you", StringComparison.Ordinal), "the recall");
        Tell("Bob sent something that he did not mean to, and took it back with `/recall 1`.", alice);

        alice.Enter("/create crew");
        alice.WaitFor("crew:");
        alice.Enter("/topic where we meet");
        alice.WaitFor("The topic was set.");
        alice.Enter("/members");
        alice.WaitFor("admin");
        Tell("A private room.", alice);
        var link = Run("alice", "invite", "--room", "crew").Split('\n')[0];
        bob.Enter("/join " + link);
        bob.WaitFor("crew:");
        bob.Enter("here I am");
        alice.WaitFor("here I am");
        Tell("`/invite` gave her a link and a QR code; Bob pasted the link behind `/join`.", alice);

        alice.Type("\ek");
        alice.WaitFor("Type to find a chat");
        alice.Type(_bob);
        alice.WaitFor("Chat: " + _bob);
        Tell("Alt-K finds a chat by some of its letters.", alice);
        alice.Type("\r");
        alice.WaitFor("Hello Alice!");
        alice.Type("\x12");
        alice.WaitFor("Search:");
        alice.Type("heron");
        alice.WaitFor("Nothing was found");
        alice.Type("\x15server");
        alice.WaitFor(
            words =>
                words.Contains("Search: server", StringComparison.Ordinal)
                && !words.Contains("Nothing was found", StringComparison.Ordinal)
                && !words.Contains("Searching", StringComparison.Ordinal),
            "the result"
        );
        Tell("Ctrl-R searches all history, which lies encrypted on the disk.", alice);
        alice.Type("\e");
        alice.WaitFor(words => !words.Contains("Search:", StringComparison.Ordinal), "the end of the search");

        alice.Enter("/lang ja");
        alice.WaitFor("日本語");
        Tell("`/lang` speaks another language, at once and from then on.", alice);
        alice.Enter("/lang en");
        alice.WaitFor("speaks English");
        alice.Enter("/quit");
        alice.WaitForExit().ShouldBe(0);
        Tell("`/quit`: the terminal is as it was.", alice);
        bob.Enter("/quit");
        bob.WaitForExit().ShouldBe(0);
        foreach (var session in new[] { alice, bob })
        {
            session.UnknownSequences.ShouldBeEmpty();
            session.IsFullScreen.ShouldBeFalse();
            session.Modes.ShouldBe([7, 25], ignoreOrder: true);
        }

        PublishedDocument.Match("TOUR.md", _tour.ToString().ReplaceLineEndings("\n"));
    }

    // The mark of a stored message stands before the time, that of a chat in the list, which Words leaves out
    private static void WaitForStored(TerminalSession session, int messages) =>
        session.WaitFor(
            words => words.Split("+ ").Length - 1 == messages,
            $"{messages} messages stored by the other side"
        );

    private string Run(string user, params string[] arguments)
    {
        var (code, output, errors) = PeerChatProgram.Run(_homes.Of(user), arguments);
        code.ShouldBe(0, errors);
        return output;
    }

    private void Tell(string sentence, TerminalSession session)
    {
        _tour.Append('\n').Append(sentence).Append("\n\n```\n");
        foreach (var line in session.Screen.Split('\n').Select(Constant))
        {
            _tour.Append(line.TrimEnd()).Append('\n');
        }

        _tour.Append("```\n");
    }

    /// <summary>With what differs from run to run replaced by something as wide.</summary>
    private string Constant(string line)
    {
        line = line.Replace(_alice, "alice", StringComparison.Ordinal)
            .Replace(_bob, "bob", StringComparison.Ordinal);
        line = line.Replace($"[{Environment.UserName}]", "[alice]", StringComparison.Ordinal);
        line = FullId().Replace(line, match => "pc1" + new string('x', match.Length - 3));
        line = EndOfFullId()
            .Replace(
                line,
                match => match.Groups["indent"].Value + new string('x', match.Groups["end"].Length) + "."
            );
        line = ShortId().Replace(line, "~7f3k-9qzt");
        line = Date().Replace(line, "2026-05-01");
        line = Clock().Replace(line, "09:41");
        // How far away bob is depends on how busy the machine is, and from 10 ms on it takes room.
        line = Lag()
            .Replace(
                line,
                match =>
                {
                    var state = match.Groups["state"].Value;
                    return "direct, 127.0.0.1:27717".PadRight(match.Length - state.Length) + state;
                }
            );
        line = JapaneseLag()
            .Replace(
                line,
                match =>
                    match.Groups["rest"].Value
                    + new string(' ', JapaneseLagCells + match.Groups["digits"].Length)
            );
        return Address()
            .Replace(line, match => "127.0.0.1:27717".PadRight(match.Length)[..Math.Max(match.Length, 15)]);
    }

    private static string NameOf(string role) =>
        string.Concat(
            Guid.NewGuid().ToByteArray().Take(role.Length).Select(value => "bcdfghjkmnpqrstvwxz"[value % 19])
        );

    [GeneratedRegex("pc1[a-z0-9]{20,}", RegexOptions.None, 1000)]
    private static partial Regex FullId();

    [GeneratedRegex(@"^(?<indent> +│   )(?<end>[a-z0-9]{1,40})\.$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EndOfFullId();

    [GeneratedRegex(
        @"(?<=connected, )\d+ ms away, direct, .*?(?<state>not verified|encrypted)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Lag();

    // Three wide characters, two spaces and "ms", without the digits.
    private const int JapaneseLagCells = 10;

    [GeneratedRegex(
        @"(?<=接続中、)往復 (?<digits>\d+) ms、(?<rest>直接接続、127\.0\.0\.1:\d+ *)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex JapaneseLag();

    [GeneratedRegex("~[a-z0-9]{4}-[a-z0-9]{4}", RegexOptions.None, 1000)]
    private static partial Regex ShortId();

    [GeneratedRegex(@"20\d\d-\d\d-\d\d", RegexOptions.None, 1000)]
    private static partial Regex Date();

    [GeneratedRegex(@"\b\d\d:\d\d\b", RegexOptions.None, 1000)]
    private static partial Regex Clock();

    [GeneratedRegex(@"127\.0\.0\.1:\d{1,5} {0,2}|\[?::1\]?:\d{1,5}", RegexOptions.None, 1000)]
    private static partial Regex Address();
}
