using System.Text;
using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary>A chat written out, as text or as JSON lines.</summary>
internal static class ChatExport
{
    /// <summary>The formats, in the order of the help.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["text", "json"];

    /// <summary>Writes a chat into a file, whole or not at all.</summary>
    /// <param name="path">The file, as an absolute path.</param>
    /// <param name="overwrite">Whether one that is there is replaced.</param>
    /// <param name="isJson">Whether as JSON lines.</param>
    /// <param name="read">Reads a page: the first for null, the next for what the one before says.</param>
    /// <param name="told">Is told how many messages are written so far.</param>
    /// <returns>The chat, and how many messages it has.</returns>
    /// <exception cref="NodeStartException">The file could not be written.</exception>
    /// <exception cref="CommandFailedException">The chat could not be read.</exception>
    public static async Task<(string Chat, int Messages)> ToFileAsync(
        string path,
        bool overwrite,
        bool isJson,
        Func<string?, Task<NodeReply.ExportPage>> read,
        Action<int> told
    )
    {
        (string, int) written = default;
        await ExportFile.WriteAsync(
            path,
            overwrite,
            async stream =>
            {
                await using var writer = new StreamWriter(
                    stream,
                    new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                    64 * 1024,
                    leaveOpen: true
                )
                {
                    NewLine = "\n",
                };
                written = await WriteAsync(writer, isJson, read, told);
            }
        );
        return written;
    }

    /// <summary>Writes a chat.</summary>
    /// <exception cref="CommandFailedException">The chat could not be read.</exception>
    public static async Task<(string Chat, int Messages)> WriteAsync(
        TextWriter output,
        bool isJson,
        Func<string?, Task<NodeReply.ExportPage>> read,
        Action<int> told
    )
    {
        // The first page before the first line: of a chat that is not there nothing is written
        var page = await read(null);
        if (isJson)
        {
            await output.WriteLineAsync(JsonLines.OfExport(page.Chat, page.Title));
        }

        var count = 0;
        while (true)
        {
            foreach (var message in page.Messages)
            {
                await output.WriteLineAsync(isJson ? JsonWriter.Format(message) : LineWriter.Format(message));
            }

            told(count += page.Messages.Length);
            if (page.Next is null)
            {
                break;
            }

            page = await read(page.Next);
        }

        if (isJson)
        {
            await output.WriteLineAsync(JsonLines.OfExportEnd(count));
        }

        return (page.Chat, count);
    }

    /// <summary>What to say when it was done.</summary>
    public static string Done(int messages, string path) =>
        Words.Count(
            messages,
            $"{messages} message is in {path}, readable for everybody who has the file.",
            $"{messages} messages are in {path}, readable for everybody who has the file."
        );

    /// <summary>What to say on the way.</summary>
    public static string Progress(int messages) =>
        Words.Count(messages, $"{messages} message written", $"{messages} messages written");
}
