namespace PeerChat.Terminal.Widgets;

/// <summary>What a key did to an editor.</summary>
public enum EditorOutcome
{
    /// <summary>Nothing: the key is not the editor's.</summary>
    NotHandled,

    /// <summary>It changed the text or moved the cursor, or could not do so any further.</summary>
    Handled,

    /// <summary>The text is finished: take it, and go on with <see cref="LineEditor.Finish"/>.</summary>
    Submitted,
}
