using System.Text;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Testing;

namespace PeerChat.Terminal.Tests.Program;

/// <summary>A terminal that shows its frames on a virtual screen and gets its input from the test.</summary>
internal sealed class FakeTerminal(TerminalSize size, bool isLatin1 = false) : ITerminal
{
    private ITerminalSink? _sink;

    public VirtualTerminal Screen { get; } = new(size) { IsLatin1 = isLatin1 };

    public List<int> Frames { get; } = [];

    public TerminalSize Size { get; private set; } = size;

    public void Start(ITerminalSink sink) => _sink = sink;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Frames.Add(bytes.Length);
        Screen.Write(bytes);
    }

    public void Type(string text) => _sink!.OnInput(Encoding.UTF8.GetBytes(text));

    public void Resize(TerminalSize newSize)
    {
        Size = newSize;
        Screen.Resize(newSize);
        _sink!.OnEvent(new InputEvent.Resized(newSize));
    }

    public bool Suspend() => false;

    public void Release() { }

    public void Reclaim() => _sink!.OnEvent(new InputEvent.Resumed());

    public void Dispose() { }
}
