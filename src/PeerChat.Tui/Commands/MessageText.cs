using System.Text;
using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>Texts to send, from the command line or from standard input.</summary>
internal static class MessageText
{
    private static readonly UTF8Encoding Utf8 = new(false);

    /// <summary>The text given, or all of standard input without its last line end.</summary>
    /// <exception cref="UsageException">There is none, or it is over the limit.</exception>
    public static string Read(string? text)
    {
        if (text is null or "-")
        {
            using var input = new StreamReader(Console.OpenStandardInput(), Utf8);
            var buffer = new char[NodeCommand.MaxTextBytes + 2];
            var read = input.ReadBlock(buffer);
            text = new string(buffer, 0, read);
            text = text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
        }

        return text.Length == 0
            ? throw new UsageException(Words.Of("There is no text to send."))
            : Checked(text);
    }

    /// <summary>The lines of standard input as they come; empty ones are left out.</summary>
    /// <exception cref="UsageException">A line is over the limit.</exception>
    public static IEnumerable<string> ReadLines()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Utf8);
        var line = new StringBuilder();
        for (var next = input.Read(); next >= 0; next = input.Read())
        {
            if (next != '\n')
            {
                line.Append((char)next);
                if (line.Length > NodeCommand.MaxTextBytes)
                {
                    Checked(line.ToString()); // without waiting for an end that may never come
                }

                continue;
            }

            if (Taken(line) is { Length: > 0 } text)
            {
                yield return Checked(text);
            }
        }

        if (Taken(line) is { Length: > 0 } rest)
        {
            yield return Checked(rest);
        }
    }

    private static string Taken(StringBuilder line)
    {
        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        return text;
    }

    private static string Checked(string text) =>
        Encoding.UTF8.GetByteCount(text) <= NodeCommand.MaxTextBytes
            ? text
            : throw new UsageException(
                Words.Of(
                    $"The message is longer than the limit of {NodeCommand.MaxTextBytes:N0} bytes (64 KiB); split it, or send it as a file."
                )
            );
}
