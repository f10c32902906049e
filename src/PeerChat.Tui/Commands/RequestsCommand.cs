using PeerChat.Node;
using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat requests</c>: lists first-contact requests, answers them, takes answers back.</summary>
internal static class RequestsCommand
{
    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var (action, who) = (call.Text("ACTION")!, call.Text("WHO"));
        if ((action == "list") != (who is null))
        {
            throw new UsageException(
                who is null
                    ? Words.Of($"Say whose request: peerchat requests {action} WHO.")
                    : Words.Of("requests list takes no name; did you mean requests accept?")
            );
        }

        var isJson = call.Flag("--json");
        var isPatient = call.Value("--timeout").Source != OptionSource.Default;
        using var deadline = new Deadline(call.Time("--timeout"), cancellation);
        try
        {
            await using var node = await NodeFace.OpenAsync(
                // Who waits for a request must be found
                call.ToNodeOptions() with
                {
                    Announce = AnnouncePolicy.Always,
                },
                new FaceOptions("requests"),
                deadline.Token
            );
            return who is null
                ? await ListAsync(node, isJson, isPatient, deadline.Token)
                : await AnswerAsync(node, action, who, isJson, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            PeerChatCommandLine.Say(
                who is null
                    ? Words.Of($"Nobody asked to chat within {Timeouts.Format(deadline.Limit)}.")
                    : Words.Of(
                        $"No request of {who} came within {Timeouts.Format(deadline.Limit)}; 'peerchat requests' lists those there are."
                    )
            );
            return ExitCode.NobodyFound;
        }
    }

    private static async Task<int> ListAsync(
        NodeFace node,
        bool isJson,
        bool isPatient,
        CancellationToken cancellation
    )
    {
        var listed = await node.AskAsync<NodeReply.Requests>(new NodeCommand.ListRequests(), cancellation);
        while (
            isPatient
            && listed.All.All(request => request.State != RequestState.Waiting)
            && await ComesAsync(node, _ => true, cancellation)
        )
        {
            listed = await node.AskAsync<NodeReply.Requests>(new NodeCommand.ListRequests(), cancellation);
        }

        foreach (var request in listed.All)
        {
            Console.Out.WriteLine(isJson ? JsonLines.Of(request) : ReplyLines.Of(request));
        }

        return ExitCode.Done;
    }

    private static async Task<int> AnswerAsync(
        NodeFace node,
        string action,
        string who,
        bool isJson,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            var listed = await node.AskAsync<NodeReply.Requests>(
                new NodeCommand.ListRequests(),
                cancellation
            );
            var known = listed.All.Where(request => IsMeant(request, who)).ToList();
            if (known.Select(request => request.PeerId).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                PeerChatCommandLine.Say(
                    Words.Of($"Several people called {who} asked; say the id of the one you mean:")
                );
                foreach (var request in known)
                {
                    Console.Error.WriteLine("  " + ReplyLines.Of(request));
                }

                return ExitCode.Refused;
            }

            if (
                known.FindLast(request => action == "undo" || request.State == RequestState.Waiting) is
                { } meant
            )
            {
                return await TellAsync(node, action, meant, isJson, cancellation);
            }

            if (
                action == "undo"
                || known.Count > 0
                || !await ComesAsync(node, name => name == who, cancellation)
            )
            {
                PeerChatCommandLine.Say(
                    known.Count > 0
                        ? Words.Of(
                            $"The request of {who} was answered already; 'peerchat requests undo {who}' takes that back."
                        )
                        : Words.Of(
                            $"There is no request of {who}; 'peerchat requests' lists those there are."
                        )
                );
                return ExitCode.NobodyFound;
            }
        }
    }

    private static async Task<int> TellAsync(
        NodeFace node,
        string action,
        RequestSummary request,
        bool isJson,
        CancellationToken cancellation
    )
    {
        NodeCommand command =
            action == "undo"
                ? new NodeCommand.UndoAnswer(request.Request)
                : new NodeCommand.AnswerRequest(request.Request, action == "accept");
        await node.AskAsync<NodeReply.Done>(command, cancellation);
        var state = action switch
        {
            "accept" => RequestState.Accepted,
            "decline" => RequestState.Declined,
            _ => RequestState.Waiting,
        };
        if (isJson)
        {
            Console.Out.WriteLine(JsonLines.Of(request with { State = state }));
        }

        return ExitCode.Done;
    }

    /// <summary>Waits for a request where this process runs the node; another one's has long told of all there are.</summary>
    /// <returns>False where none can come.</returns>
    private static async Task<bool> ComesAsync(
        NodeFace node,
        Predicate<string> isMeant,
        CancellationToken cancellation
    )
    {
        await foreach (var happened in node.Events.ReadAllAsync(cancellation))
        {
            switch (happened)
            {
                case NodeEvent.OwnerChanged { IsThisProcess: false }:
                case NodeEvent.Stopped:
                    return false;
                case NodeEvent.RequestReceived request
                    when isMeant(request.Name) || isMeant(request.PeerId) || isMeant(request.Request):
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    private static bool IsMeant(RequestSummary request, string who) =>
        request.Request == who
        || request.PeerId == who
        || request.ShortId == who
        || string.Equals(request.Name, who, StringComparison.OrdinalIgnoreCase);
}
