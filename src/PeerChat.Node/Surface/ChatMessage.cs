namespace PeerChat.Node;

/// <summary>A message as a face shows it.</summary>
/// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
/// <param name="Id">
/// The entry's id in hexadecimal; <c>outbox-N</c> while it waits for a key, <c>imported-N</c> from an export, <c>guest-N</c> in a chat with a guest.
/// </param>
/// <param name="From">The author's name.</param>
/// <param name="FromId">The author's full id; empty where no profile of theirs has come yet.</param>
/// <param name="IsOwn">Whether oneself wrote it.</param>
/// <param name="Text">The text, not cleaned for any terminal.</param>
/// <param name="SentAtUnixMilliseconds">The author's clock.</param>
/// <param name="State">Where one's own message stands; <see cref="DeliveryState.Received"/> for others'.</param>
/// <param name="DeliveredTo">On how many other people's devices it is.</param>
/// <param name="Order">Its place: messages are shown by (order, id), the same at every peer.</param>
/// <param name="Arrival">When it came to this profile: what came later has a greater number; 0 while it waits for a key, or for what its author wrote before it.</param>
/// <param name="Content">What it is; for all but a text, <paramref name="Text"/> is a sentence in its place.</param>
/// <param name="ReplyTo">The id of the message that it answers; null for none.</param>
/// <param name="IsEdited">Whether the text is another than it was at first.</param>
/// <param name="Reactions">What people have reacted with, in the order in which each was first given; null for nothing.</param>
/// <param name="ReadBy">How many other people have read one's own message, of those who let others know.</param>
/// <param name="Recall">How far one's own recall of it has come; null where it was not recalled, or by somebody else.</param>
/// <param name="File">The file that it announces, as it stood when this was told; null for none.</param>
/// <param name="LooksLike">Whose name the author's looks like, a contact's or one's own, though they are somebody else; null where it is like nobody's.</param>
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
    long Arrival = 0,
    MessageContent Content = MessageContent.Text,
    string? ReplyTo = null,
    bool IsEdited = false,
    ReactionSummary[]? Reactions = null,
    int ReadBy = 0,
    RecallSummary? Recall = null,
    FileSummary? File = null,
    string? LooksLike = null
);
