using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PeerChat.Node;

/// <summary>Starts this program again so that it outlives the terminal.</summary>
public static class Detachment
{
    private const int PrivateMask = 0x3F; // octal 077: what is made is the user's alone

    /// <summary>
    /// To be called first in the new process: a session of its own (no terminal's hang-up reaches it), files for the user alone, and
    /// no folder that it would keep from being unmounted. Windows knows nothing of the kind; there it does nothing.
    /// </summary>
    public static void BeginSession()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _ = NewSession(); // fails only where the process leads its group already, which serves as well
        _ = SetMask(PrivateMask);
        Environment.CurrentDirectory = "/";
    }

    /// <summary>Starts this program with other arguments, its input given here and its output in a log file.</summary>
    /// <param name="arguments">The arguments; paths in them must be absolute, because the new process changes its folder.</param>
    /// <param name="logPath">The file that output is added to; it is made for the user alone.</param>
    /// <param name="input">What the new process can read from its standard input.</param>
    /// <returns>The new process; disposing of it leaves it running.</returns>
    /// <exception cref="NodeStartException">It could not be started; the message says why.</exception>
    public static Process Start(
        IReadOnlyList<string> arguments,
        string logPath,
        ReadOnlySpan<byte> input = default
    )
    {
        var command = OwnCommand(Environment.ProcessPath, Environment.GetCommandLineArgs());
        try
        {
            return OperatingSystem.IsWindows()
                ? StartOnWindows([.. command, .. arguments], input)
                : StartOnUnix([.. command, .. arguments], logPath, input);
        }
        catch (Exception failed)
            when (failed is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception
            )
        {
            throw new NodeStartException(
                NodeStartFailure.Storage,
                $"PeerChat could not be started in the background ({failed.Message.TrimEnd('.')}); "
                    + "leave --detach out to run it in this terminal.",
                failed
            );
        }
    }

    /// <summary>How this program was started: its own executable, or the runtime and the assembly it runs.</summary>
    internal static string[] OwnCommand(string? processPath, string[] commandLine)
    {
        var executable = processPath ?? commandLine[0];
        var isRuntime = Path.GetFileNameWithoutExtension(executable)
            .Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isRuntime ? [executable, Path.GetFullPath(commandLine[0])] : [executable];
    }

    // The shell's redirections are the only way to give the framework's child processes files for input and output; each argument
    // travels as one of its own ("$@"), so nothing in it is read as shell.
    private static Process StartOnUnix(
        IReadOnlyList<string> command,
        string logPath,
        ReadOnlySpan<byte> input
    )
    {
        using (Profiles.PrivateFile.Open(logPath, FileMode.OpenOrCreate, FileShare.ReadWrite))
        {
            // made, and private, before the shell opens it
        }

        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = !input.IsEmpty,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            $"log=$1; shift; exec \"$@\" {(input.IsEmpty ? "</dev/null " : "")}>>\"$log\" 2>&1"
        );
        start.ArgumentList.Add("peerchat");
        start.ArgumentList.Add(logPath);
        foreach (var argument in command)
        {
            start.ArgumentList.Add(argument);
        }

        return Start(start, input);
    }

    private static Process Start(ProcessStartInfo start, ReadOnlySpan<byte> input)
    {
        var process = Process.Start(start)!;
        if (!input.IsEmpty)
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }

        return process;
    }

    private static Process StartOnWindows(IReadOnlyList<string> command, ReadOnlySpan<byte> input)
    {
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = input.IsEmpty, // the shell hands no input on
            RedirectStandardInput = !input.IsEmpty,
            CreateNoWindow = true,
            WindowStyle = ProcessWindowStyle.Hidden,
        };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        return Start(start, input);
    }

    [DllImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NewSession();

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetMask(uint mask);
}
