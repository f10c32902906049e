using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeerChat.Terminal.Cells;
using PeerChat.Terminal.Input;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Input;

public sealed class VtParserTests
{
    private static readonly string[] Samples =
    [
        "hello",
        "\e[A",
        "\e[1;5C",
        "\eOP",
        "\e[15~",
        "\e[3;2~",
        "\ea",
        "\e\r",
        "\e\x7f",
        "\t",
        "\r",
        "\n",
        "\x01",
        "\0",
        "é日👍",
        "\e[200~a\r\nb\rc\t\e[31m\x07\e[201~",
        "\e[I",
        "\e[O",
        "\e[<0;10;5M",
        "\e[<65;1;1M",
        "\e[?62;22c",
        "\e[?2026;2$y",
        "\e[5;7R",
        "\e[97;5u",
        "\e[27;5;13~",
        "\e[Z",
        "\e\e[A",
        "\e[[A",
        "\e]11;rgb:0000/0000/0000\e\\",
        "\e]11;x\a",
        "\eP>|tmux 3.3a\e\\",
        "\e_Gi=31;OK\e\\",
        "\e_",
        "\e[6;20;10t",
        "\e[99;99;99z",
        "\e[?1u",
        "\e[48;24;80;0;0t",
        "\e[1\x18",
        "\eO\e[B",
    ];

    [Theory]
    [InlineData("a", "a")]
    [InlineData("A", "A")]
    [InlineData(" ", "Space")]
    [InlineData("\r", "Enter")]
    [InlineData("\n", "Ctrl+j")]
    [InlineData("\t", "Tab")]
    [InlineData("\x7f", "Backspace")]
    [InlineData("\b", "Ctrl+h")]
    [InlineData("\x01", "Ctrl+a")]
    [InlineData("\x1a", "Ctrl+z")]
    [InlineData("\0", "Ctrl+Space")]
    [InlineData("\x1f", "Ctrl+_")]
    [InlineData("\ea", "Alt+a")]
    [InlineData("\e\r", "Alt+Enter")]
    [InlineData("\e\x7f", "Alt+Backspace")]
    [InlineData("\e\x01", "Ctrl+Alt+a")]
    [InlineData("\eé", "Alt+é")]
    [InlineData("\e[A", "Up")]
    [InlineData("\eOA", "Up")]
    [InlineData("\e[1;5D", "Ctrl+Left")]
    [InlineData("\e[1;2C", "Shift+Right")]
    [InlineData("\e[1;3B", "Alt+Down")]
    [InlineData("\e[1;8B", "Ctrl+Alt+Shift+Down")]
    [InlineData("\e\e[A", "Alt+Up")]
    [InlineData("\e[a", "Shift+Up")]
    [InlineData("\e[H", "Home")]
    [InlineData("\e[1~", "Home")]
    [InlineData("\e[7~", "Home")]
    [InlineData("\eOF", "End")]
    [InlineData("\e[4~", "End")]
    [InlineData("\e[5~", "PageUp")]
    [InlineData("\e[6;5~", "Ctrl+PageDown")]
    [InlineData("\e[2~", "Insert")]
    [InlineData("\e[3~", "Delete")]
    [InlineData("\eOP", "F1")]
    [InlineData("\e[1;2S", "Shift+F4")]
    [InlineData("\e[1;5R", "Ctrl+F3")]
    [InlineData("\e[[E", "F5")]
    [InlineData("\e[15~", "F5")]
    [InlineData("\e[24~", "F12")]
    [InlineData("\e[25~", "F13")]
    [InlineData("\e[Z", "Shift+Tab")]
    [InlineData("\eOM", "Enter")]
    [InlineData("\eOq", "1")]
    [InlineData("\e[97;5u", "Ctrl+a")]
    [InlineData("\e[13;2u", "Shift+Enter")]
    [InlineData("\e[27u", "Escape")]
    [InlineData("\e[97:65;6u", "Ctrl+Shift+a")]
    [InlineData("\e[97;1:2u", "a")]
    [InlineData("\e[57399u", "0")]
    [InlineData("\e[27;2;13~", "Shift+Enter")]
    public void Knows_the_key(string bytes, string name) =>
        Parse(bytes).ShouldHaveSingleItem().ShouldBeOfType<InputEvent.Key>().Stroke.ToString().ShouldBe(name);

    [Fact]
    public void Says_nothing_when_a_key_is_let_go() =>
        Parse("\e[97;1:3u\e[1;1:3A\e[3;1:3~").ShouldAllBe(input => input is InputEvent.Unrecognized);

    [Fact]
    public void Takes_a_lone_escape_as_the_key_after_30_milliseconds()
    {
        var parser = new VtParser();
        parser.HandleInput(TimeSpan.Zero, "\e"u8);

        Drain(parser).ShouldBeEmpty();
        parser.NextDeadline.ShouldBe(VtParser.EscapeWait);
        parser.HandleDeadline(TimeSpan.FromMilliseconds(29));
        Drain(parser).ShouldBeEmpty();
        parser.HandleDeadline(TimeSpan.FromMilliseconds(30));
        Drain(parser).ShouldBe([new InputEvent.Key(new KeyStroke(KeyCode.Escape))]);
        parser.NextDeadline.ShouldBeNull();
    }

    [Theory]
    [InlineData("\e[", '[')]
    [InlineData("\eO", 'O')]
    [InlineData("\e]", ']')]
    [InlineData("\eP", 'P')]
    public void Takes_an_introducer_without_more_as_a_key_with_alt(string bytes, char key)
    {
        var parser = new VtParser();
        parser.HandleInput(TimeSpan.Zero, Encoding.UTF8.GetBytes(bytes));
        parser.HandleDeadline(VtParser.EscapeWait);

        Drain(parser).ShouldBe([new InputEvent.Key(KeyStroke.Alt(key))]);
    }

    [Fact]
    public void Gives_up_a_sequence_that_never_ends()
    {
        var parser = new VtParser();
        parser.HandleInput(TimeSpan.Zero, "\e]11;rgb"u8);
        parser.HandleDeadline(VtParser.SequenceWait);
        parser.HandleInput(VtParser.SequenceWait, "x"u8);

        Drain(parser)
            .ShouldBe([new InputEvent.Unrecognized("]11;rgb"), new InputEvent.Key(KeyStroke.Of('x'))]);
    }

    [Fact]
    public void Gives_a_paste_as_one_event_with_newlines_normalized_and_controls_dropped() =>
        Parse("\e[200~one\r\ntwo\rthree\nfour\t\e[31m\a\u009b五\e[201~x")
            .ShouldBe([
                new InputEvent.Paste("one\ntwo\nthree\nfour\t[31m五", IsCut: false),
                new InputEvent.Key(KeyStroke.Of('x')),
            ]);

    [Fact]
    public void Is_not_fooled_by_the_beginning_of_an_end_mark_in_a_paste() =>
        Parse("\e[200~a\e[201b\e[20\e[201~").ShouldBe([new InputEvent.Paste("a[201b[20", IsCut: false)]);

    [Fact]
    public void Cuts_a_paste_at_its_limit_and_swallows_the_rest()
    {
        var events = Parse("\e[200~" + new string('x', VtParser.MaxPasteBytes + 100) + "\e[201~y");

        events.Count.ShouldBe(2);
        var paste = events[0].ShouldBeOfType<InputEvent.Paste>();
        paste.IsCut.ShouldBeTrue();
        paste.Text.Length.ShouldBe(VtParser.MaxPasteBytes);
        events[1].ShouldBe(new InputEvent.Key(KeyStroke.Of('y')));
    }

    [Fact]
    public void Reads_the_mouse()
    {
        Parse("\e[<0;10;5M")
            .ShouldBe([
                new InputEvent.Mouse(
                    MouseAction.Press,
                    MouseButton.Left,
                    new CellPosition(9, 4),
                    KeyModifiers.None
                ),
            ]);
        Parse("\e[<18;1;1m")
            .ShouldBe([
                new InputEvent.Mouse(MouseAction.Release, MouseButton.Right, default, KeyModifiers.Ctrl),
            ]);
        Parse("\e[<65;2;2M")
            .ShouldBe([
                new InputEvent.Mouse(
                    MouseAction.WheelDown,
                    MouseButton.None,
                    new CellPosition(1, 1),
                    KeyModifiers.None
                ),
            ]);
        Parse("\e[<35;2;2M")
            .ShouldBe([
                new InputEvent.Mouse(
                    MouseAction.Move,
                    MouseButton.None,
                    new CellPosition(1, 1),
                    KeyModifiers.None
                ),
            ]);
    }

    [Fact]
    public void Reads_answers_and_focus() =>
        Parse(
                "\e[?62;22c\e[?2026;2$y\e[5;7R\e[?1;2R\e[?5u\eP>|tmux 3.3a\e\\\e]11;rgb:0/0/0\a\e[I\e[O\e[48;24;80;0;0t"
            )
            .ShouldBe([
                new InputEvent.DeviceAttributes("62;22"),
                new InputEvent.ModeReport(2026, ModeStatus.Reset),
                new InputEvent.CursorReport(new CellPosition(6, 4)),
                new InputEvent.CursorReport(new CellPosition(1, 0)),
                new InputEvent.KeyboardReport(5),
                new InputEvent.TerminalName("tmux 3.3a"),
                new InputEvent.CommandReply("11;rgb:0/0/0"),
                new InputEvent.Focus(HasFocus: true),
                new InputEvent.Focus(HasFocus: false),
                new InputEvent.Resized(new TerminalSize(80, 24)),
            ]);

    [Fact]
    public void Replaces_malformed_UTF_8_and_goes_on()
    {
        var parser = new VtParser();
        parser.HandleInput(
            TimeSpan.Zero,
            [0x9B, (byte)'a', 0xE6, 0x97, (byte)'b', 0xFF, 0xF0, 0x9F, 0x1B, (byte)'[', (byte)'A']
        );

        string.Join(' ', Drain(parser).Cast<InputEvent.Key>().Select(key => key.Stroke.ToString()))
            .ShouldBe("\uFFFD a \uFFFD b \uFFFD \uFFFD Up");
    }

    [Fact]
    public void Gives_the_same_events_wherever_the_bytes_are_split()
    {
        foreach (var sample in Samples)
        {
            var bytes = Encoding.UTF8.GetBytes(sample + "x");
            var whole = Parse(sample + "x");
            for (var split = 1; split < bytes.Length; split++)
            {
                var parser = new VtParser();
                parser.HandleInput(TimeSpan.Zero, bytes.AsSpan(0, split));
                parser.HandleInput(TimeSpan.Zero, bytes.AsSpan(split));
                Drain(parser).ShouldBe(whole, $"{sample} split at {split}");
            }
        }
    }

    [Fact]
    public void Gives_the_same_events_byte_by_byte_for_any_mixture() =>
        Prop.ForAll(
                Gen.ListOf(Gen.Elements(Samples)).Select(string.Concat).ToArbitrary(),
                text =>
                {
                    var parser = new VtParser();
                    foreach (var value in Encoding.UTF8.GetBytes(text))
                    {
                        parser.HandleInput(TimeSpan.Zero, [value]);
                    }

                    Drain(parser).ShouldBe(Parse(text));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void No_garbage_makes_it_throw_or_leaves_it_stuck() =>
        Prop.ForAll(
                Gen.ListOf(
                        Gen.Frequency(
                            (3, Gen.Choose(0, 255).Select(value => new[] { (byte)value })),
                            (
                                2,
                                Gen.Elements<byte[]>(
                                    [0x1B],
                                    [0x1B, (byte)'['],
                                    [0x1B, (byte)']'],
                                    [0x9B],
                                    [(byte)';'],
                                    [(byte)'9'],
                                    [(byte)'?']
                                )
                            ),
                            (1, Gen.Elements(Samples).Select(Encoding.UTF8.GetBytes))
                        )
                    )
                    .ToArbitrary(),
                pieces =>
                {
                    var parser = new VtParser();
                    var now = TimeSpan.Zero;
                    foreach (var piece in pieces)
                    {
                        parser.HandleInput(now, piece);
                        now += TimeSpan.FromMilliseconds(piece.Length % 3);
                        parser.HandleDeadline(now);
                    }

                    // However it stands, the end of a paste, a pause and a key bring it back
                    parser.HandleInput(now, "\e[201~"u8);
                    parser.HandleDeadline(now + VtParser.SequenceWait);
                    _ = Drain(parser);
                    parser.HandleInput(now + VtParser.SequenceWait, "k"u8);
                    Drain(parser).ShouldBe([new InputEvent.Key(KeyStroke.Of('k'))]);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Bounds_what_it_keeps_of_an_endless_sequence()
    {
        var parser = new VtParser();
        parser.HandleInput(TimeSpan.Zero, Encoding.ASCII.GetBytes("\e]" + new string('9', 1_000_000) + "\a"));

        Drain(parser)
            .ShouldHaveSingleItem()
            .ShouldBeOfType<InputEvent.Unrecognized>()
            .Sequence.Length.ShouldBe(VtParser.MaxSequenceBytes + 1);
    }

    private static List<InputEvent> Parse(string text)
    {
        var parser = new VtParser();
        parser.HandleInput(TimeSpan.Zero, Encoding.UTF8.GetBytes(text));
        return Drain(parser);
    }

    private static List<InputEvent> Drain(VtParser parser)
    {
        var events = new List<InputEvent>();
        while (parser.TryTakeEvent(out var input))
        {
            events.Add(input);
        }

        return events;
    }
}
