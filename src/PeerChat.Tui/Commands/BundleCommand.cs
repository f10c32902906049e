using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat bundle</c>: a chat as a file, between members who are never online at the same time.</summary>
internal static class BundleCommand
{
    private const int MaxBatchBytes = 512 * 1024; // in base64 it fits a line of the control socket, which has 1 MiB

    /// <summary>
    /// How often a bundle is gone through at most: entries wait for others that stand further behind in it. Each pass takes in at least one
    /// author's next ones; more than that is a bundle that somebody made to keep us busy.
    /// </summary>
    private const int MaxPasses = 32;

    /// <summary>What can be done, in the order of the help.</summary>
    public static IReadOnlyList<string> Verbs { get; } = ["export", "import"];

    private static string NoTarget => Words.Of("Say either --with PEER or --room ROOM.");

    /// <summary>Runs it.</summary>
    public static Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var verb = call.Text("ACTION");
        if (verb is null || call.Text("FILE") is not { } file)
        {
            throw new UsageException(
                Words.Of("Say what to do and with which file: peerchat bundle export FILE, or import FILE.")
            );
        }

        var path = Path.GetFullPath(file);
        return verb == "export" ? Task.FromResult(Export(call, path)) : ImportAsync(call, path, cancellation);
    }

    private static int Export(Call call, string path)
    {
        var (person, room) = call.OneOf("--with", "--room", NoTarget);
        if (person is null && room is null)
        {
            throw new UsageException(NoTarget);
        }

        var (chat, bytes) = BundleFile.Export(
            call.ToNodeOptions(),
            person,
            room?.TrimStart('#'),
            path,
            call.Flag("--force")
        );
        Console.Out.WriteLine(
            call.Flag("--json")
                ? JsonLines.OfBundle(chat, path, bytes)
                : Words.Of(
                    $"{PlainText.Clean(person ?? room!)} is in {path}, sealed: only its members can open it, with 'peerchat bundle import'."
                )
        );
        return ExitCode.Done;
    }

    private static async Task<int> ImportAsync(Call call, string path, CancellationToken cancellation)
    {
        var options = call.ToNodeOptions();
        var bundle = BundleFile.Open(options, path);
        await using var node = await NodeFace.OpenAsync(
            options,
            new FaceOptions(call.Row.Name, WithEvents: false),
            cancellation
        );
        var entries = 0;
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var taken = 0;
            foreach (var batch in Batches(bundle.Frames()))
            {
                taken += (
                    await node.AskAsync<NodeReply.FramesTaken>(
                        new NodeCommand.ImportFrames(bundle.Room, bundle.Exporter, batch),
                        cancellation
                    )
                ).Entries;
            }

            entries += taken;
            if (taken == 0)
            {
                break;
            }
        }

        Console.Out.WriteLine(
            call.Flag("--json") ? JsonLines.OfBundleTaken(bundle.Chat, path, entries)
            : entries == 0 ? Words.Of("Everything in the bundle was here already.")
            : Words.Count(
                entries,
                $"{entries} entry is new here. Its author learns that it arrived from your next bundle, or when you meet.",
                $"{entries} entries are new here. Their authors learn that they arrived from your next bundle, or when you meet."
            )
        );
        return ExitCode.Done;
    }

    private static IEnumerable<string[]> Batches(IEnumerable<byte[]> frames)
    {
        var (batch, size) = (new List<string>(), 0);
        foreach (var frame in frames)
        {
            if (batch.Count > 0 && size + frame.Length > MaxBatchBytes)
            {
                yield return [.. batch];
                (batch, size) = ([], 0);
            }

            batch.Add(Convert.ToBase64String(frame));
            size += frame.Length;
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }
}
