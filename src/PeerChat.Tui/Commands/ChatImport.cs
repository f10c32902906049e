using System.Globalization;
using System.Text.Json;
using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>An export in JSON lines, read back into a chat. The file is somebody's: nothing in it is believed, nothing in it stops the program.</summary>
internal sealed class ChatImport
{
    private const int MaxBatch = 500;
    private const int MaxBatchCharacters = 120_000; // in JSON at most six bytes each: below a line of the control socket

    private readonly string _file;
    private readonly IEnumerator<string> _lines;
    private int _line;
    private bool _isComplete;

    private ChatImport(string file, IEnumerator<string> lines) => (_file, _lines) = (file, lines);

    /// <summary>Imports a file.</summary>
    /// <param name="node">Takes the messages.</param>
    /// <param name="file">The file.</param>
    /// <param name="chat">The chat, as <see cref="NodeCommand.ImportMessages"/> takes it; null for the one that the export names.</param>
    /// <param name="told">Is told how many messages were read so far.</param>
    /// <param name="cancellation">Gives up; what was taken by then stays.</param>
    /// <exception cref="NodeStartException">The file cannot be read.</exception>
    /// <exception cref="CommandFailedException">It is no export, it is cut off, or the node refuses.</exception>
    public static async Task<NodeReply.MessagesImported> RunAsync(
        IPeerChatNode node,
        string file,
        string? chat,
        Action<int> told,
        CancellationToken cancellation
    )
    {
        if (Directory.Exists(file))
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                Words.Of($"{file} is a folder; name the file that an export wrote.")
            );
        }

        using var lines = ExportFile.ReadLines(Path.GetFullPath(file)).GetEnumerator();
        var import = new ChatImport(file, lines);
        var named = import.ReadStart();
        var sum = new NodeReply.MessagesImported(chat ?? named, 0, 0, 0);
        foreach (var batch in import.Batches())
        {
            var reply = await node.AskAsync<NodeReply.MessagesImported>(
                new NodeCommand.ImportMessages(chat ?? named, batch),
                cancellation
            );
            sum = new NodeReply.MessagesImported(
                reply.Chat,
                sum.Added + reply.Added,
                sum.Known + reply.Known,
                sum.TooOld + reply.TooOld
            );
            told(sum.Added + sum.Known + sum.TooOld);
        }

        return import._isComplete
            ? sum
            : throw new CommandFailedException(
                ExitCode.Storage,
                Words.Of($"{file} was cut off; what came whole was imported. Take the file once more.")
            );
    }

    /// <summary>What to say when it was done.</summary>
    public static string Done(NodeReply.MessagesImported imported) =>
        Words.Count(
            imported.Added,
            $"{imported.Added} message was imported; {imported.Known} were here already. They are marked as imported: nobody vouches for what they say.",
            $"{imported.Added} messages were imported; {imported.Known} were here already. They are marked as imported: nobody vouches for what they say."
        )
        + (
            imported.TooOld > 0
                ? " "
                    + Words.Count(
                        imported.TooOld,
                        $"{imported.TooOld} message is older than what this chat keeps and was left out.",
                        $"{imported.TooOld} messages are older than what this chat keeps and were left out."
                    )
                : ""
        );

    /// <summary>What to say on the way.</summary>
    public static string Progress(int messages) =>
        Words.Count(messages, $"{messages} message read", $"{messages} messages read");

    private string ReadStart()
    {
        using var json = Next() ?? throw NoExport();
        return Text(json.RootElement, "type") == "export" && Text(json.RootElement, "room") is { } chat
            ? chat
            : throw NoExport();
    }

    private IEnumerable<ImportedMessage[]> Batches()
    {
        var (batch, size) = (new List<ImportedMessage>(), 0);
        while (!_isComplete && Next() is { } json)
        {
            using (json)
            {
                switch (Text(json.RootElement, "type"))
                {
                    case "end":
                        _isComplete = true;
                        break;
                    case "message" when Read(json.RootElement) is { } message:
                        if (batch.Count == MaxBatch || size + message.Text.Length > MaxBatchCharacters)
                        {
                            yield return [.. batch];
                            (batch, size) = ([], 0);
                        }

                        batch.Add(message);
                        size += message.Text.Length;
                        break;
                    default:
                        break; // recalled, waiting to be sent, or of a later version
                }
            }
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }

    private ImportedMessage? Read(JsonElement json)
    {
        var content = Text(json, "content");
        if (
            content is not ("text" or "file")
            || Text(json, "id") is not { } id
            || id.StartsWith("outbox-", StringComparison.Ordinal)
        )
        {
            return null;
        }

        if (
            Text(json, "text") is not { } text
            || Text(json, "sentAt") is not { } sent
            || !json.TryGetProperty("from", out var from)
            || Text(from, "name") is not { } name
            || !DateTimeOffset.TryParse(sent, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        )
        {
            throw BadLine();
        }

        return new ImportedMessage(
            id,
            name,
            time.ToUnixTimeMilliseconds(),
            text,
            content == "file",
            json.TryGetProperty("edited", out var edited) && edited.ValueKind == JsonValueKind.True
        );
    }

    // Null at the end of the file
    private JsonDocument? Next()
    {
        if (!_lines.MoveNext())
        {
            return null;
        }

        _line++;
        try
        {
            return JsonDocument.Parse(_lines.Current);
        }
        catch (JsonException)
        {
            throw _line == 1 ? NoExport() : BadLine();
        }
    }

    private static string? Text(JsonElement json, string name)
    {
        if (
            json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty(name, out var value)
            || value.ValueKind != JsonValueKind.String
        )
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, escaped: no text
        }
    }

    private CommandFailedException NoExport() =>
        new(
            ExitCode.Usage,
            Words.Of($"{_file} is no export in JSON; 'peerchat export --format json --out FILE' makes one.")
        );

    private CommandFailedException BadLine() =>
        new(
            ExitCode.Usage,
            Words.Of(
                $"Line {_line} of {_file} is damaged; some of what stands before it was imported. Take the file once more: nothing comes twice."
            )
        );
}
