using System.Text;
using Microsoft.Win32.SafeHandles;
using PeerChat.Terminal.Host;

namespace PeerChat.Tui.Output;

/// <summary>Standard output, such that a reader who has gone away ends the command.</summary>
internal static class StandardOutput
{
    private const int StandardOutputDescriptor = 1;

    private const int StandardErrorDescriptor = 2;

    /// <summary>Makes everything that is written to the console go there.</summary>
    /// <remarks>
    /// On a terminal too: the runtime's own writers first set it to application mode (CSI ? 1 h), and leave it so.
    /// </remarks>
    public static void Use()
    {
        if (PipedOutputStream.TryOpen() is { } piped)
        {
            Console.SetOut(WriterOf(piped));
        }
        else if (!OperatingSystem.IsWindows())
        {
            Console.SetOut(WriterOf(FileOf(StandardOutputDescriptor)));
        }

        if (!OperatingSystem.IsWindows())
        {
            Console.SetError(WriterOf(FileOf(StandardErrorDescriptor)));
        }
    }

    // Not the console's own stream, which sets the terminal up with the first byte; but for a file, which others write to after us: they
    // go on where the system thinks that we stopped, and a stream of ours keeps that to itself
    private static Stream FileOf(int descriptor)
    {
        var file = new FileStream(
            new SafeFileHandle(descriptor, ownsHandle: false),
            FileAccess.Write,
            bufferSize: 0
        );
        return !file.CanSeek ? file
            : descriptor == StandardErrorDescriptor ? Console.OpenStandardError()
            : Console.OpenStandardOutput();
    }

    private static TextWriter WriterOf(Stream stream)
    {
        var encoding =
            Console.OutputEncoding is UTF8Encoding
                ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)
                : Console.OutputEncoding;
        return TextWriter.Synchronized(new StreamWriter(stream, encoding) { AutoFlush = true });
    }

    /// <summary>The bytes themselves.</summary>
    public static Stream Open() => (Stream?)PipedOutputStream.TryOpen() ?? Console.OpenStandardOutput();
}
