using PeerChat.Node.Meeting;
using PeerChat.Rendezvous.PeerServer;
using PeerChat.Rendezvous.Trackers;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Profiles;

/// <summary>What rungs, PeerServers and trackers may be written as.</summary>
public static class ConfigServices
{
    /// <summary>The word for the service, or the services, that strangers run for everybody.</summary>
    public const string Public = "public";

    /// <summary>The rungs by name, nearest first.</summary>
    public static IReadOnlyList<string> RungNames { get; } =
    ["lan", "known", "introduction", "peerserver", "tracker"];

    /// <summary>A list of rungs.</summary>
    public static ConfigType Rungs { get; } =
        ConfigType.Of(
            $"a list with commas between of {string.Join(", ", RungNames)}",
            string.Join(',', RungNames),
            value => ReadRungs(value) is not null
        );

    /// <summary>A PeerServer.</summary>
    public static ConfigType PeerServer { get; } =
        ConfigType.Of(
            $"wss://HOST[:PORT][/PATH][?key=KEY], ws: without TLS, or {Public} for {PeerServerAddress.Public}",
            "wss://peers.example.org/",
            value => value == Public || PeerServerAddress.TryParse(value, out _)
        );

    /// <summary>A tracker.</summary>
    public static ConfigType Tracker { get; } =
        ConfigType.Of(
            $"wss://HOST[:PORT][/PATH], ws: without TLS, or {Public} for {string.Join(", ", TrackerAddress.Public)}",
            "wss://tracker.example.org/",
            value => value == Public || TrackerAddress.TryParse(value, out _)
        );

    /// <summary>The ladder of a node's options; what makes no sense was refused where it was read.</summary>
    internal static LadderOptions Read(NodeOptions options)
    {
        var rungs = options.Rungs is { } named
            ? ReadRungs(named)
                ?? throw new NodeStartException(
                    NodeStartFailure.Usage,
                    $"--rungs must be {Rungs.Allowed}, not {named}."
                )
            : new LadderOptions().Rungs;
        if (options.LanOnly)
        {
            rungs = new HashSet<Rung> { Rung.Lan };
        }

        if (options.LanOnly && options.RelayOnly)
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                "--lan and --relay-only exclude each other: one stays on the local network, the other never uses it."
            );
        }

        List<ServiceHint> services =
        [
            .. options
                .PeerServers.SelectMany(url => url == Public ? [PeerServerAddress.Public] : new[] { url })
                .Select(url => new ServiceHint(Rung.PeerServer, url)),
            .. options
                .Trackers.SelectMany(url => url == Public ? TrackerAddress.Public : [url])
                .Select(url => new ServiceHint(Rung.Tracker, url)),
        ];
        return services.Count > Engine.NodeEngine.MaxServices
            ? throw new NodeStartException(
                NodeStartFailure.Usage,
                $"At most {Engine.NodeEngine.MaxServices} services are used; leave some --peerserver or --tracker out."
            )
            : new LadderOptions
            {
                Rungs = rungs,
                Services = services,
                IsPublic = options.LooksBeyondTheLan,
            };
    }

    private static HashSet<Rung>? ReadRungs(string value)
    {
        var rungs = new HashSet<Rung>();
        foreach (var name in ConfigType.Split(value))
        {
            switch (name.ToLowerInvariant())
            {
                case "lan":
                    rungs.Add(Rung.Lan);
                    break;
                case "known":
                    rungs.Add(Rung.Direct);
                    break;
                case "introduction":
                    rungs.Add(Rung.Introduction);
                    break;
                case "peerserver":
                    rungs.Add(Rung.PeerServer);
                    break;
                case "tracker":
                    rungs.Add(Rung.Tracker);
                    break;
                default:
                    return null;
            }
        }

        return rungs.Count == 0 ? null : rungs;
    }
}
