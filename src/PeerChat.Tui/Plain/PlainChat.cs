using System.Text;
using PeerChat.Node;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;
using PeerChat.Tui.Output;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Plain;

/// <summary>The chat in lines: ordinary output, the terminal's own scrollback, one line typed is one message.</summary>
internal sealed partial class PlainChat
{
    private const int HistoryLines = 20;

    private readonly IPeerChatNode _node;
    private readonly NodeOptions _options;
    private readonly TextWriter _output;
    private readonly Lock _gate = new();
    private readonly List<ChatSummary> _chats = [];
    private readonly List<Asked> _questions = [];
    private readonly List<string> _answered = [];
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private readonly List<string> _typedAhead = [];
    private NodeEvent.OwnerChanged? _owner;
    private NodeEvent.Ready? _self;
    private bool _wasInStep;
    private bool _isOver;
    private bool _isDetaching;
    private bool _hasOpened; // the first chat opens by itself; no other one may take what is typed for it
    private string? _current;
    private ChatTarget? _wanted;

    private PlainChat(IPeerChatNode node, NodeOptions options, TextWriter output, NodeCommand? first)
    {
        _node = node;
        _options = options;
        _output = output;
        _wanted = ChatTarget.Of(first);
    }

    /// <summary>Runs until the user quits, the input ends or the node stops.</summary>
    public static async Task<int> RunAsync(
        NodeOptions options,
        Ownership ownership,
        IReadOnlyList<NodeCommand> joins,
        CancellationToken cancellation
    )
    {
        var isPiped = Console.IsInputRedirected;
        await using var node = await NodeFace.OpenAsync(
            options with
            {
                // Nobody can answer at the other end of a pipe.
                Announce = isPiped ? AnnouncePolicy.AsConfigured : AnnouncePolicy.Ask,
                ReleaseOutboxUnasked = options.ReleaseOutboxUnasked || isPiped,
            },
            new FaceOptions("lines", ownership, SeesAhead: !Console.IsOutputRedirected),
            cancellation
        );
        foreach (var join in joins)
        {
            node.Post(join);
        }

        var chat = new PlainChat(node, options, Console.Out, joins.Count > 0 ? joins[0] : null);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = Task.Run(
            () => chat.ReadLinesAsync(StandardInput.Lines, ended.Token),
            CancellationToken.None
        );
        try
        {
            await foreach (var happened in node.Events.ReadAllAsync(ended.Token))
            {
                if (happened is NodeEvent.Stopped stopped)
                {
                    return stopped.Failure is null ? ExitCode.Done : JoinFailures.ReportStopped(stopped);
                }

                if (!chat.Show(happened))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
        }

        return reading.IsFaulted ? ExitCode.Storage : ExitCode.Done;
    }

    private async Task ReadLinesAsync(TextReader input, CancellationToken ended)
    {
        while (await input.ReadLineAsync(ended) is { } line)
        {
            lock (_gate)
            {
                if (Encoding.UTF8.GetByteCount(line) >= StandardInput.MaxLineBytes)
                {
                    // Half a text is never sent
                    Say($"{Texts.PasteCut} {Texts.PasteDropped}");
                    continue;
                }

                Enter(line);
                if (_isOver)
                {
                    break;
                }
            }
        }

        _node.Post(new NodeCommand.StopNode());
    }

    private void Enter(string line)
    {
        if (!line.StartsWith('/') || line.StartsWith("//", StringComparison.Ordinal))
        {
            SendText(line.StartsWith('/') ? line[1..] : line);
            return;
        }

        var words = SlashCommands.Split(line);
        if (SlashCommands.Find(SlashCommands.OfLines, words[0]) is not { } form)
        {
            Say(Texts.UnknownCommand(words[0], SlashCommands.Nearest(SlashCommands.OfLines, words[0])));
        }
        else if (!form.Run(this, words[1..]))
        {
            Say(Texts.Usage(form));
        }
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
            Say(Texts.NoChatYet);
            return;
        }

        _node.Post(new NodeCommand.SendText(_current, text));
    }

    private void Open(ChatSummary chat)
    {
        (_current, _hasOpened) = (chat.Chat, true);
        Say(Words.Of($"You are in {chat.Title}: {Words.FromNode(chat.Detail)}"));
        _node.Post(new NodeCommand.LoadHistory(chat.Chat, HistoryLines));
        foreach (var text in _typedAhead)
        {
            _node.Post(new NodeCommand.SendText(chat.Chat, text));
        }

        _typedAhead.Clear();
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

        if (_wanted is { } wanted ? wanted.Names(chat) : !_hasOpened)
        {
            _wanted = null;
            Open(chat);
        }
        else if (chat.Chat == _current && old is not null && old.Connection != chat.Connection)
        {
            Say($"{chat.Title}: {Words.FromNode(chat.Detail)}");
        }
    }

    private void ShowMessage(ChatMessage message)
    {
        if (_shown.Add(message.Id))
        {
            var mark = message.Chat == _current ? "" : $"[{PlainText.Clean(TitleOf(message.Chat))}] ";
            _output.WriteLine(mark + LineWriter.Format(message));
            if (message is { IsOwn: false } && message.Chat == _current)
            {
                _node.Post(new NodeCommand.MarkRead(message.Chat, message.Id));
            }
        }
    }

    private string TitleOf(string chat) => _chats.Find(known => known.Chat == chat)?.Title ?? chat;

    private void Say(string sentence) =>
        _output.WriteLine("-- " + PlainText.Clean(SlashWords.Of(Words.FromNode(sentence))));
}
