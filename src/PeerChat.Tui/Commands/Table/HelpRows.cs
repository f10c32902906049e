namespace PeerChat.Tui.Commands.Table;

/// <summary>Help and setting up.</summary>
internal static class HelpRows
{
    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new("help", CommandGroup.Help, "Say what there is, or more about one command.")
        {
            Parameters = [new("COMMAND", ParameterKind.Text, "Which command.") { Placeholder = "COMMAND" }],
            TakesProfile = false,
            Examples = [new("peerchat help send", "The same as peerchat send --help.")],
            ExitCodes = [ExitCode.Done, ExitCode.Usage],
            Run = CommandRow.AtOnce(HelpCommands.RunHelp),
            Slash =
            [
                new(
                    "/help",
                    "[COMMAND|keys]",
                    "show this, or one command, or the keys and marks",
                    (chat, words) => words.Length <= 1 && chat.Help(words.ElementAtOrDefault(0))
                ),
                new(
                    "/theme",
                    "[16|dark|light|none]",
                    "say which colours there are, or take others",
                    (chat, words) => words.Length <= 1 && chat.ChooseTheme(words.ElementAtOrDefault(0))
                )
                {
                    IsForScreen = true,
                },
                new(
                    "/mouse",
                    "[on|off]",
                    "use the mouse here, or leave it to the terminal",
                    (chat, words) => words.Length <= 1 && chat.UseMouse(words.ElementAtOrDefault(0))
                )
                {
                    IsForScreen = true,
                },
                new(
                    "/notify",
                    "[off|highlight|all]",
                    "of what the bell and the desktop tell",
                    (chat, words) => words.Length <= 1 && chat.NotifyOf(words.ElementAtOrDefault(0))
                )
                {
                    IsForScreen = true,
                },
                new(
                    "/lang",
                    "[TAG]",
                    "speak another language: en, es, fr, de, ja",
                    (chat, words) => words.Length <= 1 && chat.ChooseLanguage(words.ElementAtOrDefault(0))
                ),
            ],
        },
        new("completion", CommandGroup.Help, "Print a completion script for a shell.")
        {
            Parameters =
            [
                new("SHELL", ParameterKind.Choice, "Which shell.")
                {
                    Choices = ["bash", "zsh", "fish", "powershell"],
                    Placeholder = "bash|zsh|fish|powershell",
                },
            ],
            TakesProfile = false,
            Examples =
            [
                new("source <(peerchat completion bash)", "For this bash; in ~/.bashrc for all."),
                new(
                    "peerchat completion fish > ~/.config/fish/completions/peerchat.fish",
                    "For fish, once and for all."
                ),
            ],
            ExitCodes = [ExitCode.Done, ExitCode.Usage],
            Run = CommandRow.AtOnce(HelpCommands.RunCompletion),
        },
        new("man", CommandGroup.Help, "Print the manual page, as man reads it.")
        {
            TakesProfile = false,
            Examples = [new("peerchat man | man -l -", "Read it.")],
            ExitCodes = [ExitCode.Done],
            Run = CommandRow.AtOnce(_ => HelpCommands.RunManual()),
        },
        new(
            "command-reference",
            CommandGroup.Help,
            "Print the commands in Markdown, as docs/SCRIPTING.md holds them."
        )
        {
            TakesProfile = false,
            IsHidden = true,
            ExitCodes = [ExitCode.Done],
            Run = CommandRow.AtOnce(_ => HelpCommands.RunReference()),
        },
        new("complete", CommandGroup.Help, "Print the words that a value may be, for the completion scripts.")
        {
            Parameters =
            [
                new("WHAT", ParameterKind.Choice, "What kind of word.")
                {
                    Choices = ["peers", "rooms", "users", "interfaces"],
                    Placeholder = "peers|rooms|users|interfaces",
                },
            ],
            IsHidden = true,
            ExitCodes = [ExitCode.Done],
            Run = CommandRow.AtOnce(HelpCommands.RunComplete),
        },
        new(
            "keydump",
            CommandGroup.Help,
            "Show what the terminal sends for each key, and what PeerChat takes it for."
        )
        {
            TakesProfile = false,
            Help =
            [
                "For keys that do nothing or the wrong thing: press them and compare. Ctrl-C twice ends it. Pasting, the mouse and changes of the focus "
                    + "are shown too.",
            ],
            Examples = [new("peerchat keydump", "Then press the keys in question.")],
            ExitCodes = [ExitCode.Done, ExitCode.Usage],
            Run = CommandRow.AtOnce(_ => KeyDumpCommand.Run()),
        },
        new("demo", CommandGroup.Help, "Try it alone: you are alice, bob answers from a second process.")
        {
            Parameters = SharedParameters.Screen,
            TakesProfile = false,
            Examples = [new("peerchat demo", "Needs no network and leaves nothing behind.")],
            ExitCodes = [ExitCode.Done, ExitCode.Interrupted],
            Run = DemoCommand.RunAsync,
        },
        new("demo-peer", CommandGroup.Help, "The other side of the demo.")
        {
            IsHidden = true,
            ExitCodes = [ExitCode.Done],
            Run = DemoCommand.RunPeerAsync,
        },
    ];
}
