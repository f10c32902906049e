using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary>Follows one file until it is as far as wanted, and shows how far it is.</summary>
/// <param name="node">The node.</param>
/// <param name="isJson">Whether each step is a JSON line on standard output.</param>
/// <param name="progress">Where people read how far it is.</param>
internal sealed class FileFollowing(NodeFace node, bool isJson, ProgressLine progress)
{
    private NodeCommand? _join;
    private string _chat = "";
    private string _wanted = "";
    private DeliveryState _delivery;

    /// <summary>The node.</summary>
    public NodeFace Node => node;

    /// <summary>Whether standard output is for the file itself, so that nothing else is written there.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>The file as it was told last.</summary>
    public FileSummary? Last { get; private set; }

    /// <summary>Opens a chat and goes on looking for who is in it.</summary>
    public async Task<string> JoinAsync(ChatTarget target, CancellationToken cancellation)
    {
        _join = target.ToJoin();
        _chat = (await node.AskAsync<NodeReply.Opened>(_join, cancellation)).Chat.Chat;
        return _chat;
    }

    /// <summary>Looks for who is in a chat that is there.</summary>
    public async Task LookForAsync(string chat, CancellationToken cancellation)
    {
        _chat = chat;
        _join ??= chat[0] switch
        {
            '@' => new NodeCommand.JoinPeer(chat[1..]),
            '#' => new NodeCommand.JoinRoom(chat[1..]),
            _ => null,
        };
        if (_join is not null)
        {
            await node.AskAsync<NodeReply.Opened>(_join, cancellation);
        }
    }

    /// <summary>Follows a file.</summary>
    /// <param name="started">The file.</param>
    /// <param name="wanted">announced, delivered, fetched or complete.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(FileSummary started, string wanted, CancellationToken cancellation)
    {
        _wanted = wanted;
        Take(started);
        if (CodeOf(Last!) is { } done)
        {
            return Finish(done);
        }

        var isFirst = true;
        await foreach (var happened in node.Events.ReadAllAsync(cancellation))
        {
            switch (happened)
            {
                case NodeEvent.Ready when isFirst:
                    isFirst = false;
                    break;
                case NodeEvent.Ready when _join is not null:
                    node.Post(_join); // another process runs the node now, and goes on with the file
                    break;
                case NodeEvent.ChatReplaced replaced when replaced.OldChat == _chat:
                    _chat = replaced.Chat.Chat;
                    break;
                case NodeEvent.OutboxQuestion question when question.Chat == _chat:
                    node.Post(new NodeCommand.ReleaseOutbox(question.Chat, true));
                    break;
                case NodeEvent.FileChanged changed
                    when changed.File.File == Last!.File || changed.OldFile == Last.File:
                    Take(changed.File);
                    break;
                case NodeEvent.InStep:
                    await LookAgainAsync(cancellation);
                    break;
                case NodeEvent.MessageShown shown when shown.Message.Id == Last!.File:
                    _delivery = shown.Message.State;
                    break;
                case NodeEvent.MessageStateChanged changed when changed.Message == Last!.File:
                    _delivery = changed.State;
                    break;
                case NodeEvent.Notice notice when notice.Chat is null || notice.Chat == _chat:
                    progress.Clear();
                    PeerChatCommandLine.Say(Words.FromNode(notice.Text));
                    break;
                case NodeEvent.JoinFailed failed when failed.Target == _chat:
                    progress.Clear();
                    PeerChatCommandLine.Say(Words.FromNode(failed.Text));
                    break;
                case NodeEvent.Stopped stopped:
                    progress.Clear();
                    return JoinFailures.ReportStopped(stopped);
                default:
                    break;
            }

            if (CodeOf(Last!) is { } code)
            {
                return Finish(code);
            }
        }

        return ExitCode.Interrupted;
    }

    private async Task LookAgainAsync(CancellationToken cancellation)
    {
        if (
            await node.AskAsync(new NodeCommand.ListFiles(_chat), cancellation) is NodeReply.Files files
            && Array.Find(files.All, file => file.File == Last!.File) is { } found
        )
        {
            Take(found);
        }
    }

    private void Take(FileSummary file)
    {
        Last = file;
        if (isJson && !IsQuiet)
        {
            Console.Out.WriteLine(JsonLines.Of(file));
            Console.Out.Flush();
        }
        else
        {
            progress.Show($"{file.Name}  {FileLines.Standing(file)}");
        }
    }

    private int? CodeOf(FileSummary file) =>
        file.State switch
        {
            FileState.Failed => ExitCode.Storage,
            FileState.Cancelled or FileState.Recalled => ExitCode.Refused,
            FileState.Complete => ExitCode.Done,
            FileState.Held => _wanted switch
            {
                "complete" => null,
                "announced" => IsAnnounced(file) ? ExitCode.Done : null,
                "delivered" => IsAnnounced(file) && _delivery >= DeliveryState.Delivered
                    ? ExitCode.Done
                    : null,
                _ => file.Holders > 0 ? ExitCode.Done : null,
            },
            _ => null,
        };

    private static bool IsAnnounced(FileSummary file) =>
        !file.File.StartsWith("file-", StringComparison.Ordinal);

    private int Finish(int code)
    {
        progress.Clear();
        if (code != ExitCode.Done)
        {
            PeerChatCommandLine.Say(PlainText.Clean($"{Last!.Name}: {FileLines.StateOf(Last)}"));
        }
        else if (!isJson && !IsQuiet)
        {
            Console.Out.WriteLine(
                PlainText.Clean(Last!.State == FileState.Complete ? Last.Path! : Last.File)
            );
        }

        return code;
    }
}
