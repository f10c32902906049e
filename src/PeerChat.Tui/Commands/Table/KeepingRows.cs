namespace PeerChat.Tui.Commands.Table;

/// <summary>What is kept, for how long, and how it is carried elsewhere.</summary>
internal static class KeepingRows
{
    private static readonly int[] Codes =
    [
        ExitCode.Done,
        ExitCode.Usage,
        ExitCode.Refused,
        ExitCode.Storage,
        ExitCode.Interrupted,
    ];

    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new(
            "retention",
            CommandGroup.Messages,
            "Keep the messages of a chat for a time only, on this machine."
        )
        {
            Help =
            [
                "Without TIME it says what holds; off keeps everything again. What is older is deleted here, for good, with what was derived "
                    + "from it and the keys that it needs; others keep theirs. It asks before it deletes anything.",
            ],
            Parameters =
            [
                new("TIME", ParameterKind.Text, "For how long: 90d, 2w, 12h, or off."),
                new("--with", ParameterKind.Peer, "The chat with this contact."),
                new("--room", ParameterKind.Room, "The chat of this room.") { Short = "-r" },
                new("--yes", ParameterKind.Flag, "Delete without a question.") { IsAction = true },
                SharedParameters.Json,
                SharedParameters.Timeout("How long to wait for the answer.", TimeSpan.FromSeconds(30)),
            ],
            Examples =
            [
                new("peerchat retention --room dev 90d", "Asks, then keeps three months."),
                new("peerchat retention --with bob off", "Keeps everything from now on."),
            ],
            ExitCodes = [.. Codes, ExitCode.NobodyFound, ExitCode.OwnerGone],
            Run = RetentionCommand.RunAsync,
            Methods = [typeof(Node.NodeCommand.SetRetention), typeof(Node.NodeCommand.GetRetention)],
            Slash =
            [
                new("/retention", "[TIME|off]", "keep this chat for a time only", RetentionCommand.Slash),
            ],
        },
        new("export", CommandGroup.Messages, "Write all messages of a chat, as text or JSON.")
        {
            Help =
            [
                "What is written is readable for everybody who has it. json is what 'peerchat import' reads; its lines are those of 'peerchat history --json'.",
            ],
            Parameters =
            [
                new("--with", ParameterKind.Peer, "The chat with this contact."),
                new("--room", ParameterKind.Room, "The chat of this room.") { Short = "-r" },
                new("--format", ParameterKind.Choice, "text or json.")
                {
                    Choices = ChatExport.Formats,
                    Placeholder = string.Join('|', ChatExport.Formats),
                    Default = "text",
                },
                new("--out", ParameterKind.File, "The file to write; standard output when left out.")
                {
                    Short = "-o",
                    IsAction = true,
                },
                new("--force", ParameterKind.Flag, "Replace the file where it is there already.")
                {
                    IsAction = true,
                },
                SharedParameters.Json,
            ],
            Examples = [new("peerchat export --room dev --format json --out dev.jsonl", "For an archive.")],
            ExitCodes = [.. Codes, ExitCode.OwnerGone],
            Run = ExportCommand.ExportAsync,
            Methods = [typeof(Node.NodeCommand.ExportMessages)],
            Slash =
            [
                new(
                    "/export",
                    "FILE",
                    "write this chat to a file; .jsonl for import, others as text",
                    ExportCommand.SlashExport
                ),
            ],
        },
        new("import", CommandGroup.Messages, "Show the messages of an export in a chat, marked as imported.")
        {
            Help =
            [
                "They stand among the others by their time, are searched, and stay on this machine: nobody vouches for who wrote them, so they "
                    + "are sent to nobody. What is in the chat already is left out, so an import can be repeated.",
                "Of files an export holds only the names. 'peerchat recall imported-N' takes a single message away again.",
            ],
            Parameters =
            [
                new("FILE", ParameterKind.File, "The export in JSON."),
                new(
                    "--with",
                    ParameterKind.Peer,
                    "The chat with this contact; where neither is said, the chat that the export names."
                ),
                new("--room", ParameterKind.Room, "The chat of this room.") { Short = "-r" },
                SharedParameters.Json,
            ],
            Examples = [new("peerchat import dev.jsonl --room dev", "On another machine.")],
            ExitCodes = [.. Codes, ExitCode.NobodyFound, ExitCode.OwnerGone],
            Run = ExportCommand.ImportAsync,
            Methods = [typeof(Node.NodeCommand.ImportMessages)],
            Slash =
            [
                new(
                    "/import",
                    "FILE",
                    "show an export in this chat, marked as imported",
                    ExportCommand.SlashImport
                ),
            ],
        },
        new(
            "bundle",
            CommandGroup.Messages,
            "Carry a chat in a file between members who are never online at the same time."
        )
        {
            Help =
            [
                "export writes what is here of a chat, signed and sealed, into a file that only its members can open: on a USB stick, by mail, "
                    + "over any way. import takes it in, checked as if it had come over a connection. What you write counts as delivered once a "
                    + "bundle comes back, or when you meet. Whoever carries the file sees its size.",
            ],
            Parameters =
            [
                new("ACTION", ParameterKind.Choice, "What to do.")
                {
                    Choices = BundleCommand.Verbs,
                    Placeholder = string.Join('|', BundleCommand.Verbs),
                },
                new("FILE", ParameterKind.File, "The bundle."),
                new("--with", ParameterKind.Peer, "With export: the chat with this contact."),
                new("--room", ParameterKind.Room, "With export: the chat of this room.") { Short = "-r" },
                new("--force", ParameterKind.Flag, "Replace the file where it is there already.")
                {
                    IsAction = true,
                },
                SharedParameters.Json,
            ],
            Examples =
            [
                new("peerchat bundle export --with bob /media/stick/for-bob", "Takes the stick to bob."),
                new("peerchat bundle import /media/stick/for-bob", "At bob's."),
            ],
            ExitCodes = [.. Codes, ExitCode.NobodyFound, ExitCode.OwnerGone],
            Run = BundleCommand.RunAsync,
            Methods = [typeof(Node.NodeCommand.ImportFrames)],
        },
        new("backup", CommandGroup.Running, "Copy the whole profile into one file, also while PeerChat runs.")
        {
            Help =
            [
                "The file holds identity, contacts, rooms and history as of one moment, and what protects it is the passphrase of that moment. "
                    + "The keys by which this installation signs are not in it: a restored profile makes new ones, so that never two copies "
                    + "write in one place.",
            ],
            Parameters =
            [
                new("FILE", ParameterKind.File, "The file to write."),
                new("--force", ParameterKind.Flag, "Replace the file where it is there already.")
                {
                    IsAction = true,
                },
                SharedParameters.Json,
            ],
            Examples = [new("peerchat backup /media/stick/alice.peerchat", "Everything, in one file.")],
            ExitCodes = Codes,
            Run = CommandRow.AtOnce(BackupCommand.RunBackup),
        },
        new(
            "repair",
            CommandGroup.Running,
            "Look whether the history is sound, and save what is whole where it is damaged."
        )
        {
            Help =
            [
                "Where the file is damaged, everything in it that is whole goes into a new one; the damaged one is kept beside it. What is missing comes "
                    + "again from the members of each chat. No PeerChat may run on the profile meanwhile.",
            ],
            Parameters = [SharedParameters.Json],
            Examples = [new("peerchat repair", "After the disk had trouble.")],
            ExitCodes = Codes,
            Run = CommandRow.AtOnce(RepairCommand.Run),
        },
        new("restore", CommandGroup.Running, "Make a profile from a backup; it never replaces one.")
        {
            Parameters = [new("FILE", ParameterKind.File, "The backup."), SharedParameters.Json],
            Examples = [new("peerchat restore /media/stick/alice.peerchat", "On a new machine.")],
            ExitCodes = Codes,
            Run = CommandRow.AtOnce(BackupCommand.RunRestore),
        },
    ];
}
