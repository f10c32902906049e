using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Text;

/// <summary>A stretch of text in one style.</summary>
/// <param name="Start">Index of its first UTF-16 unit.</param>
/// <param name="Length">UTF-16 units.</param>
/// <param name="Style">Its style.</param>
public readonly record struct StyleRun(int Start, int Length, CellStyle Style);
