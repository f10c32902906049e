using System.Globalization;
using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>The command line of a daemon that runs a node as these options say.</summary>
internal static class DaemonArguments
{
    /// <summary>The option by which a daemon knows that it was started to outlive its terminal.</summary>
    public const string InBackground = "--in-background";

    /// <summary>The arguments, the verb first. Paths are absolute, because a daemon changes its folder.</summary>
    public static IReadOnlyList<string> Of(NodeOptions options)
    {
        var arguments = new List<string> { "daemon" };
        if (options.User is { } user)
        {
            arguments.AddRange(["--user", user]);
        }

        if (options.ProfileDirectory is { } profile)
        {
            arguments.AddRange(["--profile", Path.GetFullPath(profile)]);
        }

        foreach (var name in options.Interfaces)
        {
            arguments.AddRange(["--interface", name]);
        }

        if (options.Port is { } port)
        {
            arguments.AddRange(["--port", port.ToString(CultureInfo.InvariantCulture)]);
        }

        foreach (var who in options.Accept)
        {
            arguments.AddRange(["--accept", who]);
        }

        if (options.AcceptAny)
        {
            arguments.Add("--accept-any");
        }

        return arguments;
    }
}
