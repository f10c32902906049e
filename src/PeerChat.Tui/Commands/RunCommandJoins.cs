using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>What <c>--join</c> and <c>/join</c> mean: a person, or a link.</summary>
internal static class RunCommandJoins
{
    private const string Scheme = "peerchat:";

    /// <summary>Whether a text is meant as an invitation or contact link.</summary>
    public static bool IsLink(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The command.</summary>
    public static NodeCommand Of(string text, string? address) =>
        IsLink(text) ? new NodeCommand.JoinLink(text, address) : new NodeCommand.JoinPeer(text, address);
}
