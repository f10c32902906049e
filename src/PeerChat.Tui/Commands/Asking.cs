using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>Questions to the node whose refusal ends a command.</summary>
internal static class Asking
{
    /// <summary>Asks, and expects one kind of answer.</summary>
    /// <exception cref="CommandFailedException">The node refuses; the message is its sentence.</exception>
    public static async Task<T> AskAsync<T>(
        this IPeerChatNode node,
        NodeCommand command,
        CancellationToken cancellation
    )
        where T : NodeReply =>
        await node.AskAsync(command, cancellation) switch
        {
            NodeReply.Refused refused => throw new CommandFailedException(CodeOf(refused.Code), refused.Text),
            T answer => answer,
            var other => throw new CommandFailedException(
                ExitCode.Storage,
                $"The node answered {command.GetType().Name} by {other.GetType().Name}; are both processes of one version?"
            ),
        };

    /// <summary>The exit code of a refusal.</summary>
    public static int CodeOf(RefusalCode code) =>
        code switch
        {
            RefusalCode.NoSuchRequest or RefusalCode.NoSuchMember => ExitCode.NobodyFound,
            RefusalCode.NotAllowed or RefusalCode.WrongNumber => ExitCode.Refused,
            RefusalCode.Storage => ExitCode.Storage,
            RefusalCode.Stopping => ExitCode.OwnerGone,
            _ => ExitCode.Usage,
        };
}
