namespace PeerChat.Benchmarks.Screens;

/// <summary>The programs that are measured beside each other.</summary>
internal static class ScreenPrograms
{
    private const string AltHome = "\e[1;3H";
    private const string AltEnd = "\e[1;3F";

    /// <summary>Their names, for <c>--only</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["peerchat", "peerchat-screen", "weechat", "irssi", "profanity", "toxic"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ScreenProgramUnderTest> All(ScreenOptions options) =>
        [PeerChat(options), ScreenAlone(), WeeChat(), Irssi(), Profanity(), Toxic()];

    private static ScreenProgramUnderTest PeerChat(ScreenOptions options)
    {
        var (name, friend) = ($"sam-{Environment.ProcessId}", $"ben-{Environment.ProcessId}");
        return new(
            "peerchat",
            options.Program,
            _ => ["--user", name, "--room", $"room-{Environment.ProcessId}"],
            // The status line is the last but one of the first frame, which is there before the node
            session => session.Shows("starting") || session.Shows($"{name}~")
        )
        {
            Feed = async home =>
            {
                var feed = await PeerFeed.StartAsync(friend, Path.Combine(home, "friend"));
                return (feed, ["--user", name, "--join", friend]);
            },
            HideColumns = "\el",
            ToOldest = AltHome,
            ToNewest = AltEnd,
        };
    }

    // The runtime's settings that peerchat itself has (decision 0130), in the hexadecimal of variables
    private static readonly string[] AsThePrograms =
    [
        "DOTNET_TieredPGO=0",
        "DOTNET_GCgen0MaxBudget=200000",
        "DOTNET_GCRegionSize=100000",
        "DOTNET_gcConcurrent=0",
    ];

    private static ScreenProgramUnderTest ScreenAlone() =>
        new(
            "peerchat-screen",
            "/usr/bin/env",
            _ => [.. AsThePrograms, Environment.ProcessPath!, AloneScreen.Verb],
            session => session.Shows(AloneScreen.First)
        )
        {
            Feed = home =>
            {
                var path = Path.Combine(home, "feed");
                return Task.FromResult<(IScreenFeed, IReadOnlyList<string>)>(
                    (
                        new AloneFeed(path),
                        [.. AsThePrograms, Environment.ProcessPath!, AloneScreen.Verb, path]
                    )
                );
            },
            HideColumns = "\el",
            ToOldest = AltHome,
            ToNewest = AltEnd,
        };

    private static ScreenProgramUnderTest WeeChat() =>
        new(
            "weechat",
            "/usr/bin/weechat",
            home => ["-d", Path.Combine(home, "weechat")],
            session => session.Shows("[core]")
        )
        {
            Feed = home =>
            {
                var server = new IrcServer();
                string[] arguments =
                [
                    "-d",
                    Path.Combine(home, "weechat"),
                    "-r",
                    $"/server add bench 127.0.0.1/{server.Port}",
                    "-r",
                    "/connect bench",
                ];
                return Task.FromResult<(IScreenFeed, IReadOnlyList<string>)>((server, arguments));
            },
            HideColumns = "/bar hide buflist\r/bar hide nicklist\r",
            ToOldest = AltHome,
            ToNewest = AltEnd,
        };

    private static ScreenProgramUnderTest Irssi() =>
        new(
            "irssi",
            "/usr/bin/irssi",
            home => [$"--home={Path.Combine(home, "irssi")}"],
            session => session.Shows("[(status)]")
        )
        {
            Feed = home =>
            {
                var server = new IrcServer();
                return Task.FromResult<(IScreenFeed, IReadOnlyList<string>)>(
                    (
                        server,
                        [
                            $"--home={Path.Combine(home, "irssi")}",
                            "-c",
                            "127.0.0.1",
                            "-p",
                            $"{server.Port}",
                            "-n",
                            "me",
                        ]
                    )
                );
            },
            ToOldest = "/scrollback home\r",
            ToNewest = "/scrollback end\r",
        };

    private static ScreenProgramUnderTest Profanity() =>
        new("profanity", "/usr/bin/profanity", _ => [], session => session.Shows("[offline]"))
        {
            Feed = home =>
            {
                var server = new XmppServer();
                var folder = Directory.CreateDirectory(Path.Combine(home, "data", "profanity")).FullName;
                File.WriteAllText(
                    Path.Combine(folder, "accounts"),
                    $"""
                    [bench]
                    enabled=true
                    jid=me@localhost
                    server=127.0.0.1
                    port={server.Port}
                    resource=here
                    password=x
                    tls.policy=disable
                    presence.last=online
                    presence.login=online

                    """
                );
                return Task.FromResult<(IScreenFeed, IReadOnlyList<string>)>((server, ["-a", "bench"]));
            },
        };

    private static ScreenProgramUnderTest Toxic() =>
        new(
            "toxic",
            "/usr/bin/toxic",
            home => ["-o", "-f", Path.Combine(home, "data.tox")],
            session => session.Shows("[Home]")
        )
        {
            Prepare = home =>
            {
                Directory.CreateDirectory(Path.Combine(home, "config", "tox"));
                using var first = new ScreenSession(
                    "/usr/bin/toxic",
                    ["-o", "-f", Path.Combine(home, "data.tox")],
                    home
                );
                first.Until(() => first.Shows("encrypt"), TimeSpan.FromSeconds(5));
                first.Type("n\r");
                first.Until(() => first.Shows("[Home]"), TimeSpan.FromSeconds(5));
                first.End();
            },
            WhyNotFed =
                "not fed: it needs a second Tox whose request is accepted by hand, so there are no lines, no burst and nothing that could be sent",
        };
}
