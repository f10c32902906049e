namespace PeerChat.Terminal.Widgets;

/// <summary>What undoing brings back.</summary>
/// <param name="Text">The text.</param>
/// <param name="Cursor">Where the cursor was.</param>
internal readonly record struct EditorSnapshot(string Text, int Cursor);
