using PeerChat.Pictures;
using PeerChat.Terminal.Host;

namespace PeerChat.Tui.Model;

/// <summary>A picture that takes the place of the log.</summary>
/// <param name="Chat">The chat.</param>
/// <param name="File">The file, by the id of its message.</param>
/// <param name="Name">What it is called.</param>
internal sealed record PictureView(string Chat, string File, string Name)
{
    /// <summary>It, scaled to the place; null while it is read, and where it cannot be shown.</summary>
    public Picture? Picture { get; init; }

    /// <summary>Whether reading it came to an end.</summary>
    public bool IsRead { get; init; }

    /// <summary>How its pixels are shown; none where half blocks stand for them.</summary>
    public GraphicsKind Kind { get; init; }

    /// <summary>What shows the pixels.</summary>
    public ReadOnlyMemory<byte> Sequence { get; init; }
}
