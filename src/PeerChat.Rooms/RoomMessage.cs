using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <summary>A message as a room shows it.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="From">The author's identity.</param>
/// <param name="FromName">The name that identity goes by.</param>
/// <param name="IsOwn">Whether one's own identity wrote it, on this device or another.</param>
/// <param name="Content">What could be made of it.</param>
/// <param name="Text">The text, not cleaned for any terminal; empty where there is none.</param>
/// <param name="SentAt">The author's clock.</param>
/// <param name="Position">Its place in the order that all peers show.</param>
/// <param name="State">Where it stands.</param>
/// <param name="DeliveredTo">How many other people have it durably.</param>
/// <param name="Arrival">When it was kept here: what was kept later, in whichever room, has a greater number.</param>
/// <param name="ReplyTo">The message that it answers.</param>
/// <param name="IsEdited">Whether the text is another than it was at first.</param>
/// <param name="Reactions">What people have reacted with.</param>
/// <param name="ReadBy">How many other people have read it, of those who let others know.</param>
/// <param name="Recall">How far its recall has come, where it was recalled.</param>
/// <param name="File">What is announced, where it is a file.</param>
public sealed record RoomMessage(
    EntryId Id,
    AuthorId Author,
    PeerId From,
    DisplayName FromName,
    bool IsOwn,
    RoomMessageContent Content,
    string Text,
    WallTime SentAt,
    EntryPosition Position,
    RoomMessageState State,
    int DeliveredTo,
    long Arrival = 0,
    EntryId? ReplyTo = null,
    bool IsEdited = false,
    IReadOnlyList<RoomReaction>? Reactions = null,
    int ReadBy = 0,
    RecallProgress? Recall = null,
    Files.FileAnnouncement? File = null
);
