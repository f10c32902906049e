using PeerChat.Node;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Plain;

/// <summary>The chat in lines: ordinary output, the terminal's own scrollback, one line typed is one message.</summary>
internal sealed class PlainChat
{
    private const int HistoryLines = 20;

    private readonly IPeerChatNode _node;
    private readonly TextWriter _output;
    private readonly List<ChatSummary> _chats = [];
    private readonly List<NodeEvent.RequestReceived> _requests = [];
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private NodeEvent.ChoiceNeeded? _choice;
    private NodeEvent.OutboxQuestion? _outbox;
    private bool _announceAsked;
    private string? _current;
    private readonly List<string> _typedAhead = [];
    private ChatTarget? _wanted;

    private PlainChat(IPeerChatNode node, TextWriter output, NodeCommand? first)
    {
        _node = node;
        _output = output;
        _wanted = ChatTarget.Of(first);
    }

    /// <summary>Runs until the user quits, the input ends or the node stops.</summary>
    public static async Task<int> RunAsync(
        NodeOptions options,
        IReadOnlyList<NodeCommand> joins,
        CancellationToken cancellation
    )
    {
        await using var node = PeerChatNode.Start(
            options with
            {
                // Nobody can answer at the other end of a pipe.
                Announce = Console.IsInputRedirected ? AnnouncePolicy.AsConfigured : AnnouncePolicy.Ask,
                ReleaseOutboxUnasked = options.ReleaseOutboxUnasked || Console.IsInputRedirected,
            }
        );
        foreach (var join in joins)
        {
            node.Post(join);
        }

        var chat = new PlainChat(node, Console.Out, joins.Count > 0 ? joins[0] : null);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = Task.Run(() => chat.ReadLinesAsync(Console.In, ended), CancellationToken.None);
        try
        {
            await foreach (var happened in node.Events.ReadAllAsync(ended.Token))
            {
                if (happened is NodeEvent.Stopped stopped)
                {
                    return stopped.Failure is null ? ExitCode.Done : JoinFailures.ReportStopped(stopped);
                }

                chat.Show(happened);
            }
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
        }

        return reading.IsFaulted ? ExitCode.Storage : ExitCode.Done;
    }

    private async Task ReadLinesAsync(TextReader input, CancellationTokenSource ended)
    {
        while (await input.ReadLineAsync(ended.Token) is { } line)
        {
            bool goOn;
            lock (_chats)
            {
                goOn = Enter(line);
            }

            if (!goOn)
            {
                break;
            }
        }

        _node.Post(new NodeCommand.StopNode());
    }

    /// <summary>Takes one line typed; false ends the chat.</summary>
    private bool Enter(string line)
    {
        if (!line.StartsWith('/') || line.StartsWith("//", StringComparison.Ordinal))
        {
            SendText(line.StartsWith('/') ? line[1..] : line);
            return true;
        }

        var parts = line.Split(
            ' ',
            2,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        var argument = parts.Length > 1 ? parts[1] : "";
        switch (parts[0])
        {
            case "/quit":
                return false;
            case "/join" when argument.Length > 0:
                Join(new NodeCommand.JoinPeer(argument));
                break;
            case "/room" when argument.Length > 0:
                Join(new NodeCommand.JoinRoom(argument));
                break;
            case "/accept":
            case "/decline":
                AnswerRequest(parts[0] == "/accept");
                break;
            case "/choose":
                Choose(argument);
                break;
            case "/yes":
            case "/no":
                AnswerQuestion(parts[0] == "/yes");
                break;
            case "/chats":
                ListChats();
                break;
            case "/chat":
                Switch(argument);
                break;
            case "/help":
                Say(
                    "/join PEER, /room ROOM, /chats, /chat N, /accept, /decline, /choose N, /yes, /no, /quit; "
                        + "anything else is sent; // sends a line that begins with a slash."
                );
                break;
            default:
                Say($"There is no command {parts[0]} of that form; /help lists them. Nothing was sent.");
                break;
        }

        return true;
    }

    private void Join(NodeCommand join)
    {
        _wanted = ChatTarget.Of(join);
        if (_chats.Find(chat => _wanted!.Names(chat)) is { } known)
        {
            _wanted = null;
            Open(known);
        }

        _node.Post(join);
    }

    private void SendText(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (_current is null && _wanted is not null)
        {
            _typedAhead.Add(text); // the chat is just being opened
            return;
        }

        if (_current is null)
        {
            Say("No chat is open: /join PEER or /room ROOM first. Nothing was sent.");
            return;
        }

        _node.Post(new NodeCommand.SendText(_current, text));
    }

    private void AnswerRequest(bool accept)
    {
        if (_requests.Count == 0)
        {
            Say("Nobody asks to chat.");
            return;
        }

        _node.Post(new NodeCommand.AnswerRequest(_requests[0].Request, accept));
        _requests.RemoveAt(0);
    }

    private void Choose(string argument)
    {
        if (
            _choice is { } choice
            && int.TryParse(argument, out var number)
            && number >= 1
            && number <= choice.Claims.Length
        )
        {
            _node.Post(new NodeCommand.ChoosePeer(choice.Target, choice.Claims[number - 1].PeerId));
            _choice = null;
        }
        else
        {
            Say("There is no such choice.");
        }
    }

    private void AnswerQuestion(bool yes)
    {
        if (_outbox is { } outbox)
        {
            _node.Post(new NodeCommand.ReleaseOutbox(outbox.Chat, yes));
            _outbox = null;
        }
        else if (_announceAsked)
        {
            _node.Post(new NodeCommand.SetAnnounceName(yes));
            _announceAsked = false;
        }
        else
        {
            Say("Nothing was asked.");
        }
    }

    private void ListChats()
    {
        for (var i = 0; i < _chats.Count; i++)
        {
            var chat = _chats[i];
            Say($"{i + 1}{(chat.Chat == _current ? "*" : " ")} {chat.Title}: {chat.Detail}");
        }
    }

    private void Switch(string argument)
    {
        if (int.TryParse(argument, out var number) && number >= 1 && number <= _chats.Count)
        {
            Open(_chats[number - 1]);
        }
        else
        {
            Say("There is no such chat; /chats lists them.");
        }
    }

    private void Open(ChatSummary chat)
    {
        _current = chat.Chat;
        Say($"You are in {chat.Title}: {chat.Detail}");
        _node.Post(new NodeCommand.LoadHistory(chat.Chat, HistoryLines));
        foreach (var text in _typedAhead)
        {
            _node.Post(new NodeCommand.SendText(chat.Chat, text));
        }

        _typedAhead.Clear();
    }

    private void Show(NodeEvent happened)
    {
        lock (_chats)
        {
            switch (happened)
            {
                case NodeEvent.Ready ready:
                    Say($"You are {ready.Name}~{ready.ShortId}. /help lists the commands.");
                    break;
                case NodeEvent.ChatChanged changed:
                    ShowChat(changed.Chat);
                    break;
                case NodeEvent.ChatReplaced replaced:
                    _chats.RemoveAll(chat => chat.Chat == replaced.OldChat);
                    _current = _current == replaced.OldChat ? replaced.Chat.Chat : _current;
                    ShowChat(replaced.Chat);
                    break;
                case NodeEvent.HistoryLoaded loaded:
                    foreach (var message in loaded.Messages)
                    {
                        ShowMessage(message);
                    }

                    break;
                case NodeEvent.MessageShown shown:
                    ShowMessage(shown.Message);
                    break;
                case NodeEvent.MessageReplaced replaced:
                    _shown.Add(replaced.Message.Id); // the text itself has been shown
                    break;
                case NodeEvent.MessageStateChanged { State: DeliveryState.Delivered } changed
                    when changed.Chat == _current:
                    Say($"Delivered to {changed.DeliveredTo}.");
                    break;
                case NodeEvent.RequestReceived request:
                    _requests.Add(request);
                    Say($"{request.Name}~{request.ShortId} asks to chat: /accept or /decline.");
                    break;
                case NodeEvent.RequestEnded ended:
                    _requests.RemoveAll(request => request.Request == ended.Request);
                    break;
                case NodeEvent.ChoiceNeeded choice:
                    ShowChoice(choice);
                    break;
                case NodeEvent.OutboxQuestion question:
                    _outbox = question;
                    Say(
                        $"{question.Messages} waiting message(s) can now go to {question.Name}~{question.ShortId}, whom you meet for the "
                            + "first time: /yes sends them, /no throws them away."
                    );
                    break;
                case NodeEvent.AnnounceQuestion question:
                    _announceAsked = true;
                    Say(
                        $"May the name {question.Name} be announced on this network, so that others find you? /yes or /no."
                    );
                    break;
                case NodeEvent.Notice notice:
                    Say(notice.Text);
                    break;
                case NodeEvent.JoinFailed failed:
                    Say(failed.Text);
                    break;
                default:
                    break;
            }
        }
    }

    private void ShowChat(ChatSummary chat)
    {
        var index = _chats.FindIndex(known => known.Chat == chat.Chat);
        var old = index < 0 ? null : _chats[index];
        if (index < 0)
        {
            _chats.Add(chat);
        }
        else
        {
            _chats[index] = chat;
        }

        if (_wanted is { } wanted ? wanted.Names(chat) : _current is null)
        {
            _wanted = null;
            Open(chat);
        }
        else if (chat.Chat == _current && old is not null && old.Connection != chat.Connection)
        {
            Say($"{chat.Title}: {chat.Detail}");
        }
    }

    private void ShowChoice(NodeEvent.ChoiceNeeded choice)
    {
        _choice = choice;
        Say("Several keys claim that name; /choose N says whom you mean:");
        for (var i = 0; i < choice.Claims.Length; i++)
        {
            var claim = choice.Claims[i];
            Say($"{i + 1}  {claim.Name}~{claim.ShortId}  {claim.Address}");
        }
    }

    private void ShowMessage(ChatMessage message)
    {
        if (_shown.Add(message.Id))
        {
            var mark = message.Chat == _current ? "" : $"[{PlainText.Clean(TitleOf(message.Chat))}] ";
            _output.WriteLine(mark + LineWriter.Format(message));
        }
    }

    private string TitleOf(string chat) => _chats.Find(known => known.Chat == chat)?.Title ?? chat;

    private void Say(string sentence) => _output.WriteLine("-- " + PlainText.Clean(sentence));
}
