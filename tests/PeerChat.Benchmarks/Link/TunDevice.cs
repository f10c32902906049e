using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PeerChat.Benchmarks.Link;

/// <summary>A network interface of the kernel whose other end is this process: it reads the IP packets that go out there (Linux).</summary>
internal sealed class TunDevice : IDisposable
{
    /// <summary>The longest IP packet.</summary>
    public const int MaxPacket = 65_535;

    private const nuint SetInterface = 0x400454CA; // TUNSETIFF, <linux/if_tun.h>
    private const short Tun = 0x0001;
    private const short NoPacketInformation = 0x1000;
    private const int NameSize = 16;
    private readonly SafeFileHandle _file;

    private TunDevice(SafeFileHandle file) => _file = file;

    /// <summary>Makes one; it goes with this object, into whatever namespace it was moved.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static TunDevice Create(string name)
    {
        var file = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var request = new byte[40]; // struct ifreq
        Encoding.ASCII.GetBytes(name, request.AsSpan(0, NameSize - 1));
        BitConverter.TryWriteBytes(request.AsSpan(NameSize), (short)(Tun | NoPacketInformation));
        if (Control(file, SetInterface, request) != 0)
        {
            throw new IOException($"No interface {name}: error {Marshal.GetLastPInvokeError()}.");
        }

        return new TunDevice(file);
    }

    /// <summary>Waits for a packet; 0 or less when the device is gone.</summary>
    public int Read(byte[] packet) => IfThere(() => Read(_file, packet, (nuint)packet.Length));

    /// <summary>Lets a packet arrive; nowhere, when the device is gone.</summary>
    public void Write(byte[] packet) => _ = IfThere(() => Write(_file, packet, (nuint)packet.Length));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Threads that carry packets find out in the middle of one that all of it is over
    private static int IfThere(Func<nint> call)
    {
        try
        {
            return (int)call();
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeHandle file, nuint request, byte[] argument);

    [DllImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read(SafeHandle file, byte[] buffer, nuint count);

    [DllImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(SafeHandle file, byte[] buffer, nuint count);
}
