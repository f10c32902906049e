namespace PeerChat.Rooms.Files;

/// <summary>Why bytes are no CAR that is read here.</summary>
public enum CarProblem
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>It does not begin as a CAR of version 1 with one root.</summary>
    NotACar,

    /// <summary>It is a CAR of version 2.</summary>
    Version2,

    /// <summary>A section is empty, or longer than a block may be.</summary>
    BadSection,

    /// <summary>A block's CID is of another kind than the profile's.</summary>
    UnknownCid,

    /// <summary>A block is not the one that its CID names.</summary>
    WrongBlock,

    /// <summary>It ends in the middle of a section.</summary>
    CutOff,
}
