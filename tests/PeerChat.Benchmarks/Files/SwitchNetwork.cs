using PeerChat.Benchmarks.Link;

namespace PeerChat.Benchmarks.Files;

/// <summary>Hosts at one switch, each a network namespace; what a host sends can be held to a rate.</summary>
internal sealed class SwitchNetwork : IDisposable
{
    private readonly NetworkHost _switch = new();
    private readonly List<NetworkHost> _hosts = [];

    /// <summary>Makes a switch without hosts; inside a namespace of this process's own.</summary>
    public SwitchNetwork()
    {
        _switch.Run($"ip link add bridge0 type bridge mcast_snooping 0");
        _switch.Run($"ip link set bridge0 up");
    }

    /// <summary>Attaches a host.</summary>
    public NetworkHost Attach()
    {
        var host = new NetworkHost();
        _hosts.Add(host);
        var number = _hosts.Count;
        NetworkHost.RunOutside(
            $"ip link add eth0 netns {host.Id} type veth peer name port{number} netns {_switch.Id}"
        );
        _switch.Run($"ip link set port{number} master bridge0");
        _switch.Run($"ip link set port{number} up");
        host.Run($"ip addr add 10.79.0.{number}/24 dev eth0");
        host.Run($"ip link set eth0 up");
        host.Run($"ip route add default via 10.79.0.254");
        return host;
    }

    /// <summary>Holds what a host sends to a rate, in Mbit/s; 100 ms of it wait at most.</summary>
    public static void Limit(NetworkHost host, double megabits) =>
        host.Run(
            $"tc qdisc add dev eth0 root tbf rate {megabits:0.###}mbit burst 16kb limit {(long)(megabits * 1e6 / 8 / 10)}"
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        _hosts.ForEach(host => host.Dispose());
        _switch.Dispose();
    }
}
