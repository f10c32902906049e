using PeerChat.Node;

namespace PeerChat.Tui.Commands.Table;

/// <summary>Files.</summary>
internal static class FileRows
{
    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new(
            "file",
            CommandGroup.Messages,
            "Send and fetch files, show pictures, name files by their content."
        )
        {
            Help =
            [
                "send announces a file or folder to a chat and gives it, encrypted block by block, to whoever asks; '-' sends standard input. "
                    + "Unless --wait says otherwise it stays until somebody has all of it; with a daemon running, --wait announced is enough. "
                    + "Pictures lose what cameras write about place, time and device; --keep-metadata leaves it in.",
                "get fetches what somebody announced, from everybody who has any of it at once, and goes on where it was after whatever "
                    + "happened. ID is a message's id, its first 6 digits or more, or a number: 1 is the newest file. It is done when every block was "
                    + "verified and the file lies in its place; nothing is ever written over. -o names another place, '-' standard output.",
                "list shows the files of a chat or of all, cancel gives up what is read or fetched. Taking an announcement back, with 'recall', "
                    + "deletes the blocks everywhere.",
                "auto says which files of a chat, or of all, come without being asked for: nothing, pictures (of at most 1 MiB, from pinned "
                    + "contacts; so where nobody says otherwise) or all (of at most 64 MiB); 'default' makes a chat go by what holds for all. "
                    + "Without a word it says what holds. What comes by itself is kept, shown where it is a picture, and put into no folder.",
                "show draws a PNG, JPEG or GIF (its first frame) in the terminal: by the graphics of kitty or sixels where the environment says "
                    + "that the terminal has them, else in half blocks.",
                "cid prints the CID of a file or folder, the same that IPFS gives it under the profile unixfs-v1-2025 (IPIP-499); '-' reads "
                    + "standard input. export writes it with all its blocks into a CAR of version 1. import puts what a CAR holds into a "
                    + "folder, and prints where. Nothing of these three is sent to anybody.",
                "fetch gets what a CID names from an IPFS node or gateway: this machine's own, or the one that --gateway names. Every block is "
                    + "verified, so it need not be trusted; it learns what is fetched. pin gives a file to an IPFS node, which keeps it and gives it "
                    + "to everybody who asks: --publish says that you mean it. Neither happens for what is sent in chats.",
                "Names that could do harm are changed, no file is made executable, and symbolic links that lead out of the folder are left out.",
            ],
            Parameters =
            [
                new("ACTION", ParameterKind.Choice, "What to do.")
                {
                    Choices = FileCommand.Verbs,
                    Placeholder = string.Join('|', FileCommand.Verbs),
                    Default = "list",
                },
                new("PATH", ParameterKind.File, "The file, folder or CAR, or the ID; '-' for standard input.")
                {
                    Placeholder = "PATH|ID",
                },
                new("--join", ParameterKind.Peer, "In the chat with this contact or full id."),
                new("--room", ParameterKind.Room, "In this open or private room."),
                SharedParameters.Address,
                new("--output", ParameterKind.File, "With get: where to put it; this folder when left out.")
                {
                    Short = "-o",
                    IsAction = true,
                },
                new(
                    "--wait",
                    ParameterKind.Choice,
                    "With send: how far it is to come before the command ends."
                )
                {
                    Choices = FileTransfers.Waits,
                    Placeholder = string.Join('|', FileTransfers.Waits),
                    Default = "fetched",
                },
                new(
                    "--keep-metadata",
                    ParameterKind.Flag,
                    "With send: leave in pictures what cameras write."
                ),
                new("--car", ParameterKind.File, "With export: the CAR to write; '-' for standard output.")
                {
                    IsAction = true,
                },
                new(
                    "--into",
                    ParameterKind.Folder,
                    "With import and fetch: the folder to put it into; this one when left out."
                ),
                new(
                    "--gateway",
                    ParameterKind.Text,
                    "With fetch: the IPFS node or gateway to ask; http://127.0.0.1:8080 when left out."
                )
                {
                    Placeholder = "URL",
                },
                new(
                    "--max-size",
                    ParameterKind.Number,
                    "With fetch: the most MiB it may have; 16,384 when left out."
                ),
                new(
                    "--ipfs",
                    ParameterKind.Text,
                    "With pin: the API of the IPFS node; http://127.0.0.1:5001 when left out."
                )
                {
                    Placeholder = "URL",
                },
                new("--publish", ParameterKind.Flag, "With pin: publish it, for everybody and for good.")
                {
                    IsAction = true,
                },
                new("--name", ParameterKind.Text, "The name to give it; its own, or its CID, when left out.")
                {
                    IsAction = true,
                    Placeholder = "NAME",
                },
                new("--hidden", ParameterKind.Flag, "Take hidden files of folders in, too."),
                new("--as", ParameterKind.Choice, "With show: how to draw.")
                {
                    Choices = FilePreview.Ways,
                    Placeholder = string.Join('|', FilePreview.Ways),
                    Default = "auto",
                },
                new(
                    "--width",
                    ParameterKind.Number,
                    "With show: columns to fill; the terminal's when left out."
                )
                {
                    Maximum = 500,
                },
                SharedParameters.Json,
                new(
                    "--timeout",
                    ParameterKind.Time,
                    "With send and get: how long to wait; without an end when left out."
                ),
            ],
            Examples =
            [
                new("peerchat file send photo.jpg --join bob", "Bob gets it; wait until he has it."),
                new(
                    "tar c src | peerchat file send - --room dev --name src.tar",
                    "What another program writes."
                ),
                new("peerchat file get 1 -o ~/Pictures", "The newest file, from whoever has it."),
                new("peerchat file auto all --room dev", "Whatever this room shares comes by itself."),
                new("peerchat file show photo.jpg", "In the terminal."),
                new("peerchat file cid photo.jpg", "The name that everybody gives these bytes."),
                new("peerchat file import holidays.car --into ~/Pictures --name holidays", "From IPFS."),
                new(
                    "peerchat file fetch CID --gateway https://ipfs.example --name photos",
                    "From a gateway, verified."
                ),
            ],
            ExitCodes =
            [
                ExitCode.Done,
                ExitCode.Usage,
                ExitCode.NobodyFound,
                ExitCode.Refused,
                ExitCode.Storage,
                ExitCode.OwnerGone,
                ExitCode.Interrupted,
            ],
            Run = FileCommand.RunAsync,
            Methods =
            [
                typeof(NodeCommand.SendFile),
                typeof(NodeCommand.GetFile),
                typeof(NodeCommand.CancelFile),
                typeof(NodeCommand.ListFiles),
                typeof(NodeCommand.ReadFile),
                typeof(NodeCommand.SetAutoFetch),
            ],
            Slash =
            [
                new(
                    "/file",
                    "PATH",
                    "send a file or folder",
                    (chat, words) => words.Length >= 1 && chat.SendFile(string.Join(' ', words))
                ),
                new(
                    "/get",
                    "[FILE]",
                    "fetch a file; 1 is the newest",
                    (chat, words) =>
                        words.Length <= 1
                        && chat.AskOfChat(key => new NodeCommand.GetFile(
                            key,
                            words.Length == 1 ? words[0] : "1"
                        ))
                ),
                new(
                    "/files",
                    "",
                    "list the files of this chat",
                    (chat, _) => chat.AskOfChat(key => new NodeCommand.ListFiles(key))
                ),
                new(
                    "/cancel",
                    "[FILE]",
                    "give up what is read or fetched",
                    (chat, words) =>
                        words.Length <= 1
                        && chat.AskOfChat(key => new NodeCommand.CancelFile(
                            key,
                            words.Length == 1 ? words[0] : "1"
                        ))
                ),
                new(
                    "/show",
                    "[FILE]",
                    "show a picture as large as it goes; 1 is the newest",
                    (chat, words) => words.Length <= 1 && chat.ShowPicture(words.FirstOrDefault())
                ),
                new(
                    "/autofetch",
                    "nothing|pictures|all|default",
                    "which files come by themselves",
                    (chat, words) =>
                        words.Length <= 1
                        && AutoFetchWords.Command(words.FirstOrDefault(), null) is not null
                        && chat.AskOfChat(key => AutoFetchWords.Command(words.FirstOrDefault(), key)!)
                ),
            ],
        },
    ];
}
