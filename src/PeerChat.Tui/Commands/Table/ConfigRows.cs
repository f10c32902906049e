namespace PeerChat.Tui.Commands.Table;

/// <summary>The configuration.</summary>
internal static class ConfigRows
{
    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new("config", CommandGroup.Help, "Show, explain and change the configuration file.")
        {
            Help =
            [
                "get prints what counts for a key, or everything that somebody has set. set and unset change the file and keep all else in it. "
                    + "list shows every key, explain what a key means and where its value comes from: a flag, an environment variable, the "
                    + "file and its line, or the default. path prints where the file lies, edit opens it with VISUAL or EDITOR, example "
                    + "prints a whole file with every key.",
                "A key such as send.timeout is for one command and wins over the general one, timeout. Lists have commas between.",
            ],
            Parameters =
            [
                new("ACTION", ParameterKind.Choice, "What to do.")
                {
                    Choices = ConfigCommand.Verbs,
                    Placeholder = string.Join('|', ConfigCommand.Verbs),
                    Default = "list",
                },
                new("KEY", ParameterKind.Text, "Which key.") { Placeholder = "KEY" },
                new("VALUE", ParameterKind.Text, "What it shall be; with set.") { Placeholder = "VALUE" },
                SharedParameters.Json,
            ],
            Examples =
            [
                new("peerchat config set send.timeout 1m", "Let send try longer."),
                new("peerchat config explain user", "Why one is who one is."),
                new("peerchat config example | less", "Every key there is."),
            ],
            ExitCodes = [ExitCode.Done, ExitCode.Usage, ExitCode.NobodyFound, ExitCode.Storage],
            Run = (call, _) => ConfigCommand.RunAsync(call),
        },
    ];
}
