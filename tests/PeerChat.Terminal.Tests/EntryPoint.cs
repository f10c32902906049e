using PeerChat.Terminal.Tests.Host;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace PeerChat.Terminal.Tests;

/// <summary>Runs the tests, or the small program that the tests run on a pseudo-terminal.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [DemoProgram.Argument])
        {
            return DemoProgram.Start();
        }

        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(
                args,
                SelfRegisteredExtensions.AddSelfRegisteredExtensions
            )
            : await ConsoleRunner.Run(args);
    }
}
