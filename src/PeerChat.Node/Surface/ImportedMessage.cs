namespace PeerChat.Node;

/// <summary>A message of an export, as it says itself.</summary>
/// <param name="Id">What the export calls it, 1 to 128 characters.</param>
/// <param name="From">Who wrote it, 1 to 256 characters.</param>
/// <param name="SentAtUnixMilliseconds">When.</param>
/// <param name="Text">What, at most 64 KiB of UTF-8; of a file the name.</param>
/// <param name="IsFile">Whether it announced a file.</param>
/// <param name="IsEdited">Whether the text is another one than at first.</param>
public sealed record ImportedMessage(
    string Id,
    string From,
    long SentAtUnixMilliseconds,
    string Text,
    bool IsFile = false,
    bool IsEdited = false
);
