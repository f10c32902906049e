using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using PeerChat.Rooms.Identity.Unicode;

namespace PeerChat.Rooms.Identity;

/// <summary>A name that a person or an open room goes by: a label that its owner chose, not a proof of anything.</summary>
/// <remarks>
/// 1 to 32 code points in Normalization Form C: letters and digits of any script, combining marks after a letter, and
/// <c>_ - .</c>; begins with a letter or digit and does not end with a dot.
/// </remarks>
public sealed class DisplayName : IEquatable<DisplayName>
{
    /// <summary>Code points a name may have: it fits a column of the screen.</summary>
    public const int MaxCharacters = 32;

    /// <summary>Bytes of UTF-8 a name may have.</summary>
    public const int MaxBytes = MaxCharacters * 4;

    /// <summary>Marks on one letter; UTS #39 section 5.4 treats more than four as a sign of abuse.</summary>
    internal const int MaxMarks = 4;

    /// <summary>
    /// UTF-16 units looked at before normalising: no code point decomposes canonically into more than 4, each of at most
    /// 2 units, so a longer text cannot become a name.
    /// </summary>
    private const int MaxRawUnits = MaxCharacters * 8;

    private readonly string _text;

    private DisplayName(string text)
    {
        _text = text;
        Folded = new FoldedName(text);
    }

    /// <summary>The form in which two names are compared.</summary>
    public FoldedName Folded { get; }

    /// <summary>Makes a name of what a user typed: normalises it, then checks it.</summary>
    public static bool TryCreate(string text, [NotNullWhen(true)] out DisplayName? name, out NameError error)
    {
        name = null;
        if (text.Length > MaxRawUnits)
        {
            error = NameError.TooLong;
            return false;
        }

        error = NameError.NotText;
        if (!Nfc.TryNormalize(text, out var normalized))
        {
            return false;
        }

        error = Check(normalized);
        name = error == NameError.None ? new DisplayName(normalized) : null;
        return error == NameError.None;
    }

    /// <summary>Reads a name from another peer's UTF-8; it must be in Normalization Form C already.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8,
        [NotNullWhen(true)] out DisplayName? name,
        out NameError error
    )
    {
        name = null;
        error = NameError.TooLong;
        if (utf8.Length > MaxBytes)
        {
            return false;
        }

        error = NameError.NotText;
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(utf8);
        if (!TryCreate(text, out var made, out error))
        {
            return false;
        }

        error = string.Equals(made._text, text, StringComparison.Ordinal)
            ? NameError.None
            : NameError.NotNormalized;
        name = error == NameError.None ? made : null;
        return error == NameError.None;
    }

    /// <summary>The name of a text that is known to be one.</summary>
    /// <exception cref="ArgumentException">The text is not a name.</exception>
    public static DisplayName Of(string text) =>
        TryCreate(text, out var name, out var error)
            ? name
            : throw new ArgumentException(Explain(error), nameof(text));

    /// <summary>A sentence in English for a reason.</summary>
    public static string Explain(NameError error) =>
        error switch
        {
            NameError.None => "This is a name.",
            NameError.Empty => "A name needs at least one character.",
            NameError.TooLong => $"A name has at most {MaxCharacters} characters.",
            NameError.NotText => "The name is not valid Unicode text.",
            NameError.BadStart => "A name begins with a letter or a digit.",
            NameError.EndsWithDot => "A name does not end with a dot.",
            NameError.ForbiddenCharacter => "A name consists of letters, digits, '_', '-' and '.'.",
            NameError.InvisibleCharacter => "The name has a character that shows nothing.",
            NameError.MarkWithoutLetter => "A combining mark in a name follows a letter.",
            NameError.TooManyMarks => $"A letter in a name carries at most {MaxMarks} combining marks.",
            NameError.NotNormalized => "The name is not in Unicode Normalization Form C.",
            _ => throw new ArgumentOutOfRangeException(nameof(error)),
        };

    /// <summary>The name in UTF-8.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text);

    /// <inheritdoc/>
    public bool Equals(DisplayName? other) =>
        other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DisplayName);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static NameError Check(string text)
    {
        var count = 0;
        var marks = -1; // −1: no letter to stand on
        var last = default(Rune);
        foreach (var rune in text.EnumerateRunes())
        {
            if (InvisibleCharacters.Contains(rune.Value))
            {
                return NameError.InvisibleCharacter;
            }

            var category = Rune.GetUnicodeCategory(rune);
            var isLetter = category <= UnicodeCategory.OtherLetter;
            var isMark =
                category
                is UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark
                    or UnicodeCategory.EnclosingMark;
            var isDigit = category == UnicodeCategory.DecimalDigitNumber;
            if (!isLetter && !isMark && !isDigit && rune.Value is not ('_' or '-' or '.'))
            {
                return NameError.ForbiddenCharacter;
            }

            if (isMark && marks < 0)
            {
                return NameError.MarkWithoutLetter;
            }

            if (isMark && marks == MaxMarks)
            {
                return NameError.TooManyMarks;
            }

            if (count == 0 && !isLetter && !isDigit)
            {
                return NameError.BadStart;
            }

            marks = isMark ? marks + 1 : (isLetter ? 0 : -1);
            last = rune;
            count++;
        }

        return count switch
        {
            0 => NameError.Empty,
            > MaxCharacters => NameError.TooLong,
            _ => last.Value == '.' ? NameError.EndsWithDot : NameError.None,
        };
    }
}
