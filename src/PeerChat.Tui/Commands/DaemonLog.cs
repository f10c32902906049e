using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Commands;

/// <summary>What a daemon says on standard error: a line per event of interest. Of messages it says that there is one, never what it says.</summary>
/// <param name="output">Where it is written.</param>
/// <param name="socket">Where others reach the node that runs.</param>
internal sealed class DaemonLog(TextWriter output, Func<string?> socket)
{
    private readonly Dictionary<string, ConnectionState> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _titles = new(StringComparer.Ordinal);

    /// <summary>Writes the line of an event, if it has one.</summary>
    public void Write(NodeEvent happened)
    {
        if (Line(happened) is { } line)
        {
            output.WriteLine(PlainText.Clean(line));
            output.Flush();
        }
    }

    private string? Line(NodeEvent happened) =>
        happened switch
        {
            NodeEvent.Ready { Interfaces.Length: 0 } ready => Words.Of(
                $"You are {Texts.Person(ready.Name, ready.ShortId)}; no network is up."
            ),
            NodeEvent.Ready ready => Words.Of(
                $"{Texts.Person(ready.Name, ready.ShortId)} is online on {string.Join(", ", ready.Interfaces)}, UDP port {ready.Port}."
            ),
            NodeEvent.OwnerChanged { IsThisProcess: true } owner => Words.Of(
                $"Process {owner.ProcessId} runs the node, its control socket is {socket()}; 'peerchat attach' shows its screen."
            ),
            NodeEvent.ChatChanged changed => Connection(changed.Chat),
            NodeEvent.ChatReplaced replaced => Connection(replaced.Chat),
            NodeEvent.ChatRemoved removed => Removed(removed.Chat),
            NodeEvent.MessageShown { Message.IsOwn: false } shown => Words.Of(
                $"{shown.Message.From} wrote in {TitleOf(shown.Message.Chat)}."
            ),
            NodeEvent.RequestReceived request => Words.Of(
                $"{Texts.Person(request.Name, request.ShortId)} asks to chat: peerchat requests accept {request.PeerId}"
            ),
            NodeEvent.RequestEnded ended => ended.Accepted
                ? Words.Of($"The request {ended.Request} was accepted.")
                : Words.Of($"The request {ended.Request} has ended."),
            NodeEvent.Notice notice => notice.Text,
            NodeEvent.JoinFailed failed => failed.Text,
            NodeEvent.HandedOver handed => Words.Of($"Handing over to process {handed.ProcessId}."),
            _ => null,
        };

    private string Removed(string chat)
    {
        _connections.Remove(chat);
        var title = TitleOf(chat);
        _titles.Remove(chat);
        return Words.Of($"{title} is no contact any more.");
    }

    // The key of a private room or of a contact is for programs
    private string TitleOf(string chat) => _titles.GetValueOrDefault(chat, chat);

    private static bool IsLinked(ConnectionState state) =>
        state is ConnectionState.Connected or ConnectionState.Silent;

    private string? Connection(ChatSummary chat)
    {
        var isNew = !_connections.TryGetValue(chat.Chat, out var before)
            ? chat.Connection == ConnectionState.Connected
            : before != chat.Connection && (IsLinked(chat.Connection) || IsLinked(before));
        _connections[chat.Chat] = chat.Connection;
        _titles[chat.Chat] = chat.Kind == ChatKind.OpenRoom ? chat.Chat : chat.Title;
        return isNew ? $"{chat.Title}: {JsonLines.Word(chat.Connection)}. {chat.Detail}" : null;
    }
}
