using PeerChat.Node;

namespace PeerChat.Tui.Model;

/// <summary>What the screen wants done.</summary>
internal abstract record AppEffect
{
    private AppEffect() { }

    /// <summary>Start the node.</summary>
    public sealed record Start : AppEffect;

    /// <summary>Ask the node for something; kept until it runs.</summary>
    public sealed record Post(NodeCommand Command) : AppEffect;

    /// <summary>Send a <see cref="AppMessage.Tick"/> after so long, counted anew each time.</summary>
    public sealed record Wake(TimeSpan After) : AppEffect;

    /// <summary>Ring the bell.</summary>
    public sealed record Bell : AppEffect;

    /// <summary>Draw everything anew.</summary>
    public sealed record Redraw : AppEffect;

    /// <summary>Go to the background, as Ctrl-Z does.</summary>
    public sealed record Suspend : AppEffect;
}
