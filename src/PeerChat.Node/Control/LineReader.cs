namespace PeerChat.Node.Control;

/// <summary>Reads lines from a stream; memory is bounded whatever the other side sends.</summary>
/// <param name="stream">Where the bytes come from.</param>
/// <param name="maxBytes">The longest line, its end not counted.</param>
/// <remarks>A line ends with \n; a \r before it is dropped. What stands before the end of the stream is a line too.</remarks>
internal sealed class LineReader(Stream stream, int maxBytes)
{
    /// <summary>What a reader that waits for a line holds; nearly all lines fit.</summary>
    private const int FirstBytes = 4096;

    /// <summary>A greater buffer is given back after the long line that needed it.</summary>
    private const int KeptBytes = 64 * 1024;

    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _searched;
    private int _end;
    private bool _ended;

    /// <summary>What a reader holds at this moment.</summary>
    internal int BufferBytes => _buffer.Length;

    /// <summary>Whether the last line had no end, because the stream ended first.</summary>
    public bool IsUnfinished { get; private set; }

    /// <summary>The next line without its end, valid until the next call; null at the end of the stream.</summary>
    /// <exception cref="LineTooLongException">The line is longer than allowed. Nothing can be read after it.</exception>
    /// <exception cref="IOException">The stream failed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Trim(_start, _searched + length);
                _start = _searched = _searched + length + 1;
                return line;
            }

            _searched = _end;
            if (_end - _start > maxBytes + 1) // one more for a \r
            {
                throw new LineTooLongException(maxBytes);
            }

            if (_ended)
            {
                IsUnfinished = true;
                var rest = Trim(_start, _end);
                _start = _end;
                // The cast is needed: a bare null would become empty memory.
                return rest.IsEmpty ? (ReadOnlyMemory<byte>?)null : rest;
            }

            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            _ended = read == 0;
            _end += read;
        }
    }

    private ReadOnlyMemory<byte> Trim(int from, int to)
    {
        if (to > from && _buffer[to - 1] == '\r')
        {
            to--;
        }

        return to - from > maxBytes
            ? throw new LineTooLongException(maxBytes)
            : _buffer.AsMemory(from, to - from);
    }

    private void MakeRoom()
    {
        var kept = _end - _start;
        if (kept == 0 && _buffer.Length > KeptBytes)
        {
            _buffer = new byte[FirstBytes];
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        }
        else if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, maxBytes + 2L + FirstBytes));
        }

        _start = 0;
        _searched = _end = kept;
    }
}
