using System.Text;
using PeerChat.Node.Host;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;

namespace PeerChat.Node;

/// <summary>A file that an export is written to, and read from.</summary>
public static class ExportFile
{
    /// <summary>Characters of a line at most: a message of 64 KiB, each byte of it escaped, and what stands around it.</summary>
    public const int MaxLine = 1024 * 1024;

    /// <summary>Writes a file for the user alone, whole or not at all.</summary>
    /// <param name="path">The file, as an absolute path.</param>
    /// <param name="overwrite">Whether one that is there is replaced.</param>
    /// <param name="write">Writes what is to stand in it.</param>
    /// <exception cref="NodeStartException">It is there already, or it could not be written.</exception>
    public static async Task WriteAsync(string path, bool overwrite, Func<Stream, Task> write)
    {
        if (File.Exists(path) && !overwrite)
        {
            throw new NodeStartException(
                NodeStartFailure.Usage,
                $"{path} is there already; choose another name, or replace it with --force."
            );
        }

        var unfinished = path + PrivateFile.UnfinishedSuffix;
        try
        {
            PrivateFile.RemoveUnfinished(path);
            await using (var stream = PrivateFile.Open(unfinished, FileMode.CreateNew, FileShare.None))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
            FolderFlush.Flush(Path.GetDirectoryName(path)!);
        }
        catch (Exception failed)
        {
            PrivateFile.RemoveUnfinished(path);
            if (FileProblem.Is(failed))
            {
                throw StartFailures.Of(
                    FileProblem.ExplainNamed(failed, "The file could not be written", path)
                );
            }

            throw;
        }
    }

    /// <summary>The lines of a file, read as they are asked for.</summary>
    /// <exception cref="NodeStartException">It cannot be read, or a line is longer than any of an export.</exception>
    public static IEnumerable<string> ReadLines(string path)
    {
        using var reader = Guard(path, () => new StreamReader(path, Encoding.UTF8));
        var (line, buffer) = (new StringBuilder(), new char[16 * 1024]);
        while (Guard(path, () => reader.Read(buffer)) is > 0 and var count)
        {
            for (var at = 0; at < count; )
            {
                var end = Array.IndexOf(buffer, '\n', at, count - at);
                line.Append(buffer, at, (end < 0 ? count : end) - at);
                if (line.Length > MaxLine)
                {
                    throw new NodeStartException(
                        NodeStartFailure.Usage,
                        $"{path} has a line that is longer than any of an export; it is another kind of file."
                    );
                }

                if (end < 0)
                {
                    break;
                }

                yield return line.ToString();
                line.Clear();
                at = end + 1;
            }
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failed) when (FileProblem.Is(failed))
        {
            throw StartFailures.Of(FileProblem.ExplainNamed(failed, "The file could not be read", path));
        }
    }
}
