using System.Runtime.InteropServices;

namespace PeerChat.Terminal.Cells;

/// <summary>One place on the screen, in eight bytes: which cluster, in which style, how wide.</summary>
/// <param name="Cluster">A code point, or a number given by <see cref="CellTables"/> to a longer cluster.</param>
/// <param name="Style">A number given by <see cref="CellTables"/>.</param>
/// <param name="Width">Columns: 1, 2, or 0 for the right half of the wide cluster before it.</param>
/// <param name="IsDoubtful">Whether terminals disagree on the width.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Cell(int Cluster, ushort Style, byte Width, bool IsDoubtful)
{
    /// <summary>A blank in the terminal's own look, as erasing leaves it.</summary>
    public static readonly Cell Blank = new(' ', 0, 1, IsDoubtful: false);

    /// <summary>Equal to no cell that is ever drawn: what the terminal shows there is not known.</summary>
    public static readonly Cell Unknown = new(-1, 0, 1, IsDoubtful: false);

    /// <summary>Whether this is the right half of a wide cluster.</summary>
    public bool IsContinuation => Width == 0;
}
