using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Output;

/// <summary>One line a message, for people and simple pipes.</summary>
internal sealed class LineWriter(TextWriter output) : IEventWriter
{
    /// <summary>A message as one line (further lines of its text indented).</summary>
    public static string Format(ChatMessage message)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(message.SentAtUnixMilliseconds).ToLocalTime();
        var room = message.Chat.StartsWith('#') ? PlainText.Clean(message.Chat) + " " : "";
        return $"{time:yyyy-MM-dd HH:mm} {room}{PlainText.Clean(message.From + Texts.Alike(message.LooksLike))}: {PlainText.CleanLines(Texts.Reading(message))}";
    }

    /// <inheritdoc/>
    public void Message(ChatMessage message)
    {
        output.WriteLine(Format(message));
        output.Flush();
    }

    /// <inheritdoc/>
    public void Request(NodeEvent.RequestReceived request) =>
        Console.Error.WriteLine(
            "peerchat: "
                + Words.Of(
                    $"{PlainText.Clean(request.Name)}~{request.ShortId} asks to chat; 'peerchat requests accept {request.PeerId}' lets them in."
                )
                + PlainText.Clean(Texts.IsNot(request.LooksLike))
        );

    /// <inheritdoc/>
    public void Person(ChatMember member)
    {
        output.WriteLine(ReplyLines.Of(member));
        output.Flush();
    }

    /// <inheritdoc/>
    public void Notice(NodeEvent.Notice notice) =>
        Console.Error.WriteLine("peerchat: " + PlainText.Clean(Words.FromNode(notice.Text)));
}
