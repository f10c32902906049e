namespace PeerChat.Node.Control;

/// <summary>How a reply looks as an event, for a face that posted its command and waits for nothing.</summary>
internal static class ReplyEvents
{
    /// <summary>The event for the face that posted the command; null where other events say it all.</summary>
    public static NodeEvent? Of(NodeCommand command, NodeReply reply) =>
        (command, reply) switch
        {
            (_, NodeReply.History history) => new NodeEvent.HistoryLoaded(
                history.Chat,
                history.Messages,
                history.HasOlder
            ),
            (NodeCommand.JoinPeer join, NodeReply.Refused refused) => Failed(join.Target, refused),
            (NodeCommand.JoinRoom join, NodeReply.Refused refused) => Failed(join.Room, refused),
            (_, NodeReply.Refused refused) => new NodeEvent.Notice(
                ChatOf(command, refused),
                refused.Code switch
                {
                    RefusalCode.TooLong => NoticeCode.MessageTooLong,
                    RefusalCode.Storage => NoticeCode.StorageTrouble,
                    _ => NoticeCode.Information,
                },
                refused.Text
            ),
            _ => null,
        };

    private static NodeEvent.JoinFailed Failed(string target, NodeReply.Refused refused) =>
        new(target, JoinFailure.NobodyFound, refused.Text, []);

    private static string? ChatOf(NodeCommand command, NodeReply.Refused refused) =>
        refused.Code == RefusalCode.NoSuchChat
            ? null
            : command switch
            {
                NodeCommand.SendText send => send.Chat,
                NodeCommand.LoadHistory load => load.Chat,
                NodeCommand.ReleaseOutbox release => release.Chat,
                NodeCommand.LookBeyond look => look.Chat,
                NodeCommand.SaveDraft draft => draft.Chat,
                NodeCommand.RememberInput input => input.Chat,
                _ => null,
            };
}
