using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Output;

/// <summary>What the terminal shows and what it will show next: gives out a blank buffer, takes the frame, yields bytes.</summary>
public sealed class Screen
{
    private readonly CellTables _tables = new();
    private CellBuffer _shown;
    private CellBuffer _next;

    /// <summary>A screen of which nothing is known, so that the first frame draws all.</summary>
    public Screen(TerminalSize size)
    {
        _shown = new CellBuffer(size, _tables);
        _next = new CellBuffer(size, _tables);
        Invalidate();
    }

    /// <summary>Its size.</summary>
    public TerminalSize Size => _next.Size;

    /// <summary>How frames are written.</summary>
    public BufferDiff Diff { get; } = new();

    /// <summary>Takes another size; the next frame draws all. The same size does nothing.</summary>
    public void Resize(TerminalSize size)
    {
        if (size.Clamped() == Size)
        {
            return;
        }

        _shown = new CellBuffer(size, _tables);
        _next = new CellBuffer(size, _tables);
        Invalidate();
    }

    /// <summary>Forgets what the terminal shows, so that the next frame draws all.</summary>
    public void Invalidate()
    {
        _shown.FillUnknown();
        Diff.Reset();
    }

    /// <summary>The blank buffer to draw the next frame into.</summary>
    public CellBuffer BeginFrame()
    {
        if (_tables.IsCrowded)
        {
            _next.Clear();
            _tables.Compact(_shown);
        }

        _next.Clear();
        _next.Title = null;
        _next.Palette = Palette.User;
        _next.WantsMouse = false;
        return _next;
    }

    /// <summary>The bytes that bring the frame to the terminal, valid until the next frame; empty if nothing changed.</summary>
    public ReadOnlySpan<byte> EndFrame()
    {
        if (_next.Palette != _shown.Palette)
        {
            // Equal cells look different now
            _shown.FillUnknown();
        }

        var bytes = Diff.Write(_shown, _next);
        (_shown, _next) = (_next, _shown);
        return bytes;
    }
}
