namespace PeerChat.Interop.Tests.Terminals;

/// <summary>A small file system of its own on a folder. Needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Block = 4096;

    private readonly string _folder;

    /// <summary>Mounts it.</summary>
    public SmallDisk(string folder, int megabytes)
    {
        _folder = folder;
        TestHosts.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);
    }

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>Takes the last byte.</summary>
    public void Fill()
    {
        using var filler = new FileStream(
            Filler,
            FileMode.Create,
            FileAccess.Write,
            FileShare.None,
            bufferSize: 0
        );
        var block = new byte[Block];
        try
        {
            while (true)
            {
                filler.Write(block);
            }
        }
        catch (IOException)
        {
            // full, which is what was wanted
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Filler);

    /// <inheritdoc/>
    public void Dispose() => TestHosts.Run("umount", "--lazy", _folder);
}
