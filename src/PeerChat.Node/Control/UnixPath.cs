using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace PeerChat.Node.Control;

/// <summary>What lies at a path of a Unix file system and whose it is; a symbolic link is not followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">The user id of its owner.</param>
/// <param name="Permissions">The nine permission bits.</param>
/// <remarks>The framework tells neither the owner of a file nor whether a file is a socket, so the system is asked.</remarks>
internal readonly record struct UnixPath(UnixPathKind Kind, uint Owner, int Permissions)
{
    private const int TypeMask = 0xF000; // S_IFMT, the same on Linux and macOS
    private const int PermissionMask = 0x1FF; // octal 777

    // statx(2): its structure is the same on every architecture, stat(2)'s is not.
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeModeOwner = 0x1 | 0x2 | 0x8; // STATX_TYPE | STATX_MODE | STATX_UID
    private const int StatBytes = 256; // the size of struct statx; macOS needs 144
    private const int LinuxOwnerAt = 20;
    private const int LinuxModeAt = 28;
    private const int MacModeAt = 4;
    private const int MacOwnerAt = 16;

    /// <summary>The user this process acts as.</summary>
    public static uint CurrentUser => EffectiveUser();

    /// <summary>Whether it is this user's.</summary>
    public bool IsOurs => Owner == CurrentUser;

    /// <summary>Looks; what cannot be looked at counts as nothing.</summary>
    public static UnixPath Of(string path)
    {
        var bytes = new byte[StatBytes];
        byte[] name = [.. Encoding.UTF8.GetBytes(path), 0];
        if (OperatingSystem.IsLinux())
        {
            return StatX(CurrentFolder, name, NoFollow, TypeModeOwner, bytes) == 0
                ? From(
                    BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(LinuxModeAt)),
                    BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(LinuxOwnerAt))
                )
                : default;
        }

        var failed =
            RuntimeInformation.ProcessArchitecture == Architecture.X64
                ? StatLinkX64(name, bytes)
                : StatLink(name, bytes);
        return failed == 0
            ? From(
                BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(MacModeAt)),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(MacOwnerAt))
            )
            : default;
    }

    private static UnixPath From(int mode, uint owner)
    {
        var kind = (mode & TypeMask) switch
        {
            0xC000 => UnixPathKind.Socket,
            0x4000 => UnixPathKind.Folder,
            0x8000 => UnixPathKind.File,
            0xA000 => UnixPathKind.Link,
            _ => UnixPathKind.Other,
        };
        return new UnixPath(kind, owner, mode & PermissionMask);
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] result);

    [DllImport("libc", EntryPoint = "lstat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatLink(byte[] path, byte[] result);

    [DllImport("libc", EntryPoint = "lstat$INODE64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatLinkX64(byte[] path, byte[] result);
}
