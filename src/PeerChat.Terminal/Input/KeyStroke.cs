using System.Text;

namespace PeerChat.Terminal.Input;

/// <summary>A key with the modifiers held.</summary>
/// <param name="Code">Which key.</param>
/// <param name="Modifiers">The modifiers that the terminal told of; Shift is part of the character where it types one.</param>
/// <param name="Character">The character of a <see cref="KeyCode.Character"/> key; with Ctrl the small letter.</param>
/// <param name="Function">The number of a <see cref="KeyCode.Function"/> key.</param>
public readonly record struct KeyStroke(
    KeyCode Code,
    KeyModifiers Modifiers = KeyModifiers.None,
    Rune Character = default,
    int Function = 0
)
{
    /// <summary>Whether the key types its character, with neither Ctrl, Alt nor Super.</summary>
    public bool IsText =>
        Code == KeyCode.Character
        && (Modifiers & (KeyModifiers.Ctrl | KeyModifiers.Alt | KeyModifiers.Super)) == KeyModifiers.None;

    /// <summary>A key that types a character.</summary>
    public static KeyStroke Of(char character, KeyModifiers modifiers = KeyModifiers.None) =>
        new(KeyCode.Character, modifiers, new Rune(character));

    /// <summary>A letter with Ctrl.</summary>
    public static KeyStroke Ctrl(char letter) => Of(letter, KeyModifiers.Ctrl);

    /// <summary>A character with Alt.</summary>
    public static KeyStroke Alt(char letter) => Of(letter, KeyModifiers.Alt);

    /// <summary>Whether this is the key with exactly these modifiers.</summary>
    public bool Is(KeyCode code, KeyModifiers modifiers = KeyModifiers.None) =>
        Code == code && Modifiers == modifiers;

    /// <summary>Whether this is a character with Ctrl alone.</summary>
    public bool IsCtrl(char letter) => this == Ctrl(letter);

    /// <summary>Whether this is a character with Alt alone.</summary>
    public bool IsAlt(char letter) => this == Alt(letter);

    /// <summary>The key as people write it: <c>Ctrl+a</c>, <c>Alt+Shift+Up</c>, <c>F5</c>.</summary>
    public override string ToString()
    {
        var name = Code switch
        {
            KeyCode.Character when Character.Value == ' ' => "Space",
            KeyCode.Character => Character.ToString(),
            KeyCode.Function => $"F{Function}",
            _ => Code.ToString(),
        };
        return (Modifiers.HasFlag(KeyModifiers.Super) ? "Super+" : "")
            + (Modifiers.HasFlag(KeyModifiers.Ctrl) ? "Ctrl+" : "")
            + (Modifiers.HasFlag(KeyModifiers.Alt) ? "Alt+" : "")
            + (Modifiers.HasFlag(KeyModifiers.Shift) ? "Shift+" : "")
            + name;
    }
}
