using System.Diagnostics;

namespace PeerChat.Benchmarks.Peers;

/// <summary>A network namespace of this run's own: nothing leaves the machine, and no neighbour is heard.</summary>
/// <remarks>
/// It has one IPv4 address besides loopback, because several stacks refuse to use 127.0.0.1; what is sent to it does not leave
/// the namespace either. Chromium gives no address without a default route; it leads to nobody.
/// </remarks>
internal static class PrivateNetwork
{
    private const string Marker = "PEERCHAT_BENCHMARK_NETWORK";

    private const string Script = """
        set -e
        echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 || true
        ip link set lo up
        ip link add bench0 type veth peer name bench1
        ip addr add 10.77.0.1/24 dev bench0
        ip link set bench0 up
        ip link set bench1 up
        ip route add default via 10.77.0.254
        exec "$0" "$@"
        """;

    /// <summary>The address that all stacks use.</summary>
    public const string Address = "10.77.0.1";

    /// <summary>Whether this process is inside.</summary>
    public static bool IsInside => Environment.GetEnvironmentVariable(Marker) == "1";

    /// <summary>Runs this program again inside, with the same arguments; returns its exit code.</summary>
    public static int RunInside(string[] arguments)
    {
        var start = new ProcessStartInfo(
            "unshare",
            ["--net", "sh", "-c", Script, Environment.ProcessPath!, .. arguments]
        )
        {
            UseShellExecute = false,
        };
        start.Environment[Marker] = "1";
        try
        {
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Console.Error.WriteLine(
                $"The stacks are measured in a network namespace of their own, which needs Linux, unshare (util-linux) and the rights of root: {missing.Message}"
            );
            return 2;
        }
    }
}
