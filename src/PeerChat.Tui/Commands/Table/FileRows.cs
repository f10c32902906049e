namespace PeerChat.Tui.Commands.Table;

/// <summary>Files.</summary>
internal static class FileRows
{
    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new("file", CommandGroup.Messages, "Name files by their content, and exchange them with IPFS.")
        {
            Help =
            [
                "cid prints the CID of a file or folder, the same that IPFS gives it under the profile unixfs-v1-2025 (IPIP-499); '-' reads "
                    + "standard input. export writes it with all its blocks into a CAR of version 1. import puts what a CAR holds into a "
                    + "folder, and prints where.",
                "Every block of a CAR is verified, and nothing appears before all of it was. Names that could do harm are changed, nothing is "
                    + "written over, no file is made executable, and symbolic links that lead out of the folder are left out.",
                "Nothing of this is sent to anybody.",
            ],
            Parameters =
            [
                new("ACTION", ParameterKind.Choice, "What to do.")
                {
                    Choices = FileCommand.Verbs,
                    Placeholder = string.Join('|', FileCommand.Verbs),
                    Default = "cid",
                },
                new("PATH", ParameterKind.File, "The file, folder or CAR; '-' for standard input.")
                {
                    Placeholder = "PATH",
                },
                new("--car", ParameterKind.File, "With export: the CAR to write; '-' for standard output.")
                {
                    IsAction = true,
                },
                new(
                    "--into",
                    ParameterKind.Folder,
                    "With import: the folder to put it into; this one when left out."
                ),
                new("--name", ParameterKind.Text, "With import: the name to give it; its CID when left out.")
                {
                    IsAction = true,
                    Placeholder = "NAME",
                },
                new("--hidden", ParameterKind.Flag, "Take hidden files of folders in, too."),
                SharedParameters.Json,
            ],
            TakesProfile = false,
            Examples =
            [
                new("peerchat file cid photo.jpg", "The name that everybody gives these bytes."),
                new("peerchat file export holidays --car holidays.car", "A folder, for IPFS."),
                new("peerchat file import holidays.car --into ~/Pictures --name holidays", "And back."),
            ],
            ExitCodes =
            [
                ExitCode.Done,
                ExitCode.Usage,
                ExitCode.Refused,
                ExitCode.Storage,
                ExitCode.Interrupted,
            ],
            Run = FileCommand.RunAsync,
        },
    ];
}
