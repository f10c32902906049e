using PeerChat.WebRtc;

namespace PeerChat.Node.Profiles;

/// <summary>What STUN and TURN servers may be written as.</summary>
public static class ConfigServers
{
    /// <summary>A STUN server.</summary>
    public static ConfigType Stun { get; } =
        ConfigType.Of(
            "HOST[:PORT] of a STUN server, such as stun.example.org:3478",
            "stun.example.org:3478",
            value => IceServer.TryParseStun(value, out _, out _)
        );

    /// <summary>A TURN server, with credentials or without.</summary>
    public static ConfigType Turn { get; } =
        ConfigType.Of(
            "turn:[USER:PASSWORD@]HOST[:PORT][?transport=udp|tcp], or turns:[USER:PASSWORD@]HOST[:PORT] for TLS",
            "turns:alice:secret@turn.example.org",
            value => IceServer.TryParseTurn(value, out _, out _)
        );

    /// <summary>The servers of a node's options; those that make no sense were refused where they were read.</summary>
    internal static IReadOnlyList<IceServer> Read(NodeOptions options)
    {
        var servers = new List<IceServer>();
        foreach (var text in options.Turn)
        {
            servers.Add(
                IceServer.TryParseTurn(text, out var server, out var problem)
                    ? server
                    : throw new NodeStartException(NodeStartFailure.Usage, $"--turn {problem}.")
            );
        }

        foreach (var text in options.Stun)
        {
            servers.Add(
                IceServer.TryParseStun(text, out var server, out var problem)
                    ? server
                    : throw new NodeStartException(NodeStartFailure.Usage, $"--stun {problem}.")
            );
        }

        return servers.Count <= IceGatherer.MaxServers
            ? servers
            : throw new NodeStartException(
                NodeStartFailure.Usage,
                $"At most {IceGatherer.MaxServers} servers are used; leave some --stun or --turn out."
            );
    }
}
