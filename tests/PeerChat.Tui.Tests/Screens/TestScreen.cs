using System.Globalization;
using System.Text;
using PeerChat.Node;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Testing;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Model;
using PeerChat.Tui.Screens;
using Shouldly;

namespace PeerChat.Tui.Tests.Screens;

/// <summary>The screen's program on a virtual terminal: the test types and plays the node.</summary>
internal sealed class TestScreen
{
    private readonly ScreenProgram _program = new();
    private readonly VtParser _parser = new();
    private readonly Screen _screen;
    private readonly List<NodeCommand> _posted = [];
    private readonly HashSet<string> _hidden = new(StringComparer.Ordinal);

    public TestScreen(int columns = 80, int rows = 24, NodeCommand? join = null)
    {
        var size = new TerminalSize(columns, rows);
        State = AppState.Initial(size, TimeZoneInfo.Utc, ChatTarget.Of(join));
        _screen = new Screen(size);
        Terminal = new VirtualTerminal(size);
        Draw();
    }

    public AppState State { get; private set; }

    public VirtualTerminal Terminal { get; }

    /// <summary>Everything asked of the node since it was last looked at.</summary>
    public IReadOnlyList<NodeCommand> Posted
    {
        get
        {
            var posted = _posted.ToList();
            _posted.Clear();
            return posted;
        }
    }

    /// <summary>All other effects.</summary>
    public List<AppEffect> Effects { get; } = [];

    /// <summary>What is shown, after checking that nothing raw got through.</summary>
    public string Text
    {
        get
        {
            Draw();
            Terminal.UnknownSequences.ShouldBeEmpty();
            _hidden.ShouldBeEmpty();
            return Terminal.Text;
        }
    }

    public TestScreen Send(AppMessage message)
    {
        var (state, effects) = _program.Update(State, message);
        State = state;
        _posted.AddRange(effects.OfType<AppEffect.Post>().Select(post => post.Command));
        Effects.AddRange(effects.Where(effect => effect is not AppEffect.Post));
        return this;
    }

    public TestScreen Tell(params NodeEvent[] events)
    {
        foreach (var happened in events)
        {
            Send(new AppMessage.Node(happened));
        }

        return this;
    }

    /// <summary>Types bytes as a terminal sends them.</summary>
    public TestScreen Type(string keys)
    {
        _parser.HandleInput(TimeSpan.Zero, Encoding.UTF8.GetBytes(keys));
        _parser.HandleDeadline(TimeSpan.FromSeconds(10));
        while (_parser.TryTakeEvent(out var input))
        {
            Send(new AppMessage.Input(input));
        }

        return this;
    }

    public TestScreen Pause() => Send(new AppMessage.Tick());

    public TestScreen Resize(int columns, int rows)
    {
        var size = new TerminalSize(columns, rows);
        Terminal.Resize(size);
        _screen.Resize(size);
        return Send(new AppMessage.Input(new InputEvent.Resized(size)));
    }

    /// <summary>Draws a frame and says how many bytes it took.</summary>
    public int Draw()
    {
        _program.View(State, _screen.BeginFrame());
        var bytes = _screen.EndFrame();
        Terminal.Write(bytes);
        // A terminal shows nothing of these, but another text for them
        _hidden.UnionWith(
            Encoding
                .UTF8.GetString(bytes)
                .EnumerateRunes()
                .Where(IsHidden)
                .Select(rune => $"U+{rune.Value:X4}")
        );
        return bytes.Length;
    }

    // Joiners and tags belong to emoji and to some scripts
    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
            UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D or (>= 0xE0020 and <= 0xE007F)),
            _ => false,
        };
}
