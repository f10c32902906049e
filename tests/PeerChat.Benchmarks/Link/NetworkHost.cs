using System.Diagnostics;
using System.Globalization;

namespace PeerChat.Benchmarks.Link;

/// <summary>A host of its own: a network namespace, which lives as long as a process in it.</summary>
internal sealed class NetworkHost : IDisposable
{
    private readonly Process _process;

    /// <summary>Makes one with nothing but loopback.</summary>
    public NetworkHost()
    {
        _process = Process.Start(new ProcessStartInfo("unshare", ["--net", "sleep", "infinity"]))!;
        var own = NamespaceOf("self");
        while (
            NamespaceOf($"{Id}") == own
            || !File.ReadAllText($"/proc/{Id}/comm").StartsWith("sleep", StringComparison.Ordinal)
        )
        {
            Thread.Yield();
        }

        Run($"ip link set lo up");
        Run($"sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
    }

    /// <summary>The process that names the namespace.</summary>
    public int Id => _process.Id;

    /// <summary>The arguments of <c>nsenter</c> before a command that is to run on this host.</summary>
    public string[] Enter => ["-t", $"{Id}", "-n"];

    /// <summary>Runs a command on this host.</summary>
    /// <exception cref="InvalidOperationException">It fails.</exception>
    public void Run(FormattableString command) =>
        Start("nsenter", [.. Enter, .. command.ToString(CultureInfo.InvariantCulture).Split(' ')]);

    /// <summary>Runs a command outside.</summary>
    /// <exception cref="InvalidOperationException">It fails.</exception>
    public static void RunOutside(FormattableString command)
    {
        var words = command.ToString(CultureInfo.InvariantCulture).Split(' ');
        Start(words[0], words[1..]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static string NamespaceOf(string process) =>
        File.ResolveLinkTarget($"/proc/{process}/ns/net", returnFinalTarget: false)!.Name;

    private static void Start(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed.");
        }
    }
}
