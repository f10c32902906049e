using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Testing;

/// <summary>One place on a virtual screen.</summary>
/// <param name="Text">What is drawn there; empty for the right half of a wide character.</param>
/// <param name="Style">In which style.</param>
/// <param name="Width">1 or 2, and 0 for a right half.</param>
public readonly record struct VirtualCell(string Text, CellStyle Style, int Width)
{
    /// <summary>A blank as erasing leaves it.</summary>
    public static VirtualCell Blank => new(" ", default, 1);
}
