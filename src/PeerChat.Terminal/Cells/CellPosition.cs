namespace PeerChat.Terminal.Cells;

/// <summary>A place in a grid of cells, counted from 0.</summary>
/// <param name="Column">Columns from the left.</param>
/// <param name="Row">Rows from the top.</param>
public readonly record struct CellPosition(int Column, int Row);
