using PeerChat.Node;

namespace PeerChat.Tui.Screens;

internal static class FullScreen
{
    public static string? WhyNot() => "no full screen yet";

    public static Task<int> RunAsync(NodeOptions o, IReadOnlyList<NodeCommand> j, CancellationToken c) =>
        Task.FromResult(0);
}
