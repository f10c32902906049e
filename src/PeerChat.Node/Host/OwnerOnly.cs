using PeerChat.Node.Control;

namespace PeerChat.Node.Host;

/// <summary>What only the process that runs the node can do, asked for by a face that attaches to another one.</summary>
internal static class OwnerOnly
{
    private const string Variable = "PEERCHAT_INTERFACES";
    private const string Loopback = "loopback";

    /// <summary>The interfaces that the user restricts the node to, in words as given; empty for all.</summary>
    public static IEnumerable<string> Interfaces(NodeOptions options) =>
        Interfaces(options, Environment.GetEnvironmentVariable);

    /// <summary>Whether a running node uses the interfaces that the options ask for; options that ask for none fit any node.</summary>
    public static bool AreInterfacesOf(NodeOptions options, IEnumerable<string> running) =>
        options.Interfaces.Count == 0
        || Interfaces(options).Select(Fold).ToHashSet(StringComparer.Ordinal).SetEquals(running.Select(Fold));

    /// <summary>
    /// What a face owns with that was attached before: where it says nothing itself, it keeps to the interfaces that the node kept to so
    /// far.
    /// </summary>
    /// <param name="options">What the face's user said.</param>
    /// <param name="inherited">The interfaces of the node that is gone; empty for all.</param>
    /// <param name="environment">Reads an environment variable.</param>
    public static NodeOptions Inherit(
        NodeOptions options,
        IReadOnlyList<string> inherited,
        Func<string, string?> environment
    ) =>
        inherited.Count > 0 && !Interfaces(options, environment).Any()
            ? options with
            {
                Interfaces = inherited,
            }
            : options;

    /// <summary>Checks that the running node is as this face's user wants it, or says what is different.</summary>
    /// <exception cref="NodeStartException">It is not, and the user insists; the message names the process and what to do.</exception>
    public static async Task CheckAsync(NodeOptions options, ControlClient client, HelloResult hello)
    {
        if (!AreInterfacesOf(options, hello.Interfaces))
        {
            Differs(
                options,
                options.InsistsOnInterfaces,
                hello,
                hello.Interfaces.Length == 0
                    ? "all network interfaces"
                    : $"the network interfaces {string.Join(", ", hello.Interfaces)}",
                "--interface",
                string.Join(", ", options.Interfaces)
            );
        }

        if (
            options.RelayOnly
            && await client.AskAsync(new NodeCommand.GetStatus())
                is NodeReply.Status { Node.RelayOnly: false }
        )
        {
            // Never by a mere notice: the whole point is that no address is given away.
            throw new NodeStartException(
                NodeStartFailure.Usage,
                $"PeerChat runs already (process {hello.ProcessId}) and gives its peers the addresses of this machine; end that process first, then "
                    + "start it with --relay-only."
            );
        }

        if (
            options.HideAddresses
            && await client.AskAsync(new NodeCommand.GetStatus())
                is NodeReply.Status { Node: { HidesAddresses: false, RelayOnly: false } }
        )
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                $"PeerChat runs already (process {hello.ProcessId}) and gives all its peers the addresses of this machine; end that process first, then "
                    + "start it with --hide-addresses."
            );
        }

        if (
            options.Port is { } port
            && await client.AskAsync(new NodeCommand.GetStatus()) is NodeReply.Status { Node.Port: var used }
            && used != port
        )
        {
            Differs(options, options.InsistsOnPort, hello, $"UDP port {used}", "--port", $"{port}");
        }
    }

    private static IEnumerable<string> Interfaces(NodeOptions options, Func<string, string?> environment) =>
        (options.Interfaces.Count > 0 ? options.Interfaces : [environment(Variable) ?? ""]).SelectMany(each =>
            each.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
        );

    // The names of one and the same on Linux, on macOS and in our own words
    private static string Fold(string name) => name is "lo" or "lo0" ? Loopback : name;

    private static void Differs(
        NodeOptions options,
        bool insists,
        HelloResult hello,
        string what,
        string option,
        string wanted
    )
    {
        if (insists)
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                $"PeerChat runs already (process {hello.ProcessId}) and uses {what}; leave {option} out to use it as it is, or end that process "
                    + "first."
            );
        }

        options.OnDifference?.Invoke(
            $"PeerChat runs already (process {hello.ProcessId}) and uses {what}, which is not what the environment or the configuration says for "
                + $"{option} ({wanted}); that counts when the process is started again."
        );
    }
}
