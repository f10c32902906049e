namespace PeerChat.Terminal.Widgets;

/// <summary>What undoing brings back.</summary>
/// <param name="Text">The text.</param>
/// <param name="Cursor">Where the cursor was.</param>
internal sealed record EditorSnapshot(string Text, int Cursor);
