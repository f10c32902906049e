using System.Text;

namespace PeerChat.Terminal.Input;

/// <summary>Collects the bytes of a bracketed paste up to its end mark.</summary>
internal sealed class PasteCollector(int maxBytes)
{
    private readonly List<byte> _bytes = [];
    private int _matched;
    private bool _isCut;

    private static ReadOnlySpan<byte> EndMark => "\e[201~"u8;

    /// <summary>Takes bytes up to the end mark; true when it was found, with the number of bytes used.</summary>
    public bool TryFinish(ReadOnlySpan<byte> bytes, out int used, out InputEvent.Paste? paste)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = bytes[i];
            if (value == EndMark[_matched])
            {
                _matched++;
                if (_matched == EndMark.Length)
                {
                    used = i + 1;
                    paste = new InputEvent.Paste(Normalize(Encoding.UTF8.GetString([.. _bytes])), _isCut);
                    Clear();
                    return true;
                }

                continue;
            }

            // The start of the mark was text after all; it can only begin anew with ESC
            Add(EndMark[.._matched]);
            _matched = value == EndMark[0] ? 1 : 0;
            if (_matched == 0)
            {
                Add([value]);
            }
        }

        used = bytes.Length;
        paste = null;
        return false;
    }

    private static string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\r')
            {
                result.Append('\n');
                i += i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
            }
            else if (character is '\n' or '\t' || !char.IsControl(character))
            {
                result.Append(character);
            }
        }

        return result.ToString();
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Count + bytes.Length > maxBytes)
        {
            _isCut = true;
            return;
        }

        _bytes.AddRange(bytes);
    }

    private void Clear()
    {
        _bytes.Clear();
        _bytes.TrimExcess();
        _matched = 0;
        _isCut = false;
    }
}
