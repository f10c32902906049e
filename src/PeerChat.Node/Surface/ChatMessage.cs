namespace PeerChat.Node;

/// <summary>A message as a face shows it.</summary>
/// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
/// <param name="Id">The entry's id in hexadecimal; <c>outbox-N</c> while it waits for a key.</param>
/// <param name="From">The author's name.</param>
/// <param name="FromId">The author's full id; empty where no profile of theirs has come yet.</param>
/// <param name="IsOwn">Whether oneself wrote it.</param>
/// <param name="Text">The text, not cleaned for any terminal.</param>
/// <param name="SentAtUnixMilliseconds">The author's clock.</param>
/// <param name="State">Where one's own message stands; <see cref="DeliveryState.Received"/> for others'.</param>
/// <param name="DeliveredTo">On how many other people's devices it is.</param>
/// <param name="Order">Its place: messages are shown by (order, id), the same at every peer.</param>
/// <param name="Arrival">When it came to this profile: what came later has a greater number; 0 while it waits for a key.</param>
public sealed record ChatMessage(
    string Chat,
    string Id,
    string From,
    string FromId,
    bool IsOwn,
    string Text,
    long SentAtUnixMilliseconds,
    DeliveryState State,
    int DeliveredTo,
    ulong Order,
    long Arrival = 0
);
