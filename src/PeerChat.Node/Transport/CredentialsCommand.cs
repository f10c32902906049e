using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using PeerChat.Node.Profiles;

namespace PeerChat.Node.Transport;

/// <summary>Runs the user's command that prints a user name and password for a TURN server, as many services hand them out for a while only.</summary>
internal static class CredentialsCommand
{
    /// <summary>The environment variable in which the command finds which server is meant, such as <c>turns:turn.example.org:5349</c>.</summary>
    public const string ServerVariable = "PEERCHAT_TURN_SERVER";

    // What stands on a command line is for all users of a machine to read, an environment for its owner alone
    private const string CommandVariable = "PEERCHAT_TURN_COMMAND";

    /// <summary>So long a command may take: a web service that is slow to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>So much of what it prints is read; what comes as JSON has some hundred characters.</summary>
    public const int MaxOutput = 64 * 1024;

    private const int MaxWords = 200;

    /// <summary>Runs the command to its end.</summary>
    /// <param name="command">What the user's shell is to run.</param>
    /// <param name="server">Which server is meant.</param>
    /// <param name="now">The present, for user names that say when they end.</param>
    public static Task<CredentialsAnswer> Run(string command, string server, DateTimeOffset now) =>
        Run(command, server, now, Patience);

    /// <summary>The same, with less patience.</summary>
    internal static async Task<CredentialsAnswer> Run(
        string command,
        string server,
        DateTimeOffset now,
        TimeSpan patience
    )
    {
        using var process = new Process { StartInfo = StartOf(command, server) };
        using var over = new CancellationTokenSource(patience);
        try
        {
            process.Start();
            process.StandardInput.Close(); // nobody is there to be asked
            var output = Read(process.StandardOutput, over.Token);
            var errors = Read(process.StandardError, over.Token);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(over.Token));
            if (process.ExitCode == 0)
            {
                return CredentialsText.Read(await output, now);
            }

            var words = LastLine(await errors);
            return new CredentialsAnswer(
                null,
                words.Length == 0
                    ? $"the command ended with code {process.ExitCode}"
                    : $"the command ended with code {process.ExitCode}: {words}"
            );
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return new CredentialsAnswer(
                null,
                $"the command did not end within {patience.TotalSeconds:0} seconds"
            );
        }
        catch (Exception problem) when (problem is Win32Exception or IOException)
        {
            return new CredentialsAnswer(null, $"the command could not be run ({problem.Message})");
        }
    }

    private static ProcessStartInfo StartOf(string command, string server)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", ["/d", "/c", command])
            : new ProcessStartInfo("/bin/sh", ["-c", $"eval \"${CommandVariable}\""]);
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        start.Environment[CommandVariable] = command;
        start.Environment[ServerVariable] = server;
        return start;
    }

    // To the end, so that the command is not held up, but no more of it than fits
    private static async Task<string> Read(StreamReader from, CancellationToken stop)
    {
        var (buffer, text) = (new char[4096], new StringBuilder());
        for (int read; (read = await from.ReadAsync(buffer, stop)) > 0; )
        {
            text.Append(buffer, 0, Math.Min(read, MaxOutput - text.Length));
        }

        return text.ToString();
    }

    private static string LastLine(string errors)
    {
        var line = errors.Split('\n').Select(one => one.Trim()).LastOrDefault(one => one.Length > 0) ?? "";
        return string.Concat(line.Where(c => !char.IsControl(c)).Take(MaxWords));
    }
}
