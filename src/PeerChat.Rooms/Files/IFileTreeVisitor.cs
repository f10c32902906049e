namespace PeerChat.Rooms.Files;

/// <summary>Is told what a DAG holds, in the order of its entries; a folder before what is in it.</summary>
public interface IFileTreeVisitor
{
    /// <summary>A folder begins; entries up to <see cref="EndFolder"/> are in it.</summary>
    /// <param name="name">Its name, as it came; empty for the root.</param>
    void BeginFolder(string name);

    /// <summary>The folder is over.</summary>
    void EndFolder();

    /// <summary>A file begins.</summary>
    /// <param name="name">Its name, as it came; empty for the root.</param>
    /// <param name="size">How many bytes come before <see cref="EndFile"/>.</param>
    void BeginFile(string name, long size);

    /// <summary>Whether the next bytes of the file are known to be those of a block, compared with its CID: they are not read and written then.</summary>
    /// <param name="cid">The block.</param>
    /// <param name="size">Its bytes.</param>
    bool TryPass(Cid cid, long size) => false;

    /// <summary>The next bytes of the file.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>The file is whole: every block was verified and the sizes agree.</summary>
    void EndFile();

    /// <summary>A symbolic link.</summary>
    /// <param name="name">Its name, as it came; empty for the root.</param>
    /// <param name="target">Where it points, as it came.</param>
    void Symlink(string name, ReadOnlySpan<byte> target);
}
