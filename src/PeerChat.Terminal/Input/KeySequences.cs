using System.Text;
using PeerChat.Terminal.Cells;

namespace PeerChat.Terminal.Input;

/// <summary>What each control sequence of a terminal means: keys (xterm, VT220, rxvt, Linux console, kitty) and answers.</summary>
internal static class KeySequences
{
    private const KeyModifiers AllModifiers =
        KeyModifiers.Shift | KeyModifiers.Alt | KeyModifiers.Ctrl | KeyModifiers.Super;

    /// <summary>The event of a control sequence; null for one without meaning here.</summary>
    public static InputEvent? FromControl(ReadOnlySpan<byte> body, byte final)
    {
        Span<int> numbers = stackalloc int[ControlParameters.Capacity];
        Span<bool> isSub = stackalloc bool[ControlParameters.Capacity];
        var parameters = new ControlParameters(body, numbers, isSub);
        return parameters.Mark switch
        {
            '\0' when parameters.Intermediate == '\0' => FromPlain(parameters, final),
            '?' => FromAnswer(parameters, final, body),
            '<' when final is (byte)'M' or (byte)'m' => FromMouse(parameters, final == 'm'),
            _ => null,
        };
    }

    /// <summary>The key of a byte behind SS3 (ESC O).</summary>
    public static InputEvent.Key? FromSingleShift(byte final) =>
        final switch
        {
            (byte)'M' => Key(KeyCode.Enter, KeyModifiers.None),
            (byte)'X' => Text('='),
            >= (byte)'j' and <= (byte)'y' => Text((char)(final - 0x40)),
            _ => FromLetter(final, KeyModifiers.None),
        };

    /// <summary>The function key of the Linux console: CSI [ A to E.</summary>
    public static InputEvent.Key? FromLinuxConsole(byte final) =>
        final is >= (byte)'A' and <= (byte)'E' ? Function(final - 'A' + 1, KeyModifiers.None) : null;

    /// <summary>The key of one code point typed, or of a control character.</summary>
    public static InputEvent.Key? FromRune(Rune rune, KeyModifiers modifiers)
    {
        var value = rune.Value;
        return value switch
        {
            0x0D => Key(KeyCode.Enter, modifiers),
            0x09 => Key(KeyCode.Tab, modifiers),
            0x7F => Key(KeyCode.Backspace, modifiers),
            0x1B => Key(KeyCode.Escape, modifiers),
            0x00 => Character(' ', modifiers | KeyModifiers.Ctrl),
            <= 0x1A => Character(value + 0x60, modifiers | KeyModifiers.Ctrl),
            // Ctrl with \ ] ^ _
            <= 0x1F => Character(value + 0x40, modifiers | KeyModifiers.Ctrl),
            >= 0x80 and <= 0x9F => null,
            _ => Character(value, modifiers),
        };
    }

    private static InputEvent? FromPlain(in ControlParameters parameters, byte final)
    {
        var modifiers = Modifiers(parameters[1]);
        switch (final)
        {
            case (byte)'~':
                return FromTilde(parameters);
            case (byte)'u':
                return FromKeyboardProtocol(parameters);
            case (byte)'Z':
                return Key(KeyCode.Tab, modifiers | KeyModifiers.Shift);
            case (byte)'I' when parameters.Count == 0:
                return new InputEvent.Focus(HasFocus: true);
            case (byte)'O' when parameters.Count == 0:
                return new InputEvent.Focus(HasFocus: false);
            // F3 with modifiers looks like a cursor report from row 1; the reports asked for here carry a mark
            case (byte)'R' when parameters.Count == 2 && parameters[0] != 1:
                return Report(parameters);
            case (byte)'t' when parameters[0] == 6 && parameters.Count == 3:
                return new InputEvent.CellSizeReport(parameters[2], parameters[1]);
            case (byte)'t' when parameters[0] == 48 && parameters.Count >= 3:
                return new InputEvent.Resized(new TerminalSize(parameters[2], parameters[1]).Clamped());
            default:
                return IsRelease(parameters) ? null : FromLetter(final, modifiers);
        }
    }

    private static InputEvent.Key? FromLetter(byte final, KeyModifiers modifiers) =>
        final switch
        {
            (byte)'A' => Key(KeyCode.Up, modifiers),
            (byte)'B' => Key(KeyCode.Down, modifiers),
            (byte)'C' => Key(KeyCode.Right, modifiers),
            (byte)'D' => Key(KeyCode.Left, modifiers),
            (byte)'E' => Key(KeyCode.Begin, modifiers),
            (byte)'F' => Key(KeyCode.End, modifiers),
            (byte)'H' => Key(KeyCode.Home, modifiers),
            >= (byte)'P' and <= (byte)'S' => Function(final - 'P' + 1, modifiers),
            // rxvt: shifted arrows
            (byte)'a' => Key(KeyCode.Up, modifiers | KeyModifiers.Shift),
            (byte)'b' => Key(KeyCode.Down, modifiers | KeyModifiers.Shift),
            (byte)'c' => Key(KeyCode.Right, modifiers | KeyModifiers.Shift),
            (byte)'d' => Key(KeyCode.Left, modifiers | KeyModifiers.Shift),
            _ => null,
        };

    private static InputEvent.Key? FromTilde(in ControlParameters parameters)
    {
        if (IsRelease(parameters))
        {
            return null;
        }

        var modifiers = Modifiers(parameters[1]);
        return parameters[0] switch
        {
            1 or 7 => Key(KeyCode.Home, modifiers),
            2 => Key(KeyCode.Insert, modifiers),
            3 => Key(KeyCode.Delete, modifiers),
            4 or 8 => Key(KeyCode.End, modifiers),
            5 => Key(KeyCode.PageUp, modifiers),
            6 => Key(KeyCode.PageDown, modifiers),
            >= 11 and <= 15 => Function(parameters[0] - 10, modifiers),
            >= 17 and <= 21 => Function(parameters[0] - 11, modifiers),
            >= 23 and <= 26 => Function(parameters[0] - 12, modifiers),
            28 or 29 => Function(parameters[0] - 13, modifiers),
            >= 31 and <= 34 => Function(parameters[0] - 14, modifiers),
            // modifyOtherKeys: CSI 27 ; modifiers ; code ~
            27 when parameters.Count == 3 => FromCode(parameters[2], modifiers),
            _ => null,
        };
    }

    private static InputEvent.Key? FromKeyboardProtocol(in ControlParameters parameters) =>
        IsRelease(parameters) ? null : FromCode(parameters[0], Modifiers(parameters[1]));

    private static InputEvent.Key? FromCode(int code, KeyModifiers modifiers) =>
        code switch
        {
            13 or 57414 => Key(KeyCode.Enter, modifiers),
            9 => Key(KeyCode.Tab, modifiers),
            127 or 8 => Key(KeyCode.Backspace, modifiers),
            27 => Key(KeyCode.Escape, modifiers),
            // The keypad: digits, then . / * - + and, behind Enter, =
            >= 57399 and <= 57408 => Character('0' + code - 57399, modifiers),
            >= 57409 and <= 57413 => Character("./*-+"[code - 57409], modifiers),
            57415 => Character('=', modifiers),
            57417 => Key(KeyCode.Left, modifiers),
            57418 => Key(KeyCode.Right, modifiers),
            57419 => Key(KeyCode.Up, modifiers),
            57420 => Key(KeyCode.Down, modifiers),
            57421 => Key(KeyCode.PageUp, modifiers),
            57422 => Key(KeyCode.PageDown, modifiers),
            57423 => Key(KeyCode.Home, modifiers),
            57424 => Key(KeyCode.End, modifiers),
            57425 => Key(KeyCode.Insert, modifiers),
            57426 => Key(KeyCode.Delete, modifiers),
            57427 => Key(KeyCode.Begin, modifiers),
            >= 57376 and <= 57398 => Function(code - 57376 + 13, modifiers),
            // Other private codes are lock, media and modifier keys
            < 0x20 or (>= 0xE000 and <= 0xF8FF) or (>= 0x7F and <= 0x9F) => null,
            _ when Rune.IsValid(code) => Character(code, modifiers),
            _ => null,
        };

    private static InputEvent? FromAnswer(
        in ControlParameters parameters,
        byte final,
        ReadOnlySpan<byte> body
    ) =>
        (parameters.Intermediate, final) switch
        {
            ('\0', (byte)'c') => new InputEvent.DeviceAttributes(Encoding.ASCII.GetString(body[1..])),
            ('\0', (byte)'R') => Report(parameters),
            ('\0', (byte)'u') => new InputEvent.KeyboardReport(parameters[0]),
            ('$', (byte)'y') when parameters[1] is >= 0 and <= 4 => new InputEvent.ModeReport(
                parameters[0],
                (ModeStatus)parameters[1]
            ),
            _ => null,
        };

    private static InputEvent.CursorReport Report(in ControlParameters parameters) =>
        new(new CellPosition(Math.Max(1, parameters[1]) - 1, Math.Max(1, parameters[0]) - 1));

    private static InputEvent.Mouse? FromMouse(in ControlParameters parameters, bool isRelease)
    {
        if (parameters.Count != 3)
        {
            return null;
        }

        var code = parameters[0];
        var modifiers = (KeyModifiers)((code >> 2) & 7);
        var position = new CellPosition(Math.Max(1, parameters[1]) - 1, Math.Max(1, parameters[2]) - 1);
        // xterm: bits 0 and 1 are the button, 5 is motion, 6 the wheel; 7 further buttons
        if ((code & 0x80) != 0)
        {
            return null;
        }

        if ((code & 0x40) != 0)
        {
            return (code & 3) switch
            {
                0 => new InputEvent.Mouse(MouseAction.WheelUp, MouseButton.None, position, modifiers),
                1 => new InputEvent.Mouse(MouseAction.WheelDown, MouseButton.None, position, modifiers),
                _ => null,
            };
        }

        var button = (code & 3) switch
        {
            0 => MouseButton.Left,
            1 => MouseButton.Middle,
            2 => MouseButton.Right,
            _ => MouseButton.None,
        };
        var pressed = isRelease ? MouseAction.Release : MouseAction.Press;
        return new InputEvent.Mouse(
            (code & 0x20) != 0 ? MouseAction.Move : pressed,
            button,
            position,
            modifiers
        );
    }

    // The keyboard protocol's third sub-number: 1 press, 2 repeat, 3 release
    private static bool IsRelease(in ControlParameters parameters) => parameters.Sub(1, 1) == 3;

    private static KeyModifiers Modifiers(int parameter) =>
        parameter <= 1 ? KeyModifiers.None : (KeyModifiers)(parameter - 1) & AllModifiers;

    private static InputEvent.Key Key(KeyCode code, KeyModifiers modifiers) =>
        new(new KeyStroke(code, modifiers));

    private static InputEvent.Key Text(char character) => Character(character, KeyModifiers.None);

    private static InputEvent.Key Character(int codePoint, KeyModifiers modifiers) =>
        new(new KeyStroke(KeyCode.Character, modifiers, new Rune(codePoint)));

    private static InputEvent.Key Function(int number, KeyModifiers modifiers) =>
        new(new KeyStroke(KeyCode.Function, modifiers, Function: number));
}
