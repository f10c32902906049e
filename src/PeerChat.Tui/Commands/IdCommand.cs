using PeerChat.Node;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat id</c>: prints one's own full id; works beside a running PeerChat.</summary>
internal static class IdCommand
{
    /// <summary>Runs it.</summary>
    public static int Run(Call call)
    {
        var identity = ProfileReader.ReadIdentity(call.ToNodeOptions());
        Console.Out.WriteLine(
            call.Flag("--json")
                ? JsonWriter.Format(identity.Name, identity.Id, identity.ShortId)
                : identity.Id
        );
        return ExitCode.Done;
    }
}
