namespace PeerChat.Rooms.Identity;

/// <summary>Why a text is not a name.</summary>
public enum NameError
{
    /// <summary>It is a name.</summary>
    None,

    /// <summary>There is no character.</summary>
    Empty,

    /// <summary>There are more characters than a name may have.</summary>
    TooLong,

    /// <summary>The bytes are not UTF-8, or half of a surrogate pair stands alone.</summary>
    NotText,

    /// <summary>It begins with something else than a letter or a digit.</summary>
    BadStart,

    /// <summary>It ends with a dot.</summary>
    EndsWithDot,

    /// <summary>A character is neither letter, digit, combining mark nor one of _ - and the dot.</summary>
    ForbiddenCharacter,

    /// <summary>A letter or mark shows nothing, so that two names could look the same.</summary>
    InvisibleCharacter,

    /// <summary>A combining mark follows something else than a letter.</summary>
    MarkWithoutLetter,

    /// <summary>More combining marks stand on one letter than a script needs.</summary>
    TooManyMarks,

    /// <summary>A received name is not in Unicode Normalization Form C.</summary>
    NotNormalized,
}
