using System.Buffers;
using System.Text;

namespace PeerChat.Terminal.Input;

/// <summary>Turns the bytes that a terminal sends into keys, pastes and answers.</summary>
/// <remarks>
/// A state machine without I/O: after <see cref="HandleInput"/> and <see cref="HandleDeadline"/> drain
/// <see cref="TryTakeEvent"/>, then wait for bytes or <see cref="NextDeadline"/>. Times are those of any clock that only
/// goes forward. The states, in the order of a sequence:
/// <code>
/// Ground ─ESC─▶ Escape ─[─▶ Control ─final─▶ Ground      ─200~─▶ Paste ─ESC[201~─▶ Ground
///                  ├─O─▶ SingleShift ─byte─▶ Ground
///                  ├─]─▶ Command ┐
///                  ├─P─▶ Device  ┤
///                  ├─_─▶ Program ┴─ST or BEL─▶ Ground
///                  └─other─▶ Ground (that key with Alt)
/// </code>
/// Whatever does not fit becomes <see cref="InputEvent.Unrecognized"/>; nothing makes it throw.
/// </remarks>
public sealed class VtParser
{
    /// <summary>Bytes of a paste that are kept; what is longer is a file, not a message.</summary>
    public const int MaxPasteBytes = 1 << 20;

    /// <summary>Bytes of one sequence that are kept; the longest known answer has about a hundred.</summary>
    public const int MaxSequenceBytes = 1024;

    /// <summary>How long a lone ESC waits for what it introduces (measured: the bytes of a key come in one read).</summary>
    public static readonly TimeSpan EscapeWait = TimeSpan.FromMilliseconds(30);

    /// <summary>How long a sequence may stand unfinished before it is given up (guess: longer than any network stall).</summary>
    public static readonly TimeSpan SequenceWait = TimeSpan.FromMilliseconds(500);

    private readonly Queue<InputEvent> _events = new();
    private readonly List<byte> _sequence = [];
    private readonly PasteCollector _paste = new(MaxPasteBytes);
    private readonly byte[] _character = new byte[4];
    private int _characterLength;
    private KeyModifiers _alt;
    private State _state;

    private enum State
    {
        Ground,
        Escape,
        Control,
        LinuxFunction,
        SingleShift,
        Command,
        Device,
        Program,
        Paste,
    }

    /// <summary>When <see cref="HandleDeadline"/> is due; null when nothing is unfinished.</summary>
    public TimeSpan? NextDeadline { get; private set; }

    /// <summary>Takes what was read from the terminal.</summary>
    public void HandleInput(TimeSpan now, ReadOnlySpan<byte> bytes)
    {
        HandleDeadline(now);
        while (!bytes.IsEmpty)
        {
            if (_state == State.Paste)
            {
                if (_paste.TryFinish(bytes, out var used, out var paste))
                {
                    _state = State.Ground;
                    Emit(paste);
                }

                bytes = bytes[used..];
                continue;
            }

            Step(bytes[0]);
            bytes = bytes[1..];
        }

        NextDeadline = _state switch
        {
            State.Ground when _characterLength == 0 => null,
            State.Paste => null,
            _ when IsIntroducerOnly => now + EscapeWait,
            _ => now + SequenceWait,
        };
    }

    /// <summary>Ends what has waited long enough: a lone ESC was the Escape key. Early calls do nothing.</summary>
    public void HandleDeadline(TimeSpan now)
    {
        if (NextDeadline is not { } deadline || now < deadline)
        {
            return;
        }

        NextDeadline = null;
        FlushCharacter();
        switch (_state)
        {
            case State.Ground or State.Paste:
                return;
            case State.Escape:
                Emit(KeySequences.FromRune(new Rune(0x1B), _alt));
                break;
            case State.Control when IsIntroducerOnly:
                EmitAlt('[');
                break;
            case State.SingleShift:
                EmitAlt('O');
                break;
            case State.Command when IsIntroducerOnly:
                EmitAlt(']');
                break;
            case State.Device when IsIntroducerOnly:
                EmitAlt('P');
                break;
            case State.Program when IsIntroducerOnly:
                EmitAlt('_');
                break;
            default:
                EmitUnrecognized();
                break;
        }

        ToGround();
    }

    /// <summary>Takes the next event, if there is one.</summary>
    public bool TryTakeEvent(out InputEvent input) => _events.TryDequeue(out input!);

    private bool IsIntroducerOnly =>
        _state is State.Escape or State.SingleShift || (_state != State.Ground && _sequence.Count == 0);

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
            case State.Control:
                Control(value);
                break;
            case State.LinuxFunction:
                Finish(KeySequences.FromLinuxConsole(value), value);
                break;
            case State.SingleShift:
                SingleShift(value);
                break;
            default:
                Text(value);
                break;
        }
    }

    private void Ground(byte value)
    {
        if (value == 0x1B)
        {
            FlushCharacter();
            (_state, _alt) = (State.Escape, KeyModifiers.None);
            return;
        }

        Character(value, KeyModifiers.None);
    }

    // UTF-8 in pieces; each maximal malformed part becomes one U+FFFD
    private void Character(byte value, KeyModifiers modifiers)
    {
        if (_characterLength == 0 && value < 0x80)
        {
            Emit(KeySequences.FromRune(new Rune(value), modifiers));
            _alt = KeyModifiers.None;
            return;
        }

        _alt = _characterLength == 0 ? modifiers : _alt;
        _character[_characterLength++] = value;
        while (_characterLength > 0)
        {
            var status = Rune.DecodeFromUtf8(
                _character.AsSpan(0, _characterLength),
                out var rune,
                out var used
            );
            if (status == OperationStatus.NeedMoreData)
            {
                return;
            }

            Emit(KeySequences.FromRune(rune, _alt));
            _character.AsSpan(used, _characterLength - used).CopyTo(_character);
            _characterLength -= used;
            _alt = KeyModifiers.None;
        }
    }

    private void FlushCharacter()
    {
        if (_characterLength > 0)
        {
            _characterLength = 0;
            Emit(KeySequences.FromRune(Rune.ReplacementChar, _alt));
            _alt = KeyModifiers.None;
        }
    }

    private void Escape(byte value)
    {
        _sequence.Clear();
        switch (value)
        {
            case (byte)'[':
                _state = State.Control;
                break;
            case (byte)'O':
                _state = State.SingleShift;
                break;
            case (byte)']':
                _state = State.Command;
                break;
            case (byte)'P':
                _state = State.Device;
                break;
            case (byte)'_':
                _state = State.Program;
                break;
            case 0x1B:
                // ESC ESC [ A is Alt with an arrow; ESC ESC alone is Alt with Escape
                _alt = KeyModifiers.Alt;
                break;
            default:
                _state = State.Ground;
                Character(value, KeyModifiers.Alt);
                break;
        }
    }

    private void Control(byte value)
    {
        switch (value)
        {
            case (byte)'[' when _sequence.Count == 0:
                _state = State.LinuxFunction;
                _sequence.Add(value);
                break;
            case 0x1B:
                Restart();
                break;
            case 0x18 or 0x1A:
                EmitUnrecognized();
                ToGround();
                break;
            case >= 0x20 and <= 0x3F:
                Keep(value);
                break;
            case >= 0x40 and <= 0x7E:
                FinishControl(value);
                break;
            default:
                // A control or a byte of UTF-8 has no place here: the sequence is broken, the byte is not
                EmitUnrecognized();
                ToGround();
                Ground(value);
                break;
        }
    }

    private void FinishControl(byte final)
    {
        if (final == '~' && Is("200"u8))
        {
            ToGround();
            _state = State.Paste;
            return;
        }

        Finish(
            _sequence.Count >= MaxSequenceBytes ? null : KeySequences.FromControl([.. _sequence], final),
            final
        );
    }

    private void SingleShift(byte value)
    {
        if (value == 0x1B)
        {
            EmitAlt('O');
            (_state, _alt) = (State.Escape, KeyModifiers.None);
            return;
        }

        if (KeySequences.FromSingleShift(value) is { } key)
        {
            Finish(key, value);
            return;
        }

        // Not a key of the keypad: Alt+O, and then something else
        EmitAlt('O');
        ToGround();
        Ground(value);
    }

    // Operating system command or device string, up to ST (ESC \), BEL, CAN or SUB
    private void Text(byte value)
    {
        var endsWithEscape = _sequence.Count > 0 && _sequence[^1] == 0x1B;
        if (endsWithEscape)
        {
            _sequence.RemoveAt(_sequence.Count - 1);
            if (value == '\\')
            {
                FinishText();
                return;
            }

            // ESC without \ breaks off the string and begins something new
            EmitUnrecognized();
            ToGround();
            (_state, _alt) = (State.Escape, KeyModifiers.None);
            Escape(value);
            return;
        }

        switch (value)
        {
            case 0x07:
                FinishText();
                break;
            case 0x18 or 0x1A:
                EmitUnrecognized();
                ToGround();
                break;
            case 0x1B:
                _sequence.Add(value);
                break;
            default:
                Keep(value);
                break;
        }
    }

    private void FinishText()
    {
        var text = Encoding.UTF8.GetString([.. _sequence]);
        InputEvent? reply = _state switch
        {
            _ when _sequence.Count >= MaxSequenceBytes => null,
            State.Command => new InputEvent.CommandReply(text),
            State.Program => text.StartsWith('G') ? new InputEvent.GraphicsReply(text[1..]) : null,
            _ when text.StartsWith(">|", StringComparison.Ordinal) => new InputEvent.TerminalName(text[2..]),
            _ => null,
        };
        if (reply is null)
        {
            EmitUnrecognized();
        }
        else
        {
            Emit(reply);
        }

        ToGround();
    }

    private void Finish(InputEvent? input, byte final)
    {
        if (input is null)
        {
            Keep(final);
            EmitUnrecognized();
        }
        else
        {
            Emit(WithAlt(input));
        }

        ToGround();
    }

    private InputEvent WithAlt(InputEvent input) =>
        input is InputEvent.Key key
            ? new InputEvent.Key(key.Stroke with { Modifiers = key.Stroke.Modifiers | _alt })
            : input;

    private void Restart()
    {
        EmitUnrecognized();
        ToGround();
        _state = State.Escape;
    }

    private void ToGround()
    {
        _state = State.Ground;
        _alt = KeyModifiers.None;
        _sequence.Clear();
    }

    private void Keep(byte value)
    {
        if (_sequence.Count < MaxSequenceBytes)
        {
            _sequence.Add(value);
        }
    }

    private bool Is(ReadOnlySpan<byte> body) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_sequence).SequenceEqual(body);

    private void EmitAlt(char character) => Emit(new InputEvent.Key(KeyStroke.Alt(character)));

    private void EmitUnrecognized()
    {
        var introducer = _state switch
        {
            State.Control or State.LinuxFunction => "[",
            State.Command => "]",
            State.Device => "P",
            State.Program => "_",
            _ => "",
        };
        Emit(new InputEvent.Unrecognized(introducer + Encoding.Latin1.GetString([.. _sequence])));
    }

    private void Emit(InputEvent? input)
    {
        if (input is not null)
        {
            _events.Enqueue(input);
        }
    }
}
