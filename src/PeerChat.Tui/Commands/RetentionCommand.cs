using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat retention</c>: for how long a chat is kept on this machine.</summary>
internal static class RetentionCommand
{
    /// <summary>What keeps everything.</summary>
    public const string Off = "off";

    private static string NoTarget => Words.Of("Say either --with PEER or --room ROOM.");

    /// <summary>Says it, or sets it after a question.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var (person, room) = call.OneOf("--with", "--room", NoTarget);
        if (person is null && room is null)
        {
            throw new UsageException(NoTarget);
        }

        var keep = call.Text("TIME");
        if (keep is not null && keep != Off && !KeepTime.TryParse(keep, out _))
        {
            throw new UsageException(NoTime(keep));
        }

        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        try
        {
            await using var node = await NodeFace.OpenAsync(
                call.ToNodeOptions(),
                new FaceOptions(call.Row.Name, WithEvents: false),
                deadline.Token
            );
            var target = new ChatTarget(person, room?.TrimStart('#'), null);
            var chat = (await node.AskAsync<NodeReply.Opened>(target.ToJoin(), deadline.Token)).Chat.Chat;
            var reply = await node.AskAsync<NodeReply.Retention>(
                Make(chat, keep, call.Flag("--yes")),
                deadline.Token
            );
            if (reply.NeedsConfirmation && Confirm(reply))
            {
                reply = await node.AskAsync<NodeReply.Retention>(
                    Make(chat, keep, confirmed: true),
                    cancellation
                );
            }

            if (reply.NeedsConfirmation)
            {
                throw new CommandFailedException(
                    ExitCode.Refused,
                    Words.Count(
                        reply.Deletes,
                        $"That deletes {reply.Deletes} message on this machine, for good, and was not confirmed; nothing was changed. --yes does it without a question.",
                        $"That deletes {reply.Deletes} messages on this machine, for good, and was not confirmed; nothing was changed. --yes does it without a question."
                    )
                );
            }

            Console.Out.WriteLine(call.Flag("--json") ? JsonLines.Of(reply) : KeepingLines.Of(reply));
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            PeerChatCommandLine.Say(
                Words.Of($"The node did not answer within {Timeouts.Format(deadline.Limit)}.")
            );
            return ExitCode.NobodyFound;
        }
    }

    /// <summary>The slash form; without a word it says what holds.</summary>
    public static bool Slash(IChatCommands chat, string[] words) =>
        words switch
        {
            [] => chat.AskOfChat(here => new NodeCommand.GetRetention(here)),
            [Off] => chat.AskOfChat(here => new NodeCommand.SetRetention(here, null)),
            [var time] when KeepTime.TryParse(time, out var seconds) => chat.AskOfChat(
                here => new NodeCommand.SetRetention(here, seconds)
            ),
            [var time, "yes"] when KeepTime.TryParse(time, out var seconds) => chat.AskOfChat(
                here => new NodeCommand.SetRetention(here, seconds, Confirmed: true)
            ),
            _ => false,
        };

    private static NodeCommand Make(string chat, string? keep, bool confirmed) =>
        keep is null ? new NodeCommand.GetRetention(chat)
        : keep == Off ? new NodeCommand.SetRetention(chat, null)
        : new NodeCommand.SetRetention(
            chat,
            KeepTime.TryParse(keep, out var seconds) ? seconds : throw new UsageException(NoTime(keep)),
            confirmed
        );

    private static string NoTime(string text) =>
        Words.Of($"'{text}' is no time to keep messages for; write for example 90d, 2w, 12h, or off.");

    private static bool Confirm(NodeReply.Retention reply)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return false;
        }

        Console.Error.Write(
            Words.Count(
                reply.Deletes,
                $"Delete {reply.Deletes} message older than {KeepingLines.Time(reply.KeepSeconds!.Value)} on this machine, for good? [y/N]",
                $"Delete {reply.Deletes} messages older than {KeepingLines.Time(reply.KeepSeconds!.Value)} on this machine, for good? [y/N]"
            ) + " "
        );
        return StandardInput.Lines.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
