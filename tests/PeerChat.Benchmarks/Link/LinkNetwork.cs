namespace PeerChat.Benchmarks.Link;

/// <summary>Two hosts and a router, each a network namespace, with a link of a limited rate, a buffer before it, and a delay.</summary>
/// <remarks>
/// <code>
/// near (10.78.1.1) ── veth ── router ── tbf ── tun ══ this process: delay ══ tun ── far (10.78.2.1)
/// </code>
/// The rate and the buffer are the kernel's token bucket filter, in the direction from near to far; the delay is this process's, both ways, for all IP
/// packets alike. The way back is not limited. The buffer is not on the sender's own host, because TCP there keeps its own queue short (TCP small queues)
/// and would get less than behind a real router.
/// </remarks>
internal sealed class LinkNetwork : IDisposable
{
    /// <summary>The address of the side that sends.</summary>
    public const string Near = "10.78.1.1";

    /// <summary>The address of the side that receives.</summary>
    public const string Far = "10.78.2.1";

    private readonly List<TunDevice> _devices = [];
    private readonly NetworkHost _near = new();
    private readonly NetworkHost _router = new();
    private readonly NetworkHost _far = new();

    /// <summary>Makes the network; inside a namespace of this process's own.</summary>
    /// <param name="megabits">The rate, in Mbit/s.</param>
    /// <param name="roundTrip">The round trip without a queue.</param>
    /// <param name="buffer">How much waits before the link at most, as time at its rate.</param>
    public LinkNetwork(double megabits, TimeSpan roundTrip, TimeSpan buffer)
    {
        var bytes = (long)(megabits * 1e6 / 8 * buffer.TotalSeconds);
        Attach("slow0", _router);
        Attach("slow1", _far);
        NetworkHost.RunOutside(
            $"ip link add near0 netns {_near.Id} type veth peer name near1 netns {_router.Id}"
        );
        _near.Run($"ip addr add {Near}/24 dev near0");
        _near.Run($"ip link set near0 up");
        _router.Run($"sysctl -qw net.ipv4.ip_forward=1");
        _router.Run($"ip addr add 10.78.1.254/24 dev near1");
        _router.Run($"ip link set near1 up");
        _near.Run($"ip route add default via 10.78.1.254");
        _router.Run($"ip route add {Far} dev slow0");
        _far.Run($"ip addr add {Far}/24 dev slow1");
        _far.Run($"ip route add default dev slow1");
        _router.Run($"tc qdisc add dev slow0 root tbf rate {megabits:0.###}mbit burst 16kb limit {bytes}");
        _ = new DelayLine(_devices[0], _devices[1], roundTrip / 2);
        _ = new DelayLine(_devices[1], _devices[0], roundTrip / 2);
    }

    /// <summary>The host that sends.</summary>
    public NetworkHost NearHost => _near;

    /// <summary>The host that receives.</summary>
    public NetworkHost FarHost => _far;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var host in (NetworkHost[])[_near, _router, _far])
        {
            host.Dispose();
        }

        _devices.ForEach(device => device.Dispose());
    }

    private void Attach(string name, NetworkHost host)
    {
        _devices.Add(TunDevice.Create(name));
        NetworkHost.RunOutside($"ip link set {name} netns {host.Id}");
        host.Run($"ip link set {name} up");
    }
}
