using System.CommandLine;
using PeerChat.Node;
using PeerChat.Tui.Plain;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat</c> itself: the chat, on the full screen or in lines.</summary>
internal static class RunCommand
{
    /// <summary>Puts the options on the root command.</summary>
    public static void Configure(RootCommand root, CommonOptions common)
    {
        var join = new Option<string[]>("--join", "-j")
        {
            Description =
                "Open a chat with this person: a name on the local network, a contact, or a full id (repeatable).",
            HelpName = "PEER",
            DefaultValueFactory = _ => [],
        };
        var room = new Option<string[]>("--room", "-r")
        {
            Description = "Open this room, which everybody who knows its name can read (repeatable).",
            HelpName = "ROOM",
            DefaultValueFactory = _ => [],
        };
        var peer = new Option<string?>("--peer")
        {
            Description =
                "Dial this address for the first --join or --room: another subnet, a VPN, a public machine.",
            HelpName = "HOST[:PORT]",
        };
        var plain = new Option<bool>("--plain")
        {
            Description = "Line mode, for screen readers, dumb terminals and logs.",
        };
        foreach (var option in new Option[] { join, room, peer, plain })
        {
            root.Options.Add(option);
        }

        common.AddTo(root);
        root.SetAction(
            (parsed, cancellation) =>
            {
                var joins = Joins(
                    parsed.GetValue(join) ?? [],
                    parsed.GetValue(room) ?? [],
                    parsed.GetValue(peer)
                );
                return RunAsync(common.Read(parsed), joins, parsed.GetValue(plain), cancellation);
            }
        );
    }

    /// <summary>Runs the chat with what is to be joined at first.</summary>
    public static async Task<int> RunAsync(
        NodeOptions options,
        IReadOnlyList<NodeCommand> joins,
        bool plain,
        CancellationToken cancellation
    )
    {
        if (!plain && FullScreen.WhyNot() is { } reason)
        {
            PeerChatCommandLine.Say(reason);
            plain = true;
        }

        return plain
            ? await PlainChat.RunAsync(options, joins, cancellation)
            : await FullScreen.RunAsync(options, joins, cancellation);
    }

    private static List<NodeCommand> Joins(string[] people, string[] rooms, string? address)
    {
        if (address is not null && people.Length + rooms.Length == 0)
        {
            throw new UsageException("--peer says where, not whom: add --join NAME or --room NAME.");
        }

        var joins = new List<NodeCommand>();
        foreach (var person in people)
        {
            joins.Add(new NodeCommand.JoinPeer(person, joins.Count == 0 ? address : null));
        }

        foreach (var name in rooms)
        {
            joins.Add(new NodeCommand.JoinRoom(name, joins.Count == 0 ? address : null));
        }

        return joins;
    }
}
