using System.Text;
using PeerChat.Node;
using PeerChat.Node.Host;
using PeerChat.Terminal.Text;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>Asks who starts PeerChat for the first time for a name, and says in three lines what happens then.</summary>
/// <remarks>
/// Reads the terminal as it is, with the kernel's own line editing: the console reader of the runtime would keep settings of its own, which
/// the full screen comes upon later.
/// </remarks>
/// <param name="input">What is typed.</param>
/// <param name="output">What is said.</param>
/// <param name="proposal">The name that Enter alone takes, if it can be one.</param>
internal sealed class NameQuestion(Stream input, TextWriter output, string proposal)
{
    /// <summary>Columns that every terminal has on which the screen is of any use.</summary>
    private const int Columns = 79;

    /// <summary>Bytes of a line that is read: far more than a name may have.</summary>
    private const int MaxLine = 4096;

    /// <summary>The options with the name, where it has to be asked and can be; else as they are.</summary>
    /// <exception cref="OperationCanceledException">The user wants to end instead.</exception>
    public static async Task<NodeOptions> AnswerAsync(NodeOptions options, CancellationToken cancellation)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected || !FirstRun.NeedsName(options))
        {
            return options;
        }

        // The console's stream is the console reader underneath, which throws when a byte of 花 is asked for
        await using var input = Output.StandardInput.OpenTerminal();
        var question = new NameQuestion(input, Console.Out, Environment.UserName);
        var name = await Task.Run(question.Ask, CancellationToken.None).WaitAsync(cancellation);
        return name is null ? options : options with { User = name };
    }

    /// <summary>Asks until there is a name; null when the input ends first.</summary>
    public string? Ask()
    {
        foreach (var line in Introduction)
        {
            var rows = new List<TextRow>();
            TextWrap.Wrap(line, Columns, rows, indent: 2);
            foreach (var row in rows)
            {
                output.WriteLine(
                    (row == rows[0] ? "" : "  ") + line.Substring(row.Start, row.Length).TrimEnd()
                );
            }
        }

        output.WriteLine();
        var usual = FirstRun.ProblemOf(proposal) is null ? proposal : "";
        while (true)
        {
            output.Write(usual.Length > 0 ? Words.Of($"Your name [{usual}]: ") : Words.Of("Your name: "));
            output.Flush();
            if (ReadLine() is not { } line)
            {
                output.WriteLine();
                return null;
            }

            var name = line.Trim() is { Length: > 0 } typed ? typed : usual;
            if (FirstRun.ProblemOf(name) is not { } problem)
            {
                return name;
            }

            output.WriteLine(Output.PlainText.Clean(Words.FromNode(problem)));
        }
    }

    private static IEnumerable<string> Introduction =>
        [
            Words.Of(
                "PeerChat needs no server and no account: a name is all, and keys of your own are made for it on this machine."
            ),
            Words.Of(
                "What you write is encrypted for those you chat with and kept on their disks and yours, nowhere else."
            ),
            Words.Of(
                "Next: /join NAME finds somebody on this network, /room NAME opens a room, /help lists everything."
            ),
        ];

    private string? ReadLine()
    {
        var line = new List<byte>();
        while (line.Count < MaxLine)
        {
            var next = input.ReadByte();
            if (next is -1 && line.Count == 0)
            {
                return null;
            }

            if (next is -1 or '\n')
            {
                break;
            }

            line.Add((byte)next);
        }

        return Encoding.UTF8.GetString([.. line]);
    }
}
