namespace PeerChat.Node.Meeting;

/// <summary>What is wrong with a pasted code.</summary>
internal enum HandCodeProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is no code at all.</summary>
    OtherText,

    /// <summary>It was cut off, or something is there twice.</summary>
    WrongLength,

    /// <summary>A letter is wrong.</summary>
    WrongLetter,
}
