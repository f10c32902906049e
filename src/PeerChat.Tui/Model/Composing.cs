using PeerChat.Node;

namespace PeerChat.Tui.Model;

/// <summary>What Enter does with the input line while it is about a message that is there already.</summary>
/// <param name="Kind">What is being done.</param>
/// <param name="Message">The message.</param>
/// <param name="Draft">
/// The draft that comes back afterwards; null where what is written is a draft of the chat itself, as an answer is.
/// </param>
internal sealed record Composing(ComposingKind Kind, ChatMessage Message, string? Draft);
