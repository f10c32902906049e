using System.CommandLine;
using PeerChat.Node;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat id</c>: prints one's own full id; works beside a running PeerChat.</summary>
internal static class IdCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object (docs/SCRIPTING.md)." };
        var command = new Command("id", "Print your full id, by which others can join you without mistake.")
        {
            json,
        };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var identity = ProfileReader.ReadIdentity(common.Read(parsed));
            Console.Out.WriteLine(
                parsed.GetValue(json)
                    ? JsonWriter.Format(identity.Name, identity.Id, identity.ShortId)
                    : identity.Id
            );
            return ExitCode.Done;
        });
        return command;
    }
}
