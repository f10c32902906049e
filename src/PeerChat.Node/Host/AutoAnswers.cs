using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Host;

/// <summary>
/// What a face answers for its user where the node runs in another process: the node's own options are those of the process that runs it, and
/// <c>--accept</c> was said here.
/// </summary>
/// <param name="options">What the user said.</param>
/// <param name="ask">Asks the node.</param>
internal sealed class AutoAnswers(NodeOptions options, Func<NodeCommand, Task<NodeReply>> ask)
{
    /// <summary>Looks at an event, and answers it where the user said how.</summary>
    public void Handle(NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.RequestReceived request when IsWelcome(request):
                _ = AcceptAsync(request);
                break;
            case NodeEvent.OutboxQuestion question when options.ReleaseOutboxUnasked:
                _ = AskAsync(new NodeCommand.ReleaseOutbox(question.Chat, Release: true));
                break;
            default:
                break;
        }
    }

    private bool IsWelcome(NodeEvent.RequestReceived request) =>
        options.AcceptAny
        || options.Accept.Any(accepted => accepted == request.PeerId || Fold(accepted) == Fold(request.Name));

    // A new key under a contact's name is never accepted by itself, here as at the node.
    private async Task AcceptAsync(NodeEvent.RequestReceived request)
    {
        if (
            await AskAsync(new NodeCommand.ListContacts()) is NodeReply.Contacts contacts
            && !contacts.All.Any(contact =>
                contact.PeerId != request.PeerId && Fold(contact.Name) == Fold(request.Name)
            )
        )
        {
            await AskAsync(new NodeCommand.AnswerRequest(request.Request, Accept: true));
        }
    }

    private async Task<NodeReply?> AskAsync(NodeCommand command)
    {
        try
        {
            return await ask(command);
        }
        catch (Exception over) when (over is NodeGoneException or OperationCanceledException)
        {
            return null; // the face ends
        }
    }

    // What cannot be a name equals itself alone; ids of the two spellings never meet.
    private static string Fold(string name) =>
        DisplayName.TryCreate(name, out var parsed, out _) ? parsed.Folded.ToString() : name;
}
