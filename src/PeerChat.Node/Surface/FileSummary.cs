namespace PeerChat.Node;

/// <summary>A file of a chat as a face shows it.</summary>
/// <param name="Chat">The chat.</param>
/// <param name="File">Its name in commands: the id of the message that announces it, or <c>file-N</c> before there is one.</param>
/// <param name="Name">Its name, as its author wrote it; not cleaned for any terminal or disk.</param>
/// <param name="Cid">The CID of its content; empty while that is not known.</param>
/// <param name="Size">Bytes of all files.</param>
/// <param name="Files">How many files.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="MediaType">What its author says it is, such as <c>image/png</c>; empty for nothing.</param>
/// <param name="MayRun">Whether systems run such a file when it is opened, as its name says.</param>
/// <param name="IsOwn">Whether oneself announced it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Done">Bytes that are here and verified, or read so far while it is prepared.</param>
/// <param name="Rate">Bytes a second; 0 where nothing moves.</param>
/// <param name="LeftSeconds">How long the rest takes at that rate; null where that cannot be said.</param>
/// <param name="Sources">Who gives blocks at the moment, or has some, by name.</param>
/// <param name="Given">Bytes of blocks that were given to others since the node started.</param>
/// <param name="Holders">How many others are known to have all of it.</param>
/// <param name="Path">Where it lies, once it is complete.</param>
/// <param name="Problem">What went wrong last; null for nothing.</param>
public sealed record FileSummary(
    string Chat,
    string File,
    string Name,
    string Cid,
    long Size,
    int Files,
    bool IsFolder,
    string MediaType,
    bool MayRun,
    bool IsOwn,
    FileState State,
    long Done,
    long Rate,
    int? LeftSeconds,
    string[] Sources,
    long Given,
    int Holders,
    string? Path,
    string? Problem
);
