using PeerChat.Primitives;

namespace PeerChat.Node.Storage;

/// <summary>A message from an export; nobody vouches for it.</summary>
/// <param name="Number">Its number here.</param>
/// <param name="MessageId">What the export calls it.</param>
/// <param name="From">Who is said to have written it.</param>
/// <param name="Text">What it is said to be; of a file the name.</param>
/// <param name="Sent">When it is said to have been written.</param>
/// <param name="IsFile">Whether it announced a file.</param>
/// <param name="IsEdited">Whether its text is said to be another one than at first.</param>
public sealed record ImportedText(
    long Number,
    string MessageId,
    string From,
    string Text,
    WallTime Sent,
    bool IsFile = false,
    bool IsEdited = false
);
