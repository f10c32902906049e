using PeerChat.Terminal.Host;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>What a picture is made for.</summary>
/// <param name="Columns">The columns it may take.</param>
/// <param name="Rows">The rows it may take.</param>
/// <param name="Graphics">What the terminal shows.</param>
/// <param name="IsWhole">Whether it takes the place of the log, not a part of a message.</param>
internal sealed record PictureRoom(int Columns, int Rows, TerminalGraphics Graphics, bool IsWhole)
{
    // What a cell has in most fonts, for a terminal that shows pixels of kitty's and does not say how many a cell has
    private const int UsualWidth = 8;
    private const int UsualHeight = 16;

    /// <summary>As part of a message.</summary>
    public static PictureRoom Small { get; } =
        new(PictureCells.MaxColumns, PictureCells.MaxRows, TerminalGraphics.None, IsWhole: false);

    /// <summary>The pixels of its greatest width.</summary>
    public int Width =>
        Graphics.Kind == GraphicsKind.None
            ? Columns
            : Columns * (Graphics.CellWidth > 0 ? Graphics.CellWidth : UsualWidth);

    /// <summary>The pixels of its greatest height.</summary>
    public int Height =>
        Graphics.Kind == GraphicsKind.None
            ? Rows * 2
            : Rows * (Graphics.CellHeight > 0 ? Graphics.CellHeight : UsualHeight);
}
