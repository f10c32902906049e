namespace PeerChat.Tui.Output;

/// <summary>A message, in JSON output; fields as <c>docs/SCRIPTING.md</c> describes them.</summary>
internal sealed record JsonMessage(
    int V,
    string Type,
    string Id,
    string Room,
    JsonPerson From,
    string Text,
    string SentAt,
    string State,
    string Content,
    string? ReplyTo,
    bool Edited,
    JsonReaction[] Reactions,
    int DeliveredTo,
    int ReadBy,
    JsonRecall? Recall,
    JsonTransfer? File
);
