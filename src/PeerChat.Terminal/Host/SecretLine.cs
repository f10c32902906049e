using System.Text;

namespace PeerChat.Terminal.Host;

/// <summary>Asks a question on the terminal and reads the answer without showing it.</summary>
/// <remarks>
/// Echo is off before the question can be seen, and what was typed before is thrown away, as getpass(3) does: nobody answers a question
/// that is not there yet. The question goes to the terminal itself, so it is seen, and kept out of files, wherever output is sent to.
/// </remarks>
public static class SecretLine
{
    /// <summary>Bytes of a line that are kept; what is typed beyond is dropped. A guess: far more than anybody types unseen.</summary>
    public const int MaxBytes = 1024;

    private const byte Interrupt = 0x03;
    private const byte EndOfInput = 0x04;
    private const byte Backspace = 0x08;
    private const byte ClearLine = 0x15;
    private const byte Delete = 0x7F;

    /// <summary>Asks.</summary>
    /// <param name="question">What is written before the place where the answer is typed; one line without control characters.</param>
    /// <returns>The line as UTF-8; null where there is no terminal, or its input ended.</returns>
    /// <exception cref="OperationCanceledException">Ctrl-C was typed.</exception>
    public static byte[]? Ask(string question) =>
        OperatingSystem.IsWindows() ? AskOnWindows(question) : SecretTerminal.Ask(question);

    /// <summary>Reads keys up to Enter from what a terminal in raw mode sends.</summary>
    internal static byte[]? Read(Func<int> next)
    {
        var line = new List<byte>();
        while (true)
        {
            switch (next())
            {
                case -1 or EndOfInput when line.Count == 0:
                    return null;
                case -1 or EndOfInput or '\r' or '\n':
                    return [.. line];
                case Interrupt:
                    throw new OperationCanceledException();
                case ClearLine:
                    line.Clear();
                    break;
                case Backspace or Delete:
                    RemoveLast(line);
                    break;
                case var key when line.Count < MaxBytes:
                    line.Add((byte)key);
                    break;
                default:
                    break;
            }
        }
    }

    private static void RemoveLast(List<byte> line)
    {
        while (line.Count > 0)
        {
            var last = line[^1];
            line.RemoveAt(line.Count - 1);
            if ((last & 0xC0) != 0x80)
            {
                return; // the first byte of a character in UTF-8
            }
        }
    }

    private static byte[]? AskOnWindows(string question)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return null;
        }

        // ReadKey takes keys that were typed before as well, and shows none of them
        Console.Error.Write(question);
        try
        {
            var typed = new Queue<byte>();
            return Read(() =>
            {
                while (typed.Count == 0)
                {
                    var key = Console.ReadKey(intercept: true).KeyChar;
                    foreach (var one in key == 0 ? [] : Encoding.UTF8.GetBytes([key]))
                    {
                        typed.Enqueue(one);
                    }
                }

                return typed.Dequeue();
            });
        }
        finally
        {
            Console.Error.WriteLine();
        }
    }
}
