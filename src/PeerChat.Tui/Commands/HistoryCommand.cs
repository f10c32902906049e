using System.CommandLine;
using PeerChat.Node;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat history</c>: prints what is stored; works beside a running PeerChat.</summary>
internal static class HistoryCommand
{
    private const int DefaultLimit = 100;

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common)
    {
        var with = new Option<string?>("--with")
        {
            Description = "The chat with this contact or full id.",
            HelpName = "PEER",
        };
        var room = new Option<string?>("--room") { Description = "This open room.", HelpName = "ROOM" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line (docs/SCRIPTING.md)." };
        var limit = new Option<int>("--limit")
        {
            Description = "The newest N messages (1 to 1,000,000).",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultLimit,
        };
        var command = new Command("history", "Print stored messages, oldest first.");
        foreach (var option in new Option[] { with, room, json, limit })
        {
            command.Options.Add(option);
        }

        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var (person, name) = (parsed.GetValue(with), parsed.GetValue(room));
            if (person is null == name is null)
            {
                throw new UsageException("Say either --with PEER or --room ROOM.");
            }

            if (parsed.GetValue(limit) is < 1 or > 1_000_000)
            {
                throw new UsageException("--limit takes a number from 1 to 1,000,000.");
            }

            using var reader = ProfileReader.Open(common.Read(parsed));
            var messages = person is not null
                ? reader.ReadDirect(person, parsed.GetValue(limit))
                : reader.ReadRoom(name!, parsed.GetValue(limit));
            foreach (var message in messages)
            {
                Console.Out.WriteLine(
                    parsed.GetValue(json) ? JsonWriter.Format(message) : LineWriter.Format(message)
                );
            }

            return ExitCode.Done;
        });
        return command;
    }
}
