namespace PeerChat.Pictures;

/// <summary>Makes a picture smaller as its rows come, each pixel the mean of those it stands for; never larger.</summary>
internal sealed class PictureScaler
{
    private readonly int _sourceWidth;
    private readonly int _sourceHeight;
    private readonly int _width;
    private readonly int _height;
    private readonly byte[] _pixels;
    private readonly ulong[] _sums;
    private readonly int[] _columns;
    private readonly uint[] _counts;
    private int _row;

    /// <summary>Begins a picture.</summary>
    /// <param name="sourceWidth">The width of the rows that come.</param>
    /// <param name="sourceHeight">How many come.</param>
    /// <param name="maxWidth">The greatest width of the result.</param>
    /// <param name="maxHeight">Its greatest height.</param>
    public PictureScaler(int sourceWidth, int sourceHeight, int maxWidth, int maxHeight)
    {
        (_sourceWidth, _sourceHeight) = (sourceWidth, sourceHeight);
        var scale = Math.Min(1.0, Math.Min((double)maxWidth / sourceWidth, (double)maxHeight / sourceHeight));
        _width = Math.Max(1, (int)Math.Round(sourceWidth * scale));
        _height = Math.Max(1, (int)Math.Round(sourceHeight * scale));
        _pixels = new byte[_width * _height * Picture.PixelSize];
        _sums = new ulong[_width * Picture.PixelSize];
        _counts = new uint[_width];
        _columns = new int[sourceWidth];
        for (var x = 0; x < sourceWidth; x++)
        {
            _columns[x] = (int)((long)x * _width / sourceWidth);
        }
    }

    /// <summary>Takes the next row: four bytes a pixel.</summary>
    public void AddRow(ReadOnlySpan<byte> row)
    {
        if (_row >= _sourceHeight)
        {
            return;
        }
        unchecked
        {
            for (var x = 0; x < _sourceWidth; x++)
            {
                var column = _columns[x];
                var at = column * Picture.PixelSize;
                _sums[at] += row[(x * 4) + 0];
                _sums[at + 1] += row[(x * 4) + 1];
                _sums[at + 2] += row[(x * 4) + 2];
                _sums[at + 3] += row[(x * 4) + 3];
                _counts[column]++;
            }
        }

        var target = TargetOf(_row);
        _row++;
        if (_row == _sourceHeight || TargetOf(_row) != target)
        {
            Flush(target);
        }
    }

    /// <summary>The picture; rows that never came are clear.</summary>
    public Picture Complete()
    {
        if (_row > 0 && _row < _sourceHeight)
        {
            Flush(TargetOf(_row));
        }

        return new Picture(_width, _height, _pixels);
    }

    private int TargetOf(int row) => (int)((long)row * _height / _sourceHeight);

    private void Flush(int row)
    {
        for (var x = 0; x < _width; x++)
        {
            for (var part = 0; part < Picture.PixelSize; part++)
            {
                var at = (x * Picture.PixelSize) + part;
                if (_counts[x] > 0)
                {
                    _pixels[(row * _width * Picture.PixelSize) + at] = (byte)(_sums[at] / _counts[x]);
                }

                _sums[at] = 0;
            }

            _counts[x] = 0;
        }
    }
}
