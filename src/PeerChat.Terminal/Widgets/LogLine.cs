using PeerChat.Terminal.Text;

namespace PeerChat.Terminal.Widgets;

/// <summary>A line of a log, wrapped as wide as it is shown.</summary>
/// <param name="Key">Tells the line from all others, whatever is put in before it; scrolling holds on to it.</param>
/// <param name="Text">Its text.</param>
/// <param name="Indent">Columns by which its further rows are moved in, to stand under the text and not under time and name.</param>
public sealed record LogLine(long Key, StyledText Text, int Indent = 0);
