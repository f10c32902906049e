namespace PeerChat.Node.Storage;

/// <summary>What the user wants of one chat, or of all that say nothing of their own.</summary>
/// <param name="ReadReceipts">Whether the others learn what one has read.</param>
/// <param name="Typing">Whether the others see that one is writing.</param>
/// <param name="AutoFetch">Which files come without being asked for.</param>
public sealed record ChatSetting(bool? ReadReceipts = null, bool? Typing = null, AutoFetch? AutoFetch = null);
