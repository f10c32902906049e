namespace PeerChat.Node.Control;

/// <summary>What an event weighs in memory, roughly: its texts at two bytes a character, and something for the rest.</summary>
internal static class EventSize
{
    /// <summary>Objects, numbers and short names of one event or one of its parts; a guess, rather too much than too little.</summary>
    private const int Overhead = 256;

    /// <summary>The bytes of an event.</summary>
    public static long Estimate(NodeEvent happened) =>
        Overhead
        + happened switch
        {
            NodeEvent.MessageShown shown => Of(shown.Message),
            NodeEvent.MessageChanged changed => Of(changed.Message),
            NodeEvent.MessageReplaced replaced => Of(replaced.Message),
            NodeEvent.HistoryLoaded loaded => loaded.Messages.Sum(Of),
            NodeEvent.ChatChanged changed => Of(changed.Chat),
            NodeEvent.ChatReplaced replaced => Of(replaced.Chat),
            NodeEvent.Notice notice => Of(notice.Text),
            NodeEvent.JoinFailed failed => Of(failed.Text) + (Overhead * failed.Claims.Length),
            NodeEvent.ChoiceNeeded choice => Overhead * choice.Claims.Length,
            _ => 0,
        };

    private static long Of(string text) => sizeof(char) * (long)text.Length;

    private static long Of(ChatMessage message) => Overhead + Of(message.Text);

    private static long Of(ChatSummary chat) =>
        Overhead
        + Of(chat.Draft)
        + Of(chat.Detail)
        + chat.InputHistory.Sum(Of)
        + (Overhead * (long)chat.Members.Length);
}
