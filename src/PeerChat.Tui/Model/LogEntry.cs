using PeerChat.Node;
using PeerChat.Terminal.Text;

namespace PeerChat.Tui.Model;

/// <summary>A line of a log: a message, a sentence of the program's own, or a line of the help.</summary>
/// <param name="Key">Tells it from all others in its log; stays when a message changes.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Message">The message, or null.</param>
/// <param name="Sentence">The program's sentence where there is no message.</param>
/// <param name="IsWarning">Whether the sentence must not be overlooked.</param>
internal sealed record LogEntry(
    long Key,
    LogPlace Place,
    ChatMessage? Message,
    string Sentence = "",
    bool IsWarning = false
)
{
    /// <summary>The picture that the message announces, in half blocks; null for none, or while it is not here.</summary>
    public StyledText? Preview { get; init; }

    /// <summary>The line of the help that it is; null for others.</summary>
    public HelpLine? Help { get; init; }

    /// <summary>Whether it is the rule below what was read last.</summary>
    public bool IsRule { get; init; }
}
