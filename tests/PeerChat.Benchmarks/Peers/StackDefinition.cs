using System.Diagnostics;
using PeerChat.Benchmarks.Link;

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

    /// <summary>Ours.</summary>
    public static StackDefinition Own { get; } =
        new("peerchat", Environment.ProcessPath!, [OwnPeerVerb, PrivateNetwork.Address], null);

    /// <summary>All stacks, ours first.</summary>
    public static IReadOnlyList<StackDefinition> All() =>
        [
            Own,
            new(
                "peerchat-own",
                Environment.ProcessPath!,
                [OwnPeerVerb, PrivateNetwork.Address, OwnPeer.OwnWays],
                null
            ),
            OnNode("node-datachannel", "node-datachannel"),
            OnNode("wrtc", "@roamhq/wrtc"),
            OnNode("werift", "werift"),
            OnPion(),
            OnAiortc(),
            OnChromium(),
        ];

    // Built once, beside the program, from Debian's packaged sources
    private static StackDefinition OnPion()
    {
        const string Sources = "/usr/share/gocode/src/github.com/pion/webrtc";
        var program = Path.Combine(AppContext.BaseDirectory, "pion-peer");
        var missing = Directory.Exists(Sources)
            ? null
            : "not installed; run 'apt-get install golang-go golang-github-pion-webrtc.v3-dev'";
        if (missing is null && !File.Exists(program))
        {
            var start = new ProcessStartInfo("go", ["build", "-o", program, "."])
            {
                WorkingDirectory = Scripts("pion"),
            };
            start.Environment["GO111MODULE"] = "off";
            start.Environment["GOPATH"] = "/usr/share/gocode";
            using var build = Process.Start(start)!;
            build.WaitForExit();
            missing = build.ExitCode == 0 ? null : "did not build";
        }

        return new StackDefinition("pion", program, [], missing);
    }

    // Two browsers; what they use counts with their helper processes
    private static StackDefinition OnChromium() =>
        new(
            "chromium",
            "node",
            ["--experimental-websocket", "--no-warnings", Path.Combine(Scripts("node"), "chromium.mjs")],
            File.Exists("/usr/bin/chromium") ? null : "not installed; run 'apt-get install chromium'"
        );

    private static StackDefinition OnAiortc() =>
        new(
            "aiortc",
            "/usr/bin/python3",
            [Path.Combine(Scripts("aiortc"), "peer.py")],
            Directory.Exists("/usr/lib/python3/dist-packages/aiortc")
                ? null
                : "not installed; run 'apt-get install python3-aiortc'"
        );

    /// <summary>The same on another host, with its address.</summary>
    public StackDefinition On(NetworkHost host, string address) =>
        this with
        {
            Program = "nsenter",
            Arguments =
            [
                .. host.Enter,
                Program,
                .. Arguments.Select(word => word == PrivateNetwork.Address ? address : word),
            ],
        };

    private static StackDefinition OnNode(string name, string package)
    {
        var folder = Scripts("node");
        var script = Path.Combine(folder, "peer.mjs");
        var isThere = Directory.Exists(Path.Combine(folder, "node_modules", package));
        return new StackDefinition(
            name,
            "node",
            [script, name],
            isThere ? null : $"not installed; run 'npm ci' in {folder} (needs Node.js)"
        );
    }

    private static string Scripts(string folder) => SourceFolder.Of("tests", "PeerChat.Benchmarks", folder);
}
