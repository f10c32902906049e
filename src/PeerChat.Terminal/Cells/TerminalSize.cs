namespace PeerChat.Terminal.Cells;

/// <summary>Columns and rows of a terminal.</summary>
/// <param name="Columns">Cells in a row.</param>
/// <param name="Rows">Rows.</param>
public readonly record struct TerminalSize(int Columns, int Rows)
{
    /// <summary>The largest side believed; a terminal that claims more (it can be told any number) is taken as so large.</summary>
    public const int MaxSide = 2000;

    /// <summary>The size of every terminal that does not say.</summary>
    public static TerminalSize Usual => new(80, 24);

    /// <summary>The size with both sides between 1 and <see cref="MaxSide"/>.</summary>
    public TerminalSize Clamped() => new(Math.Clamp(Columns, 1, MaxSide), Math.Clamp(Rows, 1, MaxSide));
}
