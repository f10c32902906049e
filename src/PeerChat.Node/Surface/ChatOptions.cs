namespace PeerChat.Node;

/// <summary>What holds for a chat.</summary>
/// <param name="Chat">The chat; null for all that say nothing of their own.</param>
/// <param name="ReadReceipts">Whether the others learn what one has read.</param>
/// <param name="ReadReceiptsIsOwn">Whether the chat says so itself.</param>
/// <param name="Typing">Whether the others see that one is writing.</param>
/// <param name="TypingIsOwn">Whether the chat says so itself.</param>
/// <param name="AutoFetch">Which files come without being asked for.</param>
/// <param name="AutoFetchIsOwn">Whether the chat says so itself.</param>
public sealed record ChatOptions(
    string? Chat,
    bool ReadReceipts,
    bool ReadReceiptsIsOwn,
    bool Typing,
    bool TypingIsOwn,
    AutoFetch AutoFetch = AutoFetch.Pictures,
    bool AutoFetchIsOwn = false
);
