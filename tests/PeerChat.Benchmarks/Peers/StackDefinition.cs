namespace PeerChat.Benchmarks.Peers;

/// <summary>A stack that can be measured: how one side of it is started, and whether it is there.</summary>
/// <param name="Name">What it is called on the command line and in the report.</param>
/// <param name="Program">The program of one side.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Missing">Why it cannot be measured here, and how to get it; null when it can.</param>
internal sealed record StackDefinition(string Name, string Program, string[] Arguments, string? Missing)
{
    /// <summary>The word with which this program plays one side of our own stack.</summary>
    public const string OwnPeerVerb = "stack-peer";

    /// <summary>All stacks, ours first.</summary>
    public static IReadOnlyList<StackDefinition> All() =>
        [
            new("peerchat", Environment.ProcessPath!, [OwnPeerVerb], null),
            OnNode("node-datachannel", "node-datachannel"),
            OnNode("wrtc", "@roamhq/wrtc"),
            OnNode("werift", "werift"),
        ];

    private static StackDefinition OnNode(string name, string package)
    {
        var folder = Path.Combine(SourceFolder(), "node");
        var script = Path.Combine(folder, "peer.mjs");
        var isThere = Directory.Exists(Path.Combine(folder, "node_modules", package));
        return new StackDefinition(
            name,
            "node",
            [script, name],
            isThere ? null : $"not installed; run 'npm ci' in {folder} (needs Node.js)"
        );
    }

    // The scripts and their packages stay beside the sources; the program lies in bin/CONFIGURATION/FRAMEWORK below.
    private static string SourceFolder() =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));
}
