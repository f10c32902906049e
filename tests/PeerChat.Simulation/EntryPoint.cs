using PeerChat.Simulation.Swarm;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace PeerChat.Simulation;

/// <summary>Runs one simulation, many of them, or the bounded ones that are tests.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        if (args.Contains("--peers") || args.Contains("--seeds"))
        {
            return SwarmCommand.Run(args);
        }

        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(
                args,
                SelfRegisteredExtensions.AddSelfRegisteredExtensions
            )
            : await ConsoleRunner.Run(args);
    }
}
