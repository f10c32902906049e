using System.Text.Json;
using PeerChat.Server.Contract;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;
using PeerChat.Tui.Serving;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat serve</c>: a PeerServer of one's own.</summary>
internal static class ServeCommand
{
    /// <summary>Where it listens when nobody says: this machine alone, for a reverse proxy or a try.</summary>
    public const string UsualListen = "127.0.0.1:9000";

    /// <summary>Runs it until it is told to end.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var settings = SettingsOf(call);
        if (call.Flag("--unit"))
        {
            Console.Out.Write(ServerUnit.Text(ArgumentsOf(call)));
            return ExitCode.Done;
        }

        using var hangUp = new HangUp(cancellation);
        using var server = ServerProcess.Start(settings);
        var failed = false;
        var isJson = call.Flag("--json");
        await foreach (var line in server.ReadLinesAsync(hangUp.Token))
        {
            failed |= Say(line, isJson);
        }

        return failed ? ExitCode.Usage
            : server.HasEndedWell ? ExitCode.Done
            : throw new CommandFailedException(
                ExitCode.Storage,
                Words.Of("The server's program has ended by a fault of its own; what it said stands above.")
            );
    }

    private static bool Say(string line, bool isJson)
    {
        ServeEvent? happened = null;
        try
        {
            happened = JsonSerializer.Deserialize(line, ServeJson.Default.ServeEvent);
        }
        catch (JsonException)
        {
            PeerChatCommandLine.Say(line); // what the runtime says when it cannot start
        }

        if (happened is null)
        {
            return false;
        }

        if (isJson)
        {
            Console.Out.WriteLine(line);
        }

        if (happened.Event == "failed")
        {
            PeerChatCommandLine.Say(ServeLines.Of(happened)!);
            return true;
        }

        if (!isJson && ServeLines.Of(happened) is { } sentence)
        {
            Console.Out.WriteLine(PlainText.Clean(sentence));
        }

        return false;
    }

    private static ServeSettings SettingsOf(Call call)
    {
        var listen = call.List("--listen");
        var path = call.Text("--path") ?? "/";
        var key = call.Text("--peerjs-key") ?? "peerjs";
        if (path.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('/' or '-' or '_' or '.' or '~')))
        {
            throw new UsageException(
                Words.Of($"--path is letters, digits, hyphens and slashes, such as /chat/; not {path}.")
            );
        }

        if (key.Length is 0 or > 64 || key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
        {
            throw new UsageException(
                Words.Of($"--peerjs-key is at most 64 letters, digits and hyphens; not {key}.")
            );
        }

        var (certificate, privateKey) = (call.Text("--certificate"), call.Text("--private-key"));
        if (certificate is null && privateKey is not null)
        {
            throw new UsageException(
                Words.Of("--private-key goes with --certificate, which names the certificate's file.")
            );
        }

        return new ServeSettings
        {
            Listen = listen.Count > 0 ? [.. listen] : [UsualListen],
            Path = $"/{path.Trim('/')}/".Replace("//", "/", StringComparison.Ordinal),
            Key = key,
            Certificate = certificate is null ? null : Path.GetFullPath(certificate),
            PrivateKey = privateKey is null ? null : Path.GetFullPath(privateKey),
            MaxConnections = call.Number("--max-users")!.Value,
            MaxPerAddress = call.Number("--max-per-address")!.Value,
            MaxMessageBytes = call.Number("--max-message")!.Value * 1024,
            MessagesPerSecond = call.Number("--max-rate")!.Value,
            MetricsPort = call.Number("--metrics"),
            IsBehindProxy = call.Flag("--behind-proxy"),
            LogsAddresses = call.Flag("--log-addresses"),
        };
    }

    // What was said on this command line, for the unit
    private static List<string> ArgumentsOf(Call call)
    {
        List<string> arguments = ["serve"];
        foreach (var parameter in call.Row.Parameters.Where(one => !one.IsAction))
        {
            var value = call.Value(parameter.Name);
            if (value.Source != Options.OptionSource.CommandLine)
            {
                continue;
            }

            foreach (var text in value.Values)
            {
                arguments.Add(parameter.Name);
                if (!parameter.IsFlag)
                {
                    arguments.Add(parameter.Kind == Table.ParameterKind.File ? Path.GetFullPath(text) : text);
                }
            }
        }

        return arguments;
    }
}
