using System.Text;

namespace PeerChat.Terminal.Host;

/// <summary>Makes of a Windows console's input records what a terminal would send, without any call of the system.</summary>
internal sealed class WindowsInput
{
    private readonly StringBuilder _text = new();

    /// <summary>Takes in records in their order.</summary>
    /// <param name="records">They, as ReadConsoleInputW gives them.</param>
    /// <param name="resized">Whether the window has changed its size.</param>
    /// <returns>What was typed, as UTF-8; half of a surrogate pair waits for the other.</returns>
    public byte[] Take(ReadOnlySpan<WindowsCalls.InputRecord> records, out bool resized)
    {
        resized = false;
        foreach (var record in records)
        {
            if (record.Kind == WindowsCalls.WindowSizeEvent)
            {
                resized = true;
            }
            else if (record is { Kind: WindowsCalls.KeyEvent, Character: not 0 } && IsTyped(record))
            {
                _text.Append((char)record.Character, Math.Max(1, (int)record.Repeats));
            }
        }

        var length = _text.Length > 0 && char.IsHighSurrogate(_text[^1]) ? _text.Length - 1 : _text.Length;
        var bytes = Encoding.UTF8.GetBytes(_text.ToString(0, length));
        _text.Remove(0, length);
        return bytes;
    }

    // A character entered by its number on the number pad comes when Alt goes up
    private static bool IsTyped(WindowsCalls.InputRecord record) =>
        record.IsKeyDown != 0 || record.VirtualKey == WindowsCalls.AltKey;
}
