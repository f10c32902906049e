using System.Buffers;
using System.Text;
using PeerChat.Rooms.Files;

namespace PeerChat.Rooms.Tests.Files;

/// <summary>Writes down what a reader tells: folders as name/, files as name=bytes, links as name->target.</summary>
internal sealed class TreeRecorder : IFileTreeVisitor
{
    private readonly ArrayBufferWriter<byte> _file = new();
    private string _name = "";

    public List<string> Lines { get; } = [];

    public byte[] LastFile => _file.WrittenSpan.ToArray();

    public int WholeFiles { get; private set; }

    public void BeginFolder(string name) => Lines.Add(name + "/");

    public void EndFolder() => Lines.Add("..");

    public void BeginFile(string name, long size)
    {
        _name = name;
        _file.ResetWrittenCount();
    }

    public void Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

    public void EndFile()
    {
        WholeFiles++;
        Lines.Add($"{_name}={_file.WrittenCount}");
    }

    public void Symlink(string name, ReadOnlySpan<byte> target) =>
        Lines.Add($"{name}->{Encoding.UTF8.GetString(target)}");
}
