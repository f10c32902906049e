namespace PeerChat.Rooms.Files;

/// <summary>Why a DAG is no tree of files.</summary>
public enum FileTreeProblem
{
    /// <summary>A block is not here.</summary>
    Missing,

    /// <summary>A block is not the one that its CID names.</summary>
    WrongBlock,

    /// <summary>A block is not of the form that the profile allows.</summary>
    Malformed,

    /// <summary>Two entries of a folder have one name, or a name is empty or too long.</summary>
    BadName,

    /// <summary>The sizes that nodes claim are not those of the bytes below.</summary>
    WrongSize,

    /// <summary>More levels than <see cref="FileLimits"/> allows.</summary>
    TooDeep,

    /// <summary>More entries or bytes than are allowed.</summary>
    TooMuch,
}
