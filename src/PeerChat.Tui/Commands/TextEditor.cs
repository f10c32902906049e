using System.ComponentModel;
using System.Diagnostics;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>The editor that the user named with <c>VISUAL</c> or <c>EDITOR</c>.</summary>
internal static class TextEditor
{
    /// <summary>Opens a file and waits until the editor ends.</summary>
    /// <returns>The editor's exit code.</returns>
    /// <exception cref="UsageException">No editor can be started.</exception>
    public static Task<int> OpenAsync(string path) =>
        RunAsync(
            Named("VISUAL") ?? Named("EDITOR") ?? (OperatingSystem.IsWindows() ? "notepad" : "vi"),
            path
        );

    /// <summary>Runs one command, which may hold arguments of its own, on a file.</summary>
    /// <returns>Its exit code; 127 where the shell does not find it.</returns>
    /// <exception cref="UsageException">There is not even a shell.</exception>
    public static async Task<int> RunAsync(string command, string path)
    {
        try
        {
            using var editor = Process.Start(StartOf(command, path))!;
            await editor.WaitForExitAsync();
            return editor.ExitCode;
        }
        catch (Win32Exception failed)
        {
            throw new UsageException(
                Words.Of(
                    $"The editor '{command}' could not be started ({failed.Message}); set VISUAL or EDITOR, or open {path} yourself."
                )
            );
        }
    }

    private static string? Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } command ? command : null;

    // The variable holds a command with arguments of its own, which the shell takes apart; the path is an argument by itself.
    private static ProcessStartInfo StartOf(string command, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return new ProcessStartInfo("cmd.exe", $"/c {command} \"{path}\"") { UseShellExecute = false };
        }

        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in new[] { "-c", command + " \"$1\"", "peerchat", path })
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
