using PeerChat.Node;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;
using PeerChat.Tui.Plain;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat</c> itself and <c>peerchat attach</c>: the chat, on the full screen or in lines.</summary>
internal static class RunCommand
{
    /// <summary>Runs the chat; this process runs the node where no other does.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var joins = Joins(call.List("--join"), call.List("--room"), call.Text("--peer"));
        var options = await NameQuestion.AnswerAsync(call.ToNodeOptions(), cancellation);
        return await RunAsync(
            options,
            Ownership.WhenFree,
            joins,
            call.Flag("--plain"),
            LookOf(call),
            cancellation
        );
    }

    /// <summary>What the call says of the screen.</summary>
    public static ScreenLook LookOf(Call call) =>
        new()
        {
            Theme = Theme.Find(call.Text("--theme") ?? "") ?? Theme.User,
            HasMouse = call.Flag("--mouse"),
            Notify = (NotifyAbout)
                Math.Max(0, SharedParameters.NotifyChoices.IndexOf(call.Text("--notify") ?? "")),
        };

    /// <summary>Shows the chat of the node that another process runs.</summary>
    public static Task<int> AttachAsync(Call call, CancellationToken cancellation) =>
        RunAsync(call.ToNodeOptions(), Ownership.Never, [], call.Flag("--plain"), LookOf(call), cancellation);

    /// <summary>Runs the chat with what is to be joined at first.</summary>
    public static async Task<int> RunAsync(
        NodeOptions options,
        Ownership ownership,
        IReadOnlyList<NodeCommand> joins,
        bool plain,
        ScreenLook look,
        CancellationToken cancellation
    )
    {
        if (!plain && FullScreen.WhyNot() is { } reason)
        {
            PeerChatCommandLine.Say(reason);
            plain = true;
        }

        if (ownership != Ownership.Never)
        {
            // Also beside a node that runs: this one takes over when that one ends, and cannot ask in the middle of a chat
            options = ProfileKeys.Unlock(options);
        }

        (options.Passphrase as PassphraseSource)?.StopAsking();
        return plain
            ? await PlainChat.RunAsync(options, ownership, joins, cancellation)
            : await FullScreen.RunAsync(options, ownership, joins, look, cancellation);
    }

    private static List<NodeCommand> Joins(
        IReadOnlyList<string> people,
        IReadOnlyList<string> rooms,
        string? address
    )
    {
        if (address is not null && people.Count + rooms.Count == 0)
        {
            throw new UsageException(
                Words.Of("--peer says where, not whom: add --join NAME or --room NAME.")
            );
        }

        var joins = new List<NodeCommand>();
        foreach (var person in people)
        {
            joins.Add(RunCommandJoins.Of(person, joins.Count == 0 ? address : null));
        }

        foreach (var name in rooms)
        {
            joins.Add(new NodeCommand.JoinRoom(name.TrimStart('#'), joins.Count == 0 ? address : null));
        }

        return joins;
    }
}
