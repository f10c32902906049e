namespace PeerChat.Pictures;

/// <summary>Why a file cannot be shown as a picture.</summary>
public enum PictureProblem
{
    /// <summary>It is no PNG, JPEG or GIF.</summary>
    UnknownFormat,

    /// <summary>It is damaged, cut off or breaks the rules of its format before there is anything to show.</summary>
    Malformed,

    /// <summary>It is of a kind that is not decoded: arithmetic or lossless JPEG, CMYK, 12 bits.</summary>
    Unsupported,

    /// <summary>It has more pixels than are decoded, or takes more work than such a picture may.</summary>
    TooLarge,
}
