using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>What <c>--join</c> and <c>/join</c> mean: a person, or an invitation to a private room.</summary>
internal static class RunCommandJoins
{
    private const string Scheme = "peerchat:join/";

    /// <summary>Whether a text is meant as an invitation.</summary>
    public static bool IsLink(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The command.</summary>
    public static NodeCommand Of(string text, string? address) =>
        IsLink(text) ? new NodeCommand.JoinLink(text, address) : new NodeCommand.JoinPeer(text, address);
}
