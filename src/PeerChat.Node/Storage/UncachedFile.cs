using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PeerChat.Node.Storage;

/// <summary>A further handle of a file, for great pieces that go to and from the disk past the system's cache (open(2), O_DIRECT).</summary>
/// <remarks>
/// What is written once and read once, if ever, gains nothing from the cache, pushes out of it what others use, and pays for it with a copy of
/// each byte into a page that has to be found and cleared first (decision 0149). All handles of a file see the same bytes. Linux alone, and not
/// on every file system. Thread-safe, one piece at a time.
/// </remarks>
internal sealed class UncachedFile : IDisposable
{
    /// <summary>What places and lengths have to be multiples of: a page, than which no block of a usual disk is greater.</summary>
    public const int Alignment = 4096;

    /// <summary>Bytes up to which a file goes through the cache: what has a usual size is looked at as soon as it is there.</summary>
    public const long MaxCached = 64 * 1024 * 1024;

    /// <summary>A smaller piece goes through the cache: to wait for the disk would take longer than the copy.</summary>
    public const int MinPiece = 256 * 1024;

    private const int GetFlags = 3; // F_GETFL
    private const int SetFlags = 4; // F_SETFL

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private byte[] _room = [];
    private volatile bool _isRefused;

    private UncachedFile(SafeFileHandle file) => _file = file;

    // Its number differs between processors; where it is not known here, there is none
    private static int Direct =>
        RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 or Architecture.X86 => 0x4000,
            Architecture.Arm64 or Architecture.Arm => 0x10000,
            _ => 0,
        };

    /// <summary>Opens one; null where the system or the disk knows no such way.</summary>
    /// <param name="path">A file that is there.</param>
    /// <param name="access">What for.</param>
    public static UncachedFile? TryOpen(string path, FileAccess access)
    {
        if (!OperatingSystem.IsLinux() || Direct == 0)
        {
            return null;
        }

        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return null; // whoever reads or writes it through the cache is told why
        }

        var flags = Control(file, GetFlags, 0);
        if (flags >= 0 && Control(file, SetFlags, flags | Direct) >= 0)
        {
            return new UncachedFile(file);
        }

        file.Dispose();
        return null;
    }

    /// <summary>The first aligned place that is not before another.</summary>
    public static long AlignUp(long place) => (place + Alignment - 1) / Alignment * Alignment;

    /// <summary>Whether a piece of a great file is to be written or read here: where it lies, and how great it is.</summary>
    public static bool IsFor(long place, int length) => place % Alignment == 0 && length >= MinPiece;

    /// <summary>From where on an array that is pinned for good begins at an aligned place of the memory.</summary>
    public static int FirstAligned(byte[] pinned)
    {
        var before = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0) % Alignment);
        return before == 0 ? 0 : Alignment - before;
    }

    /// <summary>Writes a piece of a file that gets exactly so many bytes: past the cache where it is of whole pages and great, else through it.</summary>
    /// <param name="file">The usual handle.</param>
    /// <param name="uncached">The other; null for none.</param>
    /// <param name="piece">The bytes.</param>
    /// <param name="place">Where they go.</param>
    /// <returns>Whether it went past the cache.</returns>
    /// <exception cref="IOException">It could not be written.</exception>
    public static bool Write(
        SafeFileHandle file,
        UncachedFile? uncached,
        ReadOnlyMemory<byte> piece,
        long place
    )
    {
        if (
            IsFor(place, piece.Length)
            && piece.Length % Alignment == 0
            && uncached?.TryWrite(piece, place) == true
        )
        {
            return true;
        }

        RandomAccess.Write(file, piece.Span, place);
        return false;
    }

    /// <summary>Writes a piece and, up to the next aligned place, zeros behind it; false where it has to be written through the cache.</summary>
    /// <remarks>Without a copy, but of what the last page has, where the memory begins at an aligned place (<see cref="FirstAligned"/>).</remarks>
    public bool TryWrite(ReadOnlyMemory<byte> piece, long place)
    {
        if (_isRefused)
        {
            return false;
        }

        lock (_gate)
        {
            var whole = AlignedPart(piece);
            var last = piece.Span[whole..];
            var room = Room(last.Length);
            last.CopyTo(room.Span);
            room.Span[last.Length..].Clear();
            try
            {
                RandomAccess.Write(_file, NotEmpty(piece[..whole], room), place);
                return true;
            }
            catch (Exception failed) when (IsRefusal(failed))
            {
                _isRefused = true;
                return false;
            }
        }
    }

    /// <summary>Reads a piece; false where it has to be read through the cache, and where the file ends before.</summary>
    /// <remarks>Without a copy, as with <see cref="TryWrite"/>.</remarks>
    public bool TryRead(Memory<byte> piece, long place)
    {
        if (_isRefused)
        {
            return false;
        }

        lock (_gate)
        {
            var whole = AlignedPart(piece);
            var last = piece[whole..];
            var room = Room(last.Length);
            try
            {
                if (RandomAccess.Read(_file, NotEmpty(piece[..whole], room), place) < piece.Length)
                {
                    return false;
                }
            }
            catch (Exception failed) when (IsRefusal(failed))
            {
                _isRefused = true;
                return false;
            }

            room[..last.Length].CopyTo(last);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // A disk with greater blocks says so only here. A full one too, and says it once more to who then writes through the cache
    private static bool IsRefusal(Exception failed) =>
        failed is IOException or UnauthorizedAccessException or ArgumentException or ObjectDisposedException;

    // How much of it the disk can take or fill where it is: whole pages, of memory that begins at one
    private static int AlignedPart(ReadOnlyMemory<byte> piece) =>
        MemoryMarshal.TryGetArray(piece, out var part)
        && part.Array is { } array
        && Marshal.UnsafeAddrOfPinnedArrayElement(array, part.Offset) % Alignment == 0
            ? piece.Length / Alignment * Alignment
            : 0;

    // The beginning of a part counts even where nothing of it is wanted
    private static ReadOnlyMemory<byte>[] NotEmpty(ReadOnlyMemory<byte> whole, ReadOnlyMemory<byte> last) =>
        whole.IsEmpty ? [last]
        : last.IsEmpty ? [whole]
        : [whole, last];

    private static Memory<byte>[] NotEmpty(Memory<byte> whole, Memory<byte> last) =>
        whole.IsEmpty ? [last]
        : last.IsEmpty ? [whole]
        : [whole, last];

    private Memory<byte> Room(int length)
    {
        var size = (int)AlignUp(length);
        if (_room.Length < size + Alignment)
        {
            _room = GC.AllocateUninitializedArray<byte>(size + Alignment, pinned: true);
        }

        return _room.AsMemory(FirstAligned(_room), size);
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle file, int command, int argument);
}
