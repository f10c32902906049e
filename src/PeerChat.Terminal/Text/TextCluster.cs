namespace PeerChat.Terminal.Text;

/// <summary>What a reader sees as one character: the unit for drawing, moving, deleting and wrapping.</summary>
/// <param name="Start">Index of its first UTF-16 unit in the text.</param>
/// <param name="Length">UTF-16 units in the text.</param>
/// <param name="DrawnLength">UTF-16 units that are drawn; fewer than <paramref name="Length"/> when marks were cut.</param>
/// <param name="Columns">Columns it takes on the screen.</param>
/// <param name="Form">How it is drawn.</param>
public readonly record struct TextCluster(
    int Start,
    int Length,
    int DrawnLength,
    int Columns,
    ClusterForm Form
)
{
    /// <summary>Columns of a tab; fixed, so that a width does not depend on where the text stands.</summary>
    public const int TabColumns = 4;

    /// <summary>Marks drawn on one character; more are cut (real scripts need four, the notes allow up to 64).</summary>
    public const int MaxMarks = 8;

    /// <summary>Code points drawn in one cell; the longest emoji recommended for interchange has ten.</summary>
    public const int MaxRunes = 16;

    /// <summary>UTF-16 units taken as one cluster; a bound on work, as a sender may join characters without end.</summary>
    public const int MaxLength = 64;

    /// <summary>Index behind its last UTF-16 unit.</summary>
    public int End => Start + Length;
}
