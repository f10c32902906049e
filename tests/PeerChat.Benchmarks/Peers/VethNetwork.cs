using PeerChat.Benchmarks.Link;

namespace PeerChat.Benchmarks.Peers;

/// <summary>Two hosts with a cable between them, for <c>--path veth</c>: what crosses it passes two network stacks.</summary>
internal sealed class VethNetwork : IDisposable
{
    private const string Second = "10.77.0.2";
    private readonly NetworkHost _first = new();
    private readonly NetworkHost _second = new();

    /// <summary>Makes it.</summary>
    public VethNetwork()
    {
        NetworkHost.RunOutside(
            $"ip link add cable0 netns {_first.Id} type veth peer name cable1 netns {_second.Id}"
        );
        _first.Run($"ip addr add {PrivateNetwork.Address}/24 dev cable0");
        _first.Run($"ip link set cable0 up");
        _first.Run($"ip route add default via {Second}");
        _second.Run($"ip addr add {Second}/24 dev cable1");
        _second.Run($"ip link set cable1 up");
        _second.Run($"ip route add default via {PrivateNetwork.Address}");
    }

    /// <summary>A stack's two sides, one on each host.</summary>
    public StackPair Start(StackDefinition stack) =>
        StackPair.Start(stack.On(_first, PrivateNetwork.Address), stack.On(_second, Second));

    /// <inheritdoc/>
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }
}
