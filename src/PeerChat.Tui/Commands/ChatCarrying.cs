using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>Exports and imports from within a chat: what comes of them is a sentence.</summary>
internal static class ChatCarrying
{
    /// <summary>Writes a chat into a file that is not there yet.</summary>
    public static Task<(string Sentence, bool IsFailure)> ExportAsync(
        IPeerChatNode node,
        string chat,
        string path,
        Action<string> told
    ) =>
        SayAsync(async () =>
        {
            var (_, count) = await ChatExport.ToFileAsync(
                path,
                overwrite: false,
                ExportCommand.IsJsonFile(path),
                after =>
                    node.AskAsync<NodeReply.ExportPage>(
                        new NodeCommand.ExportMessages(chat, after),
                        CancellationToken.None
                    ),
                written => told(ChatExport.Progress(written))
            );
            return ChatExport.Done(count, path);
        });

    /// <summary>Takes an export into a chat.</summary>
    public static Task<(string Sentence, bool IsFailure)> ImportAsync(
        IPeerChatNode node,
        string chat,
        string path,
        Action<string> told
    ) =>
        SayAsync(async () =>
            ChatImport.Done(
                await ChatImport.RunAsync(
                    node,
                    path,
                    chat,
                    read => told(ChatImport.Progress(read)),
                    CancellationToken.None
                )
            )
        );

    private static async Task<(string Sentence, bool IsFailure)> SayAsync(Func<Task<string>> carry)
    {
        try
        {
            return (await carry(), false);
        }
        catch (Exception failed)
            when (failed is NodeStartException or CommandFailedException or NodeGoneException)
        {
            return (failed.Message, true);
        }
    }
}
