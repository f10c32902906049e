using System.Text;
using PeerChat.Terminal.Host;

namespace PeerChat.Tui.Output;

/// <summary>Standard output, such that a reader who has gone away ends the command.</summary>
internal static class StandardOutput
{
    /// <summary>Makes everything that is written to the console go there.</summary>
    public static void Use()
    {
        if (PipedOutputStream.TryOpen() is { } piped)
        {
            var encoding =
                Console.OutputEncoding is UTF8Encoding
                    ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)
                    : Console.OutputEncoding;
            Console.SetOut(TextWriter.Synchronized(new StreamWriter(piped, encoding) { AutoFlush = true }));
        }
    }

    /// <summary>The bytes themselves.</summary>
    public static Stream Open() => (Stream?)PipedOutputStream.TryOpen() ?? Console.OpenStandardOutput();
}
