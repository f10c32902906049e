using System.Collections.Immutable;
using PeerChat.Node;

namespace PeerChat.Tui.Model;

/// <summary>The search: what was typed so far, where is searched, and what was found.</summary>
/// <param name="Query">The words.</param>
/// <param name="Chat">Only in this chat; null for all.</param>
internal sealed record Finder(string Query, string? Chat)
{
    /// <summary>Longer than anybody types to find something.</summary>
    public const int MaxQuery = 256;

    /// <summary>More than anybody looks through; another word finds better.</summary>
    public const int MaxFound = 100;

    /// <summary>So long nothing must be typed before the node is asked: a search costs it some milliseconds.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>What the node was asked last; null for nothing yet.</summary>
    public NodeCommand.SearchMessages? Asked { get; init; }

    /// <summary>What it found, the newest first; null while its answer is awaited.</summary>
    public ImmutableArray<ChatMessage>? Found { get; init; }

    /// <summary>Index of the chosen one.</summary>
    public int Selected { get; init; }

    /// <summary>What is to be asked; null where there is no word.</summary>
    public NodeCommand.SearchMessages? Wanted =>
        string.IsNullOrWhiteSpace(Query)
            ? null
            : new NodeCommand.SearchMessages(Query.Trim(), Chat, Count: MaxFound);
}
