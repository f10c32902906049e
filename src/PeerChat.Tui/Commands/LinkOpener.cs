using System.ComponentModel;
using System.Diagnostics;

namespace PeerChat.Tui.Commands;

/// <summary>Opens web addresses with what the desktop has for them.</summary>
internal static class LinkOpener
{
    /// <summary>Starts the desktop's opener; false where there is no desktop, as over SSH.</summary>
    /// <param name="link">An http or https address; it is an argument of its own and passes through no shell.</param>
    public static bool TryOpen(string link)
    {
        var program =
            OperatingSystem.IsWindows() ? "explorer.exe"
            : OperatingSystem.IsMacOS() ? "open"
            : IsSet("WAYLAND_DISPLAY") || IsSet("DISPLAY") ? "xdg-open"
            : null;
        if (program is null)
        {
            return false;
        }

        try
        {
            var start = new ProcessStartInfo(program)
            {
                UseShellExecute = false,
                // What it says would be written across the screen
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.ArgumentList.Add(link);
            using var opener = Process.Start(start);
            return opener is not null;
        }
        catch (Win32Exception)
        {
            return false; // not installed
        }
    }

    private static bool IsSet(string variable) =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
