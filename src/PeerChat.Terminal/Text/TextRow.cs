namespace PeerChat.Terminal.Text;

/// <summary>A row of wrapped text.</summary>
/// <param name="Start">Index of its first UTF-16 unit in the text.</param>
/// <param name="Length">UTF-16 units shown in the row.</param>
/// <param name="Columns">Columns it takes, without indent.</param>
public readonly record struct TextRow(int Start, int Length, int Columns)
{
    /// <summary>Index behind its last UTF-16 unit.</summary>
    public int End => Start + Length;
}
