using System.Buffers;
using System.Globalization;
using System.Text;
using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Testing;

/// <summary>A terminal without a window: takes a program's output and shows what a user would see.</summary>
/// <remarks>
/// Understands what this library writes and what is near it; all else is counted in <see cref="UnknownSequences"/>. Made
/// for tests, snapshots and byte budgets. Questions are answered into <see cref="TakeReplies"/>.
/// </remarks>
public sealed class VirtualTerminal
{
    private readonly HashSet<int> _modes = [7, 25];
    private readonly List<byte> _sequence = [];
    private readonly List<byte> _character = [];
    private readonly List<byte> _replies = [];
    private readonly List<string> _unknown = [];
    private readonly List<string> _notifications = [];
    private VirtualScreen _screen;
    private VirtualScreen _other;
    private State _state;

    /// <summary>A blank terminal.</summary>
    public VirtualTerminal(TerminalSize size, VirtualWidths widths = VirtualWidths.ByCluster)
    {
        _screen = new VirtualScreen(size, widths);
        _other = new VirtualScreen(size, widths);
    }

    private enum State
    {
        Ground,
        Escape,
        Charset,
        Control,
        Text,
        TextEscape,
    }

    /// <summary>Its size.</summary>
    public TerminalSize Size => _screen.Size;

    /// <summary>Where the cursor is.</summary>
    public CellPosition Cursor => new(_screen.Column, _screen.Row);

    /// <summary>Whether the cursor can be seen.</summary>
    public bool IsCursorVisible => _modes.Contains(25);

    /// <summary>Whether the alternate screen is shown.</summary>
    public bool IsAlternateScreen => _modes.Contains(1049);

    /// <summary>The private modes that are on.</summary>
    public IReadOnlySet<int> Modes => _modes;

    /// <summary>Modes that the terminal says it knows when asked (DECRQM); none unless a test adds some.</summary>
    public ISet<int> KnownModes { get; } = new HashSet<int>();

    /// <summary>Title of the window.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Messages of the desktop asked for, each as its sequence's text.</summary>
    public IReadOnlyList<string> Notifications => _notifications;

    /// <summary>Whether it takes each byte for a character, as a terminal of the time before UTF-8 does.</summary>
    public bool IsLatin1 { get; init; }

    /// <summary>Bells rung.</summary>
    public int Bells { get; private set; }

    /// <summary>Bytes written in all.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Sequences and controls that a terminal of today might take amiss, for the failure message of a test.</summary>
    public IReadOnlyList<string> UnknownSequences => _unknown;

    /// <summary>The style that printing would use.</summary>
    public CellStyle Style => _screen.Style;

    /// <summary>All rows, without the blanks at their ends.</summary>
    public string Text => string.Join('\n', Enumerable.Range(0, Size.Rows).Select(Line));

    /// <summary>One place on the screen.</summary>
    public VirtualCell this[int column, int row] => _screen[column, row];

    /// <summary>One row, without the blanks at its end.</summary>
    public string Line(int row)
    {
        var line = new StringBuilder();
        for (var column = 0; column < Size.Columns; column++)
        {
            line.Append(_screen[column, row].Text);
        }

        return line.ToString().TrimEnd(' ');
    }

    /// <summary>Takes output.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        BytesWritten += bytes.Length;
        foreach (var value in bytes)
        {
            Step(value);
        }
    }

    /// <summary>Gives the window another size, as a terminal without reflow does.</summary>
    public void Resize(TerminalSize size)
    {
        _screen.Resize(size);
        _other.Resize(size);
    }

    /// <summary>Takes the answers to what the program asked, to be typed back to it.</summary>
    public byte[] TakeReplies()
    {
        var replies = _replies.ToArray();
        _replies.Clear();
        return replies;
    }

    private void Step(byte value)
    {
        switch (_state)
        {
            case State.Ground:
                Ground(value);
                break;
            case State.Escape:
                Escape(value);
                break;
            case State.Charset:
                _state = State.Ground;
                break;
            case State.Control when value is >= 0x40 and <= 0x7E:
                _state = State.Ground;
                Control(Encoding.ASCII.GetString([.. _sequence]), (char)value);
                break;
            case State.Control when value is >= 0x20 and <= 0x3F:
                _sequence.Add(value);
                break;
            case State.Control:
                Unknown("CSI broken off");
                _state = State.Ground;
                break;
            case State.TextEscape:
                _state = State.Ground;
                Command(value == '\\');
                break;
            default:
                Collect(value);
                break;
        }
    }

    private void Ground(byte value)
    {
        if (value >= 0x80)
        {
            Multibyte(value);
            return;
        }

        if (_character.Count > 0)
        {
            _character.Clear();
            Unknown("malformed UTF-8");
        }

        switch (value)
        {
            case 0x1B:
                _state = State.Escape;
                break;
            case (byte)'\a':
                Bells++;
                break;
            case (byte)'\b':
                _screen.MoveTo(_screen.Column - 1, _screen.Row);
                break;
            case (byte)'\t':
                _screen.MoveTo((_screen.Column / 8 * 8) + 8, _screen.Row);
                break;
            case (byte)'\n':
                _screen.LineFeed();
                break;
            case (byte)'\r':
                _screen.MoveTo(0, _screen.Row);
                break;
            case < 0x20 or 0x7F:
                Unknown($"control {value:X2}");
                break;
            default:
                _screen.Print(new Rune(value));
                break;
        }
    }

    private void Multibyte(byte value)
    {
        if (IsLatin1)
        {
            _screen.Print(new Rune(Math.Max(value, (byte)0xA0)));
            return;
        }

        _character.Add(value);
        var status = Rune.DecodeFromUtf8([.. _character], out var rune, out _);
        if (status == OperationStatus.NeedMoreData)
        {
            return;
        }

        _character.Clear();
        if (status != OperationStatus.Done)
        {
            Unknown("malformed UTF-8");
        }
        else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control)
        {
            Unknown($"control U+{rune.Value:X4}");
        }
        else
        {
            _screen.Print(rune);
        }
    }

    private void Escape(byte value)
    {
        _sequence.Clear();
        _state = value switch
        {
            (byte)'[' => State.Control,
            (byte)']' or (byte)'P' or (byte)'_' or (byte)'^' or (byte)'X' => State.Text,
            (byte)'(' or (byte)')' => State.Charset,
            _ => State.Ground,
        };
        switch (value)
        {
            case (byte)'M':
                _screen.ReverseLineFeed();
                break;
            case (byte)'P' or (byte)'_' or (byte)'^' or (byte)'X':
                Unknown($"ESC {(char)value}");
                break;
            case (byte)'[' or (byte)']' or (byte)'(' or (byte)')' or (byte)'=' or (byte)'>':
                break;
            default:
                Unknown($"ESC {(char)value}");
                break;
        }
    }

    private void Collect(byte value)
    {
        switch (value)
        {
            case 0x1B:
                _state = State.TextEscape;
                break;
            case 0x07:
                _state = State.Ground;
                Command(isEnded: true);
                break;
            case < 0x20:
                Unknown($"control {value:X2} in a string");
                break;
            default:
                _sequence.Add(value);
                break;
        }
    }

    private void Command(bool isEnded)
    {
        var text = Encoding.UTF8.GetString([.. _sequence]);
        if (
            isEnded
            && (
                text.StartsWith("2;", StringComparison.Ordinal)
                || text.StartsWith("0;", StringComparison.Ordinal)
            )
        )
        {
            Title = text[2..];
        }
        else if (isEnded && text.StartsWith("8;", StringComparison.Ordinal))
        {
            var address = text[(text.IndexOf(';', 2) + 1)..];
            _screen.Style = _screen.Style with
            {
                Link = Hyperlink.TryMake(address, out var link) ? link : null,
            };
        }
        else if (isEnded && IsNotification(text))
        {
            _notifications.Add(text);
        }
        else if (!isEnded || !text.StartsWith("52;", StringComparison.Ordinal))
        {
            Unknown("string " + text);
        }
    }

    private static bool IsNotification(string text) =>
        text.StartsWith("9;", StringComparison.Ordinal)
        || text.StartsWith("99;", StringComparison.Ordinal)
        || text.StartsWith("777;notify;", StringComparison.Ordinal);

    private void Control(string body, char final)
    {
        var mark = body.Length > 0 && body[0] is >= '<' and <= '?' ? body[0] : '\0';
        var plain = mark == '\0' ? body : body[1..];
        var intermediate = plain.Length > 0 && plain[^1] is >= ' ' and <= '/' ? plain[^1] : '\0';
        var numbers = intermediate == '\0' ? plain : plain[..^1];
        var known = (mark, intermediate) switch
        {
            ('\0', '\0') => VirtualControls.TryRun(_screen, numbers, final) || TryReport(numbers, final),
            ('?', '\0') => TryMode(numbers, final),
            ('?', '$') when final == 'p' => TryAnswerMode(numbers),
            ('>', '\0') => final is 'q' or 'u' or 'm',
            ('\0', ' ') => final == 'q',
            _ => false,
        };
        if (!known)
        {
            Unknown($"CSI {body}{final}");
        }
    }

    private bool TryReport(string numbers, char final)
    {
        switch (final)
        {
            case 'c':
                _replies.AddRange("\e[?62;22c"u8);
                return true;
            case 'n' when numbers is "6":
                _replies.AddRange(Encoding.ASCII.GetBytes($"\e[{_screen.Row + 1};{_screen.Column + 1}R"));
                return true;
            case 't' when numbers is "22;2" or "23;2":
                return true;
            default:
                return false;
        }
    }

    private bool TryMode(string numbers, char final)
    {
        if (final == 'n' && numbers is "6")
        {
            _replies.AddRange(Encoding.ASCII.GetBytes($"\e[?{_screen.Row + 1};{_screen.Column + 1}R"));
            return true;
        }

        if (final is not ('h' or 'l') || !int.TryParse(numbers, CultureInfo.InvariantCulture, out var mode))
        {
            return final == 'u';
        }

        var turnsOn = final == 'h';
        var changes = turnsOn ? _modes.Add(mode) : _modes.Remove(mode);
        _screen.Wraps = _modes.Contains(7);
        if (mode == 1049 && changes)
        {
            (_screen, _other) = (_other, _screen);
            _screen.Wraps = _other.Wraps;
            _screen.Style = _other.Style;
            if (turnsOn)
            {
                _screen.EraseRows(0, Size.Rows);
            }
        }

        return mode is 1 or 7 or 25 or 1000 or 1002 or 1004 or 1006 or 1049 or 2004 or 2026;
    }

    private bool TryAnswerMode(string numbers)
    {
        if (!int.TryParse(numbers, CultureInfo.InvariantCulture, out var mode))
        {
            return false;
        }

        var status =
            !KnownModes.Contains(mode) ? 0
            : _modes.Contains(mode) ? 1
            : 2;
        _replies.AddRange(Encoding.ASCII.GetBytes($"\e[?{mode};{status}$y"));
        return true;
    }

    private void Unknown(string what)
    {
        _character.Clear();
        _unknown.Add(what);
    }
}
