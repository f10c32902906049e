using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Text;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>A picture in the place of the log: pixels where the terminal shows them, half blocks elsewhere, its name below.</summary>
internal static class PictureScreen
{
    private const int CaptionRows = 1;

    /// <summary>The room that a picture has on a screen as it is.</summary>
    public static PictureRoom RoomOf(AppState state)
    {
        var log = ScreenLayout.Of(state, state.Size).Log;
        return new PictureRoom(
            Math.Max(1, log.Columns),
            Math.Max(1, log.Rows - CaptionRows),
            state.Graphics ?? TerminalGraphics.None,
            IsWhole: true
        );
    }

    /// <summary>The pixels to show over the cells; null where there are none, or something lies above.</summary>
    public static ScreenImage? Image(AppState state)
    {
        if (
            state.Picture is not { Kind: not GraphicsKind.None } view
            || state.Chooser is not null
            || state.Finder is not null
            || state.Size.Rows <= CaptionRows
        )
        {
            return null;
        }

        var log = ScreenLayout.Of(state, state.Size).Log;
        return new ScreenImage(log, view.Kind, view.Sequence);
    }

    /// <summary>Draws what stands in cells.</summary>
    public static void Draw(CellRegion log, PictureView view)
    {
        log.Clear();
        if (view.Picture is { } picture && view.Kind == GraphicsKind.None)
        {
            var (columns, rows) = (picture.Width, (picture.Height + 1) / 2);
            var left = Math.Max(0, (log.Columns - columns) / 2);
            for (var row = 0; row < Math.Min(rows, log.Rows - CaptionRows); row++)
            {
                for (var column = 0; column < Math.Min(columns, log.Columns); column++)
                {
                    var (sign, style) = PictureCells.CellOf(picture, column, row);
                    _ = log.Write(left + column, row, sign, style);
                }
            }
        }

        var name = LogLines.OneLine(view.Name, Math.Max(1, log.Columns));
        var said =
            !view.IsRead ? Texts.PictureComes
            : view.Picture is null ? Texts.NoSuchPicture
            : Texts.PictureKeys;
        var caption = StyledText.Of(name, CellStyle.Bold).Add("  " + said, CellStyle.Dim);
        _ = log.Write(0, log.Rows - CaptionRows, caption);
    }
}
