using PeerChat.Node;
using PeerChat.Node.Files;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat file send|get|list|cancel</c>: files between people.</summary>
internal static class FileTransfers
{
    /// <summary>How far a sent file is to come before the command ends.</summary>
    public static IReadOnlyList<string> Waits { get; } = ["announced", "delivered", "fetched"];

    private const string Standard = "-";

    private static string NoTarget => Words.Of("Say either --join PEER or --room ROOM.");

    /// <summary>Announces a file, and gives it to whoever asks as long as the command waits.</summary>
    public static async Task<int> SendAsync(Call call, CancellationToken cancellation)
    {
        var (peer, room) = call.OneOf("--join", "--room", NoTarget);
        if (peer is null && room is null)
        {
            throw new UsageException(NoTarget);
        }

        var source = Needed(call);
        using var spool = source == Standard ? Spool(call, cancellation) : null;
        var path = spool?.Path ?? Path.GetFullPath(DroppedPath.Expand(source));
        if (!Path.Exists(path))
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                Words.Of($"There is nothing at {path}; check the path.")
            );
        }

        var target = new ChatTarget(peer, room?.TrimStart('#'), call.Text("--peer"));
        return await WithNode(
            call,
            async (following, token) =>
            {
                var chat = await following.JoinAsync(target, token);
                var started = await following.Node.AskAsync<NodeReply.FileStarted>(
                    new NodeCommand.SendFile(
                        chat,
                        path,
                        Reference.Make(),
                        call.Flag("--hidden"),
                        call.Flag("--keep-metadata"),
                        call.Text("--name") ?? (source == Standard ? Words.Of("standard input") : null),
                        source == Standard
                    ),
                    token
                );
                spool?.HandOver();
                return await following.RunAsync(started.File, call.Text("--wait") ?? "fetched", token);
            },
            Words.Of("The file stays announced; it is given whenever both run."),
            cancellation
        );
    }

    /// <summary>Fetches a file and waits until it lies in its place.</summary>
    public static async Task<int> GetAsync(Call call, CancellationToken cancellation)
    {
        var id = Needed(call);
        var (peer, room) = call.OneOf("--join", "--room", NoTarget);
        var output = call.Text("--output");
        var spool = output == Standard ? Directory.CreateTempSubdirectory("peerchat-get-") : null;
        var (folder, name) = spool is null ? PlaceOf(output) : (spool.FullName, null);
        try
        {
            return await WithNode(
                call,
                async (following, token) =>
                {
                    following.IsQuiet = spool is not null;
                    var chat =
                        peer is null && room is null
                            ? ""
                            : await following.JoinAsync(
                                new ChatTarget(peer, room?.TrimStart('#'), call.Text("--peer")),
                                token
                            );
                    var started = await following.Node.AskAsync<NodeReply.FileStarted>(
                        new NodeCommand.GetFile(chat, id, folder, name ?? call.Text("--name")),
                        token
                    );
                    await following.LookForAsync(started.File.Chat, token);
                    var code = await following.RunAsync(started.File, "complete", token);
                    if (code == ExitCode.Done && spool is not null)
                    {
                        await WriteAsync(following.Last!.Path!, token);
                    }

                    return code;
                },
                Words.Of("What came so far is kept; get it again to go on."),
                cancellation
            );
        }
        finally
        {
            spool?.Delete(recursive: true);
        }
    }

    /// <summary>Lists files.</summary>
    public static Task<int> ListAsync(Call call, CancellationToken cancellation) =>
        AskAsync(call, chat => new NodeCommand.ListFiles(chat), cancellation);

    /// <summary>Gives up what is read or fetched.</summary>
    public static Task<int> CancelAsync(Call call, CancellationToken cancellation)
    {
        var id = Needed(call);
        return AskAsync(call, chat => new NodeCommand.CancelFile(chat ?? "", id), cancellation);
    }

    /// <summary>Says which files come by themselves, or what holds.</summary>
    public static Task<int> AutoAsync(Call call, CancellationToken cancellation)
    {
        var word = call.Text("PATH");
        return AutoFetchWords.Command(word, null) is null
            ? throw new UsageException(
                Words.Of($"Say nothing, pictures, all or default: peerchat file auto pictures --room dev.")
            )
            : AskAsync(call, chat => AutoFetchWords.Command(word, chat)!, cancellation);
    }

    private static Task<int> AskAsync(
        Call call,
        Func<string?, NodeCommand> make,
        CancellationToken cancellation
    )
    {
        var (peer, room) = call.OneOf("--join", "--room", NoTarget);
        return NodeQuestion.RunAsync(
            call,
            async (node, token) =>
                make(
                    peer is null && room is null
                        ? null
                        : (
                            await node.AskAsync<NodeReply.Opened>(
                                new ChatTarget(peer, room?.TrimStart('#'), null).ToJoin(),
                                token
                            )
                        )
                            .Chat
                            .Chat
                ),
            cancellation
        );
    }

    private static async Task<int> WithNode(
        Call call,
        Func<FileFollowing, CancellationToken, Task<int>> run,
        string consequence,
        CancellationToken cancellation
    )
    {
        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        using var progress = new ProgressLine(Console.Error, Console.IsErrorRedirected);
        await using var node = await NodeFace.OpenAsync(
            call.ToNodeOptions() with
            {
                ReleaseOutboxUnasked = true,
            },
            new FaceOptions("file"),
            cancellation
        );
        var following = new FileFollowing(node, call.Flag("--json"), progress);
        try
        {
            return await run(following, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            progress.Clear();
            PeerChatCommandLine.Say(
                Words.Of($"That did not happen within {Timeouts.Format(deadline.Limit)}.") + " " + consequence
            );
            return ExitCode.NobodyFound;
        }
    }

    private static string Needed(Call call)
    {
        var verb = call.Text("ACTION")!;
        var what = verb == "send" ? "PATH" : "ID";
        return call.Text("PATH")
            ?? throw new UsageException(Words.Of($"Say which: peerchat file {verb} {what}."));
    }

    /// <summary>The folder and the name that the user means; null for the name it was announced with.</summary>
    private static (string Folder, string? Name) PlaceOf(string? output)
    {
        var path = Path.GetFullPath(DroppedPath.Expand(output ?? "."));
        if (output is null || Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
        {
            return (path, null);
        }

        return Path.Exists(path)
            ? throw new CommandFailedException(
                ExitCode.Usage,
                Words.Of($"{path} is there already and stays as it is; choose another name.")
            )
            : (Path.GetDirectoryName(path)!, Path.GetFileName(path));
    }

    // The node may be another process, and reads what it seals from a path
    private static SpoolFile Spool(Call call, CancellationToken cancellation)
    {
        using var input = Console.OpenStandardInput();
        return SpoolFile.Create(ProfileReader.Locate(call.ToNodeOptions()).Folder, input, cancellation);
    }

    private static async Task WriteAsync(string path, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                Words.Of("A folder cannot be written to standard output; name a folder with -o.")
            );
        }

        await using var output = StandardOutput.Open();
        await using var input = File.OpenRead(path);
        await input.CopyToAsync(output, cancellation);
    }
}
