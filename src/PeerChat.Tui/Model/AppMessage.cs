using PeerChat.Node;
using PeerChat.Pictures;
using PeerChat.Terminal.Input;

namespace PeerChat.Tui.Model;

/// <summary>What can happen to the screen.</summary>
internal abstract record AppMessage
{
    private AppMessage() { }

    /// <summary>The first frame is on the screen.</summary>
    public sealed record Shown : AppMessage;

    /// <summary>Something came from the terminal.</summary>
    public sealed record Input(InputEvent Event) : AppMessage;

    /// <summary>The node told something.</summary>
    public sealed record Node(NodeEvent Event) : AppMessage;

    /// <summary>The node answered what was asked by <see cref="AppEffect.Ask"/>.</summary>
    public sealed record Answered(NodeCommand Command, NodeReply Reply) : AppMessage;

    /// <summary>No process could be started to run the node.</summary>
    /// <param name="Sentence">Why, for the user.</param>
    public sealed record NotHandedOver(string Sentence) : AppMessage;

    /// <summary>The editor that <see cref="AppEffect.Edit"/> opened has ended.</summary>
    /// <param name="Text">The text; null where it stays as it was.</param>
    /// <param name="Problem">Why there is none, as a sentence.</param>
    public sealed record Edited(string? Text, string? Problem) : AppMessage;

    /// <summary>A picture of a message, scaled to its room; null where it is none that can be shown.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="File">The file.</param>
    /// <param name="Room">What it was made for.</param>
    /// <param name="Picture">It.</param>
    /// <param name="Sequence">What shows its pixels on the terminal; empty where half blocks stand for them.</param>
    public sealed record PictureLoaded(
        string Chat,
        string File,
        PictureRoom Room,
        Picture? Picture,
        ReadOnlyMemory<byte> Sequence
    ) : AppMessage;

    /// <summary>An export or import goes on, or is over.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Sentence">How far it is, or what came of it.</param>
    /// <param name="IsOver">Whether it is over.</param>
    /// <param name="IsFailure">Whether it failed.</param>
    public sealed record Carried(string Chat, string Sentence, bool IsOver, bool IsFailure = false)
        : AppMessage;

    /// <summary>The user has not typed for <see cref="AppEffect.Wake"/>.</summary>
    public sealed record Tick : AppMessage;

    /// <summary>The node could not start, or something around it broke.</summary>
    public sealed record Failed : AppMessage;

    /// <summary>There is no shell to go back to.</summary>
    public sealed record NotSuspended : AppMessage;

    /// <summary>Whoever started the program wants its end.</summary>
    public sealed record Cancelled : AppMessage;
}
