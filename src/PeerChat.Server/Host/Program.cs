using System.Text.Json;
using PeerChat.Server.Contract;

namespace PeerChat.Server.Host;

/// <summary>The server as a program of its own: settings in on standard input, events out on standard output, until the input ends.</summary>
internal static class Program
{
    private const int LongestSettings = 64 * 1024;

    /// <summary>Runs it.</summary>
    /// <returns>0 when it was stopped, 1 when it could not go on.</returns>
    public static async Task<int> Main()
    {
        var log = new ServeLog(Console.Out);
        if (
            Console.In.ReadLine() is not { Length: > 0 and < LongestSettings } line
            || Read(line) is not { } settings
        )
        {
            Console.Error.WriteLine("This is a part of PeerChat: run 'peerchat serve'.");
            return 1;
        }

        // Whoever ends the command ends us by closing our input. Signals reach both in a terminal and under a service manager, and mean the same.
        using var stop = new StopSignal();
        _ = Task.Run(() =>
        {
            while (Console.In.Read() >= 0) { }

            stop.Stop();
        });
        try
        {
            await using var server = new PeerServerHost(settings, log);
            await server.StartAsync();
            await stop.Stopped;
            await server.StopAsync();
            log.Say("stopped");
            return 0;
        }
        catch (ServeException failed)
        {
            log.Write(
                ServeLog.New("failed") with
                {
                    Problem = failed.Problem,
                    Url = failed.What,
                    Detail = failed.Message,
                }
            );
            return 1;
        }
    }

    private static ServeSettings? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ServeJson.Default.ServeSettings);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
