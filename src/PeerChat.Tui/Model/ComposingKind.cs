namespace PeerChat.Tui.Model;

/// <summary>What is done with a message by means of the input line.</summary>
internal enum ComposingKind
{
    /// <summary>It is answered.</summary>
    Reply,

    /// <summary>It gets another text.</summary>
    Edit,

    /// <summary>It is reacted to.</summary>
    React,
}
