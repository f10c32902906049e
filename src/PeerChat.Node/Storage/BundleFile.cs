using System.Buffers.Binary;
using PeerChat.Node.Host;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Bundles;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node;

/// <summary>A chat in a file, for a member whom one never meets online (docs/PROTOCOL.md, section 15).</summary>
public sealed class BundleFile
{
    private readonly string _path;
    private readonly byte[][] _keys;

    private BundleFile(string path, byte[][] keys, BundleReader start, string chat)
    {
        (_path, _keys, Chat) = (path, keys, chat);
        Room = start.Room.ToString();
        Exporter = PeerIdText.Format(start.Exporter);
    }

    /// <summary>The room, as <see cref="NodeCommand.ImportFrames"/> names it.</summary>
    public string Room { get; }

    /// <summary>Who exported it, by full id.</summary>
    public string Exporter { get; }

    /// <summary>The chat, as <see cref="ChatSummary.Chat"/> names it.</summary>
    public string Chat { get; }

    /// <summary>Writes a chat as it is here into a file. Works beside a running node.</summary>
    /// <param name="options">The profile and its passphrase.</param>
    /// <param name="person">Whose chat: a contact's name or full id; or null.</param>
    /// <param name="room">Which room; or null.</param>
    /// <param name="path">The file, as an absolute path.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <returns>The chat and the file's size.</returns>
    /// <exception cref="NodeStartException">It could not be written; nothing is left of it.</exception>
    public static (string Chat, long Bytes) Export(
        NodeOptions options,
        string? person,
        string? room,
        string path,
        bool overwrite
    )
    {
        if (File.Exists(path) && !overwrite)
        {
            throw Usage($"{path} is there already; choose another name, or replace it with --force.");
        }

        using var reader = ProfileReader.Open(options);
        var (chat, pieces) = reader.ExportBundle(person, room);
        var unfinished = path + PrivateFile.UnfinishedSuffix;
        return StartFailures.Guard(() =>
        {
            try
            {
                PrivateFile.RemoveUnfinished(path);
                using (var stream = PrivateFile.Open(unfinished, FileMode.CreateNew, FileShare.None))
                {
                    foreach (var piece in pieces)
                    {
                        stream.Write(piece.Span);
                    }

                    stream.Flush(flushToDisk: true);
                }

                File.Move(unfinished, path, overwrite: true);
                FolderFlush.Flush(Path.GetDirectoryName(path)!);
                return (chat, new FileInfo(path).Length);
            }
            catch (Exception failed) when (FileProblem.Is(failed))
            {
                PrivateFile.RemoveUnfinished(path);
                throw FileProblem.ExplainNamed(failed, "The bundle could not be written", path);
            }
        });
    }

    /// <summary>Opens a bundle with what the profile knows.</summary>
    /// <exception cref="NodeStartException">It is none, it is damaged, or it is for nobody here.</exception>
    public static BundleFile Open(NodeOptions options, string path)
    {
        using var profile = ProfileReader.Open(options);
        byte[][] keys = [.. profile.BundleKeys().Select(key => key.ToArray())];
        return Guard(
            path,
            () =>
            {
                using var stream = File.OpenRead(path);
                var reader = Begin(stream, keys, path);
                if (ReadRecord(stream) is not { } start || !reader.TryRead(start, out _))
                {
                    throw Damaged(path);
                }

                return new BundleFile(
                    path,
                    keys,
                    reader,
                    profile.ChatOf(reader.Room)
                        ?? throw Usage(
                            $"{path} is of a chat that this profile does not have; accept its sender as a contact or join the room first."
                        )
                );
            }
        );
    }

    /// <summary>Its frames, in order; can be read more than once.</summary>
    /// <exception cref="NodeStartException">It is damaged or cut off behind the frames that came.</exception>
    public IEnumerable<byte[]> Frames()
    {
        using var stream = Guard(_path, () => File.OpenRead(_path));
        var reader = Guard(_path, () => Begin(stream, _keys, _path));
        while (!reader.IsComplete)
        {
            if (
                Guard(_path, () => ReadRecord(stream)) is not { } record
                || !reader.TryRead(record, out var frame)
            )
            {
                throw Damaged(_path);
            }

            if (!frame.IsEmpty)
            {
                yield return frame.ToArray();
            }
        }
    }

    private static BundleReader Begin(Stream stream, byte[][] keys, string path)
    {
        var first = new byte[BundleReader.FirstSize];
        var isRead = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length;
        if (!BundleReader.TryReadFirst(first, out var size, out var isNewer) || !isRead)
        {
            throw isNewer
                ? Usage($"{path} was written by a newer PeerChat; update this one to import it.")
                : Damaged(path);
        }

        var wraps = new byte[size];
        if (stream.ReadAtLeast(wraps, size, throwOnEndOfStream: false) < size)
        {
            throw Damaged(path);
        }

        return BundleReader.TryOpen(
            first,
            wraps,
            keys.Select(key => (ReadOnlyMemory<byte>)key),
            out var reader
        )
            ? reader
            : throw Usage(
                $"{path} is for none of the chats of this profile; its sender has to know you as a contact, or as a member of the room."
            );
    }

    private static byte[]? ReadRecord(Stream stream)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(length);
        if (size > BundleReader.MaxRecord)
        {
            return null;
        }

        var record = new byte[size];
        return stream.ReadAtLeast(record, record.Length, throwOnEndOfStream: false) < record.Length
            ? null
            : record;
    }

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failed) when (FileProblem.Is(failed))
        {
            throw StartFailures.Of(FileProblem.ExplainNamed(failed, "The bundle could not be read", path));
        }
    }

    private static NodeStartException Damaged(string path) =>
        new(
            NodeStartFailure.Storage,
            $"{path} is no bundle, or it is damaged or cut off; copy it once more. What came whole is kept."
        );

    private static NodeStartException Usage(string sentence) => new(NodeStartFailure.Usage, sentence);
}
