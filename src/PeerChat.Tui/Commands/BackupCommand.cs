using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat backup</c> and <c>peerchat restore</c>: a profile in one file, and back.</summary>
internal static class BackupCommand
{
    /// <summary>Writes a backup; works beside a running PeerChat.</summary>
    public static int RunBackup(Call call)
    {
        var file = FileOf(call);
        var (name, bytes, isProtected) = ProfileBackup.Write(
            call.ToNodeOptions(),
            file,
            call.Flag("--force")
        );
        if (call.Flag("--json"))
        {
            Console.Out.WriteLine(JsonLines.OfBackup(name, file, bytes, isProtected));
            return ExitCode.Done;
        }

        Console.Out.WriteLine(
            Words.Of(
                $"The profile of {name} is in {file}: identity, contacts, rooms and the whole history. 'peerchat restore' makes a profile of it again."
            )
        );
        Console.Out.WriteLine(
            isProtected
                ? Words.Of(
                    "The passphrase of now opens it, also after it was changed or removed in the profile: do not forget it."
                )
                : Words.Of(
                    "Who has this file can read everything and pretend to be you; 'peerchat passphrase set' before the next backup protects it."
                )
        );
        return ExitCode.Done;
    }

    /// <summary>Makes a profile from a backup.</summary>
    public static int RunRestore(Call call)
    {
        var file = FileOf(call);
        var (name, folder) = ProfileBackup.Restore(call.ToNodeOptions(), file);
        if (call.Flag("--json"))
        {
            Console.Out.WriteLine(JsonLines.OfRestored(name, folder));
            return ExitCode.Done;
        }

        Console.Out.WriteLine(
            Words.Of(
                $"The profile of {name} is in {folder} again. It goes on under new author keys; members of private rooms let it in again when you meet."
            )
        );
        Console.Out.WriteLine(
            Words.Of(
                "Do not run the old profile beside it: both are you, but neither sees what the other one writes until somebody else brings it."
            )
        );
        return ExitCode.Done;
    }

    private static string FileOf(Call call) =>
        call.Text("FILE") is { } file
            ? Path.GetFullPath(file)
            : throw new UsageException(Words.Of($"Name the file: peerchat {call.Row.Name} FILE."));
}
