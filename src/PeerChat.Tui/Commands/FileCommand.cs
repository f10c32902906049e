using PeerChat.Node.Files;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat file</c>: files by their content.</summary>
internal static class FileCommand
{
    private const string Standard = "-";
    private const string LocalGateway = "http://127.0.0.1:8080"; // where Kubo listens
    private const string LocalApi = "http://127.0.0.1:5001";
    private const int DefaultMaxMebibytes = 16 * 1024;

    /// <summary>What can be done, in the order of the help.</summary>
    public static IReadOnlyList<string> Verbs { get; } =
    ["send", "get", "list", "cancel", "auto", "show", "cid", "export", "import", "fetch", "pin"];

    /// <summary>Runs it. The work blocks, so it is done on another thread.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var verb = call.Text("ACTION")!;
        switch (verb)
        {
            case "send":
                return await FileTransfers.SendAsync(call, cancellation);
            case "get":
                return await FileTransfers.GetAsync(call, cancellation);
            case "list":
                return await FileTransfers.ListAsync(call, cancellation);
            case "cancel":
                return await FileTransfers.CancelAsync(call, cancellation);
            case "auto":
                return await FileTransfers.AutoAsync(call, cancellation);
            default:
                break;
        }

        var path =
            call.Text("PATH")
            ?? throw new UsageException(Words.Of($"Say what to work on: peerchat file {verb} PATH."));
        if ((call.Text("--car") is not null) != (verb == "export"))
        {
            throw new UsageException(
                verb == "export"
                    ? Words.Of(
                        "Say where the CAR goes: peerchat file export PATH --car FILE (or '-' for standard output)."
                    )
                    : Words.Of("--car is where 'file export' writes to; leave it out.")
            );
        }

        using var progress = new ProgressLine(Console.Error, Console.IsErrorRedirected);
        try
        {
            return await Task.Run(
                () => Run(verb, path, call, progress, cancellation),
                CancellationToken.None
            );
        }
        catch (FileException failed)
        {
            progress.Clear();
            throw new CommandFailedException(CodeOf(failed.Failure), failed.Message);
        }
    }

    private static int Run(
        string verb,
        string path,
        Call call,
        ProgressLine progress,
        CancellationToken cancellation
    )
    {
        var isJson = call.Flag("--json");
        var withHidden = call.Flag("--hidden");
        switch (verb)
        {
            case "fetch":
                return Fetch(path, call, isJson, progress, cancellation);
            case "pin":
                return Pin(path, call, isJson, progress, cancellation);
            case "cid":
                var found =
                    path == Standard
                        ? FileContent.CidOf(Console.OpenStandardInput(), progress.Show, cancellation)
                        : FileContent.CidOf(path, withHidden, progress.Show, cancellation);
                progress.Clear();
                Console.Out.WriteLine(isJson ? JsonLines.Of(found, path) : found.Cid);
                SayHidden(found);
                return ExitCode.Done;
            case "show":
                var (columns, rows) = FilePreview.TerminalSize();
                Console.Out.Write(
                    FilePreview.Draw(
                        path,
                        call.Text("--as") ?? "auto",
                        Environment.GetEnvironmentVariable,
                        call.Number("--width") ?? columns,
                        rows
                    )
                );
                return ExitCode.Done;
            case "export":
                return Export(path, call.Text("--car")!, withHidden, isJson, progress, cancellation);
            default:
                var placed = FileContent.ImportCar(
                    path,
                    path == Standard ? Console.OpenStandardInput() : null,
                    call.Text("--into") ?? ".",
                    call.Text("--name"),
                    progress.Show,
                    cancellation
                );
                progress.Clear();
                Console.Out.WriteLine(isJson ? JsonLines.Of(placed) : PlainText.Clean(placed.Path));
                SayChanges(placed);
                return ExitCode.Done;
        }
    }

    private static int Fetch(
        string path,
        Call call,
        bool isJson,
        ProgressLine progress,
        CancellationToken cancellation
    )
    {
        var fetched = FileContent.Fetch(
            AddressOf(call, "--gateway", LocalGateway),
            path,
            call.Text("--into") ?? ".",
            call.Text("--name"),
            (call.Number("--max-size") ?? DefaultMaxMebibytes) * 1024L * 1024,
            null,
            progress.Show,
            cancellation
        );
        progress.Clear();
        Console.Out.WriteLine(isJson ? JsonLines.Of(fetched) : PlainText.Clean(fetched.Path));
        SayChanges(fetched);
        return ExitCode.Done;
    }

    private static int Pin(
        string path,
        Call call,
        bool isJson,
        ProgressLine progress,
        CancellationToken cancellation
    )
    {
        if (!call.Flag("--publish"))
        {
            throw new UsageException(
                Words.Of(
                    "This publishes the file: whoever knows or guesses its CID can fetch it from then on, and nobody can take it back. Say --publish if you mean it."
                )
            );
        }

        var pinned = FileContent.Pin(
            AddressOf(call, "--ipfs", LocalApi),
            path,
            call.Flag("--hidden"),
            progress.Show,
            cancellation
        );
        progress.Clear();
        Console.Out.WriteLine(isJson ? JsonLines.Of(pinned, path) : pinned.Cid);
        SayHidden(pinned);
        return ExitCode.Done;
    }

    // With loopback alone nothing leaves the machine, whatever is named
    private static Uri AddressOf(Call call, string parameter, string usual)
    {
        var text = call.Text(parameter) ?? usual;
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
        )
        {
            throw new UsageException(Words.Of($"{text} is no address of the form http://HOST:PORT."));
        }

        var interfaces = call.List("--interface");
        return interfaces.Count > 0 && interfaces.All(one => one is "loopback" or "lo") && !address.IsLoopback
            ? throw new UsageException(
                Words.Of($"{address.Host} is beyond this machine, and --interface keeps everything on it.")
            )
            : address;
    }

    private static int Export(
        string path,
        string car,
        bool withHidden,
        bool isJson,
        ProgressLine progress,
        CancellationToken cancellation
    )
    {
        if (path == Standard)
        {
            throw new UsageException(
                Words.Of("Standard input is read once, and a CAR needs it twice; write it to a file first.")
            );
        }

        if (car != Standard)
        {
            var exported = FileContent.ExportCar(path, withHidden, car, progress.Show, cancellation);
            progress.Clear();
            Console.Out.WriteLine(isJson ? JsonLines.Of(exported, path) : exported.Cid);
            SayHidden(exported);
            return ExitCode.Done;
        }

        using var output = StandardOutput.Open();
        var piped = FileContent.ExportCar(path, withHidden, output, progress.Show, cancellation);
        output.Flush();
        progress.Clear();
        Console.Error.WriteLine(isJson ? JsonLines.Of(piped, path) : piped.Cid);
        SayHidden(piped);
        return ExitCode.Done;
    }

    private static void SayHidden(PathSummary found)
    {
        if (found.HiddenLeftOut is > 0 and var count)
        {
            PeerChatCommandLine.Say(
                Words.Count(
                    count,
                    $"{count} hidden entry is left out; --hidden takes it in.",
                    $"{count} hidden entries are left out; --hidden takes them in."
                )
            );
        }
    }

    private static void SayChanges(PlacedTree placed)
    {
        if (placed.Renamed is > 0 and var names)
        {
            PeerChatCommandLine.Say(
                Words.Count(
                    names,
                    $"{names} name was changed, because it could do harm or was taken.",
                    $"{names} names were changed, because they could do harm or were taken."
                )
            );
        }

        if (placed.LinksLeftOut is > 0 and var links)
        {
            PeerChatCommandLine.Say(
                Words.Count(
                    links,
                    $"{links} symbolic link was left out, because it leads out of the folder.",
                    $"{links} symbolic links were left out, because they lead out of the folder."
                )
            );
        }
    }

    private static int CodeOf(FileFailure failure) =>
        failure switch
        {
            FileFailure.NotFound or FileFailure.Exists => ExitCode.Usage,
            FileFailure.Damaged or FileFailure.Changed => ExitCode.Refused,
            FileFailure.Unreachable => ExitCode.NobodyFound,
            _ => ExitCode.Storage,
        };
}
