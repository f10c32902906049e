using System.Runtime.InteropServices;
using System.Text;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Node.Storage;

/// <summary>Tells a database from a copy of it: what the system says of the file and of the machine, as one short text.</summary>
/// <remarks>
/// A copy has another inode number (on other systems than Linux: another time of creation), a whole disk on another machine another
/// machine id. A clone of disk and machine has neither; two of those are found out when they write at one place of a log.
/// </remarks>
internal static class InstallationMark
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint WantInode = 0x100; // STATX_INO
    private const int InodeOffset = 32; // struct statx, the same on all of Linux (statx(2))
    private const int StatxSize = 256;

    private static readonly string[] MachineIdFiles = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    /// <summary>The mark of an existing file.</summary>
    public static string Of(string path) =>
        Convert.ToHexStringLower(
            Digest
                .Labelled("installation", Encoding.UTF8.GetBytes($"{MachineId()}\n{FileId(path)}"))
                .ToArray()
                .AsSpan(0, 16)
        );

    private static string MachineId()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Environment.MachineName;
        }

        // A container has none, or a new host name with each start; the file tells copies apart by itself then
        foreach (var file in MachineIdFiles)
        {
            try
            {
                return File.ReadAllText(file).Trim();
            }
            catch (Exception unreadable) when (FileProblem.Is(unreadable))
            {
                // the next one
            }
        }

        return "";
    }

    private static string FileId(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.GetCreationTimeUtc(path)
                .Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        try
        {
            var status = new byte[StatxSize];
            var name = new byte[Encoding.UTF8.GetByteCount(path) + 1];
            Encoding.UTF8.GetBytes(path, name);
            return Statx(CurrentFolder, name, 0, WantInode, status) == 0
                ? BitConverter
                    .ToUInt64(status, InodeOffset)
                    .ToString(System.Globalization.CultureInfo.InvariantCulture)
                : "";
        }
        catch (EntryPointNotFoundException)
        {
            return ""; // a C library from before 2018: copies are told apart by the machine alone
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] status);
}
