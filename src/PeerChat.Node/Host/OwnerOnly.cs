using PeerChat.Node.Control;

namespace PeerChat.Node.Host;

/// <summary>What only the process that runs the node can do, asked for by a face that attaches to another one.</summary>
internal static class OwnerOnly
{
    /// <summary>The interfaces that the user restricts the node to, in words as given; empty for all.</summary>
    public static IEnumerable<string> Interfaces(NodeOptions options) =>
        (
            options.Interfaces.Count > 0
                ? options.Interfaces
                : [Environment.GetEnvironmentVariable("PEERCHAT_INTERFACES") ?? ""]
        ).SelectMany(each => each.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether a running node uses the interfaces that the options ask for; options that ask for none fit any node.</summary>
    public static bool AreInterfacesOf(NodeOptions options, IEnumerable<string> running) =>
        options.Interfaces.Count == 0
        || Interfaces(options).ToHashSet(StringComparer.Ordinal).SetEquals(running);

    /// <summary>Checks that the running node is as this face's user wants it.</summary>
    /// <exception cref="NodeStartException">It is not; the message names the process and what to do.</exception>
    public static async Task CheckAsync(NodeOptions options, ControlClient client, HelloResult hello)
    {
        if (!AreInterfacesOf(options, hello.Interfaces))
        {
            throw Differs(
                hello,
                hello.Interfaces.Length == 0
                    ? "all network interfaces"
                    : $"the network interfaces {string.Join(", ", hello.Interfaces)}",
                "--interface"
            );
        }

        if (
            options.Port is { } port
            && await client.AskAsync(new NodeCommand.GetStatus()) is NodeReply.Status { Node.Port: var used }
            && used != port
        )
        {
            throw Differs(hello, $"UDP port {used}", "--port");
        }
    }

    private static NodeStartException Differs(HelloResult hello, string what, string option) =>
        new(
            NodeStartFailure.Usage,
            $"PeerChat runs already (process {hello.ProcessId}) and uses {what}; leave {option} out to use it as it is, or end that process "
                + "first."
        );
}
