namespace PeerChat.Terminal.Host;

/// <summary>What a terminal answered when it was asked about pixels.</summary>
/// <param name="Kind">How it shows them.</param>
/// <param name="CellWidth">Pixels of a cell's width; 0 where it did not tell.</param>
/// <param name="CellHeight">Pixels of a cell's height; 0 where it did not tell.</param>
public sealed record TerminalGraphics(GraphicsKind Kind, int CellWidth = 0, int CellHeight = 0)
{
    /// <summary>Nothing, as for a terminal that keeps silent.</summary>
    public static TerminalGraphics None { get; } = new(GraphicsKind.None);
}
