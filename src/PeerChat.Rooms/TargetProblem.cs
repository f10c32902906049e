namespace PeerChat.Rooms;

/// <summary>Why nothing can be said about a message.</summary>
public enum TargetProblem
{
    /// <summary>There is no message of that id in the room.</summary>
    Unknown,

    /// <summary>Its content is not here: recalled, deleted, or never come.</summary>
    NoContent,

    /// <summary>It is somebody else's.</summary>
    NotOwn,

    /// <summary>It is recalled already.</summary>
    AlreadyRecalled,
}
