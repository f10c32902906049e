using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;

namespace PeerChat.Terminal.Output;

/// <summary>A picture of pixels over cells that are left blank for it.</summary>
/// <param name="Place">The cells; it goes beyond none of them.</param>
/// <param name="Kind">How it is shown.</param>
/// <param name="Sequence">What shows it at the cursor. Made by us, never what a peer sent.</param>
public sealed record ScreenImage(Rectangle Place, GraphicsKind Kind, ReadOnlyMemory<byte> Sequence);
