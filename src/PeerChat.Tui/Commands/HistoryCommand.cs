using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat history</c>: prints what is stored; works beside a running PeerChat.</summary>
internal static class HistoryCommand
{
    private static string NoTarget => Words.Of("Say either --with PEER or --room ROOM.");

    /// <summary>Runs it.</summary>
    public static int Run(Call call)
    {
        var (person, room) = call.OneOf("--with", "--room", NoTarget);
        if (person is null && room is null)
        {
            throw new UsageException(NoTarget);
        }

        var (limit, isJson) = (call.Number("--limit")!.Value, call.Flag("--json"));
        using var reader = ProfileReader.Open(call.ToNodeOptions());
        var messages = person is not null
            ? reader.ReadDirect(person, limit)
            : reader.ReadRoom(room!.TrimStart('#'), limit);
        foreach (var message in messages)
        {
            Console.Out.WriteLine(isJson ? JsonWriter.Format(message) : LineWriter.Format(message));
        }

        return ExitCode.Done;
    }
}
