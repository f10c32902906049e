using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat export</c> and <c>peerchat import</c>: a chat as text or JSON, and back.</summary>
internal static class ExportCommand
{
    private static string NoTarget => Words.Of("Say either --with PEER or --room ROOM.");

    /// <summary>Writes a chat, through the node that runs, or from the profile itself where none does.</summary>
    public static async Task<int> ExportAsync(Call call, CancellationToken cancellation)
    {
        var (person, room) = call.OneOf("--with", "--room", NoTarget);
        if (person is null && room is null)
        {
            throw new UsageException(NoTarget);
        }

        var file = call.Text("--out") is { } named && named != "-" ? Path.GetFullPath(named) : null;
        var isJson = call.Text("--format") == "json" || (file is null && call.Flag("--json"));
        using var progress = new ProgressLine(Console.Error, Console.IsErrorRedirected);
        var options = call.ToNodeOptions();
        await using var node = await TryAttachAsync(options, call.Row.Name, cancellation);
        using var reader = node is null ? ProfileReader.Open(options) : null;
        var pages = reader?.OpenExport(person, room?.TrimStart('#'));
        async Task<NodeReply.ExportPage> ReadAsync(string? after)
        {
            cancellation.ThrowIfCancellationRequested();
            return pages is not null
                ? pages(after)
                : await node!.AskAsync<NodeReply.ExportPage>(
                    new NodeCommand.ExportMessages(NameOf(person, room), after),
                    cancellation
                );
        }

        if (file is null)
        {
            await ChatExport.WriteAsync(Console.Out, isJson, ReadAsync, _ => { });
            return ExitCode.Done;
        }

        var (chat, count) = await ChatExport.ToFileAsync(
            file,
            call.Flag("--force"),
            isJson,
            ReadAsync,
            written => progress.Show(ChatExport.Progress(written))
        );
        progress.Clear();
        Console.Out.WriteLine(
            call.Flag("--json") ? JsonLines.OfExported(chat, file, count) : ChatExport.Done(count, file)
        );
        return ExitCode.Done;
    }

    /// <summary>Takes an export in.</summary>
    public static async Task<int> ImportAsync(Call call, CancellationToken cancellation)
    {
        var file =
            call.Text("FILE")
            ?? throw new UsageException(Words.Of($"Name the file: peerchat {call.Row.Name} FILE."));
        var (person, room) = call.OneOf("--with", "--room", NoTarget);
        using var progress = new ProgressLine(Console.Error, Console.IsErrorRedirected);
        await using var node = await NodeFace.OpenAsync(
            call.ToNodeOptions(),
            new FaceOptions(call.Row.Name, WithEvents: false),
            cancellation
        );
        var imported = await ChatImport.RunAsync(
            node,
            file,
            person is null && room is null ? null : NameOf(person, room),
            read => progress.Show(ChatImport.Progress(read)),
            cancellation
        );
        progress.Clear();
        Console.Out.WriteLine(
            call.Flag("--json") ? JsonLines.OfImported(imported) : ChatImport.Done(imported)
        );
        return ExitCode.Done;
    }

    /// <summary>The slash form: the file's ending says the format.</summary>
    public static bool SlashExport(IChatCommands chat, string[] words) =>
        words.Length > 0 && chat.ExportChat(PathOf(words));

    /// <summary>The slash form of an import into the chat shown.</summary>
    public static bool SlashImport(IChatCommands chat, string[] words) =>
        words.Length > 0 && chat.ImportChat(PathOf(words));

    /// <summary>Whether a file of that name holds JSON lines.</summary>
    public static bool IsJsonFile(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".JSON" or ".JSONL" or ".NDJSON";

    private static string PathOf(string[] words) =>
        Path.GetFullPath(DroppedPath.Expand(string.Join(' ', words)));

    private static string NameOf(string? person, string? room) =>
        person is not null ? "@" + person.TrimStart('@') : room!.TrimStart('#');

    private static async Task<NodeFace?> TryAttachAsync(
        NodeOptions options,
        string kind,
        CancellationToken cancellation
    )
    {
        if (ProfileReader.LocateSocket(options) is null)
        {
            return null;
        }

        try
        {
            return await NodeFace.OpenAsync(
                options,
                new FaceOptions(kind, Ownership.Never, WithEvents: false),
                cancellation
            );
        }
        catch (NodeStartException nobody) when (nobody.Failure == NodeStartFailure.NotRunning)
        {
            return null;
        }
    }
}
