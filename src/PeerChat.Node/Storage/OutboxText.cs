using PeerChat.Primitives;
using PeerChat.Rooms.Files;

namespace PeerChat.Node.Storage;

/// <summary>A text that waits for somebody who has not been met yet.</summary>
/// <param name="Number">Its local number; never used again for another text.</param>
/// <param name="Target">The name it is for.</param>
/// <param name="Text">The text.</param>
/// <param name="Created">When it was written.</param>
/// <param name="File">The file that it announces; the text is its name then.</param>
public sealed record OutboxText(
    long Number,
    string Target,
    string Text,
    WallTime Created,
    FileAnnouncement? File = null
);
