using PeerChat.Node;

namespace PeerChat.Tui.Model;

/// <summary>What the screen wants done.</summary>
internal abstract record AppEffect
{
    /// <summary>The greatest picture that is read to be shown small: 16 MiB.</summary>
    public const int MaxPictureBytes = 16 * 1024 * 1024;

    private AppEffect() { }

    /// <summary>Start the node.</summary>
    public sealed record Start : AppEffect;

    /// <summary>Ask the node for something; kept until it runs.</summary>
    public sealed record Post(NodeCommand Command) : AppEffect;

    /// <summary>Let the node know something that nobody misses where it does not run.</summary>
    public sealed record Tell(NodeCommand Command) : AppEffect;

    /// <summary>Ask the node something; the answer comes as <see cref="AppMessage.Answered"/>.</summary>
    public sealed record Ask(NodeCommand Command) : AppEffect;

    /// <summary>Start a process that runs the node from now on, so that this one can leave.</summary>
    public sealed record HandOver : AppEffect;

    /// <summary>Send a <see cref="AppMessage.Tick"/> after so long, counted anew each time.</summary>
    public sealed record Wake(TimeSpan After) : AppEffect;

    /// <summary>Write a setting into the user's configuration, for the next start.</summary>
    public sealed record Remember(string Key, string Value) : AppEffect;

    /// <summary>Ask the terminal to put a text into the clipboard.</summary>
    public sealed record Copy(string Text) : AppEffect;

    /// <summary>Open a web address with what the desktop has for it; where there is none, copy it.</summary>
    public sealed record OpenLink(string Link) : AppEffect;

    /// <summary>Let the user edit a text with their editor; it comes back as <see cref="AppMessage.Edited"/>.</summary>
    public sealed record Edit(string Text) : AppEffect;

    /// <summary>Read a picture that is here, and scale it to its room; it comes as <see cref="AppMessage.PictureLoaded"/>.</summary>
    public sealed record LoadPicture(string Chat, string File, PictureRoom Room) : AppEffect;

    /// <summary>Ask the terminal whether it shows pixels.</summary>
    public sealed record AskForGraphics : AppEffect;

    /// <summary>Write a chat into a file; how far it is comes as <see cref="AppMessage.Carried"/>.</summary>
    public sealed record ExportChat(string Chat, string Path) : AppEffect;

    /// <summary>Take an export into a chat; how far it is comes as <see cref="AppMessage.Carried"/>.</summary>
    public sealed record ImportChat(string Chat, string Path) : AppEffect;

    /// <summary>Ring the bell.</summary>
    public sealed record Bell : AppEffect;

    /// <summary>Show a message of the desktop, where the terminal can.</summary>
    public sealed record Notify(string Text) : AppEffect;

    /// <summary>Draw everything anew.</summary>
    public sealed record Redraw : AppEffect;

    /// <summary>Go to the background, as Ctrl-Z does.</summary>
    public sealed record Suspend : AppEffect;
}
