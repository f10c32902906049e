namespace PeerChat.Rooms;

/// <summary>What an author's newest statement in a room is about; the numbers are kept on disk.</summary>
public enum StatementKind
{
    /// <summary>Who the author is: a profile record.</summary>
    Profile = 0,

    /// <summary>What the author has, durably: a have statement.</summary>
    Have = 1,

    /// <summary>That the author's log has two entries at one seq.</summary>
    ForkProof = 2,

    /// <summary>How far one's own log was handed to any peer: the counter is the seq, the bytes are empty.</summary>
    Sent = 3,

    /// <summary>What the author has read: the counter is the seq of its newest read mark, the bytes are that mark's body.</summary>
    ReadMark = 4,

    /// <summary>What is kept of an author's content: the counter is the bytes of headers and payloads, the bytes are empty.</summary>
    Usage = 5,

    /// <summary>
    /// A control entry of a private room that lies ahead of its log or on another branch: in place of the author stands the entry's
    /// id, the counter is its seq, the bytes are signature and header.
    /// </summary>
    Control = 16,
}
