namespace PeerChat.Pictures;

/// <summary>One component of a JPEG: its blocks as samples, and before that as coefficients where they come in passes.</summary>
/// <param name="id">Its name in scans.</param>
/// <param name="across">Blocks side by side in one unit.</param>
/// <param name="down">Blocks above each other in one unit.</param>
/// <param name="quantization">Its table.</param>
internal sealed class JpegComponent(byte id, int across, int down, int quantization)
{
    private const byte Grey = 128; // what did not come

    private readonly float[] _block = new float[(JpegBlock.Side * JpegBlock.Side) + 1];
    private readonly float[] _table = new float[JpegBlock.Side * JpegBlock.Side];
    private short[] _coefficients = [];
    private ulong[] _filled = [];
    private byte[] _samples = [];
    private int _stride; // blocks in a row that are held
    private int _side = JpegBlock.Side;

    /// <summary>Its name in scans.</summary>
    public byte Id => id;

    /// <summary>Blocks side by side in one unit.</summary>
    public int Across => across;

    /// <summary>Blocks above each other in one unit.</summary>
    public int Down => down;

    /// <summary>Its table.</summary>
    public int Quantization => quantization;

    /// <summary>Units of a scan of several components, across and down.</summary>
    public int UnitsAcross { get; private set; }

    /// <summary>The same, down.</summary>
    public int UnitsDown { get; private set; }

    /// <summary>Blocks of a scan of this one alone.</summary>
    public int BlocksAcross { get; private set; }

    /// <summary>The same, down.</summary>
    public int BlocksDown { get; private set; }

    /// <summary>Where each coefficient of the file is kept in a block.</summary>
    public byte[] Places { get; private set; } = [];

    /// <summary>Which coefficients of the file are kept, but for the first; a bit for each.</summary>
    public ulong Kept { get; private set; }

    /// <summary>The table of first coefficients in the scan that is read.</summary>
    public JpegHuffman? Dc { get; set; }

    /// <summary>The table of the others.</summary>
    public JpegHuffman? Ac { get; set; }

    /// <summary>The first coefficient of the block before.</summary>
    public int LastDc { get; set; }

    /// <summary>Samples in a row of the picture that is made.</summary>
    public int Width => _stride * _side;

    /// <summary>Learns how large the picture is, and how small it may be made.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="maxAcross">The most blocks side by side in a unit of any component.</param>
    /// <param name="maxDown">The same, down.</param>
    /// <param name="side">Samples that are made of a block, on each side: 1, 2, 4 or 8.</param>
    /// <param name="isProgressive">Whether it comes in passes.</param>
    public void Size(int width, int height, int maxAcross, int maxDown, int side, bool isProgressive)
    {
        UnitsAcross = Ceiling(width, JpegBlock.Side * maxAcross);
        UnitsDown = Ceiling(height, JpegBlock.Side * maxDown);
        BlocksAcross = Ceiling(Ceiling(width * across, maxAcross), JpegBlock.Side);
        BlocksDown = Ceiling(Ceiling(height * down, maxDown), JpegBlock.Side);
        _stride = UnitsAcross * across;
        _side = side;
        Places = JpegBlock.PlacesOf(side);
        for (var at = 1; at < Places.Length; at++)
        {
            Kept |= Places[at] < side * side ? 1UL << at : 0;
        }

        var blocks = _stride * UnitsDown * down;
        if (isProgressive)
        {
            _coefficients = new short[blocks * side * side];
            _filled = new ulong[blocks];
        }
        else
        {
            _samples = new byte[blocks * side * side];
            _samples.AsSpan().Fill(Grey);
        }
    }

    /// <summary>Learns by what coefficients are to be multiplied: numbers in the order of rows.</summary>
    public void SetTable(ReadOnlySpan<ushort> table)
    {
        for (var at = 0; at < _table.Length; at++)
        {
            _table[at] = table[JpegBlock.ZigZag[at]];
        }
    }

    /// <summary>Reads a block and makes samples of it; false where the bits make no sense.</summary>
    public bool TryReadBlock(ref JpegBits bits, int x, int y)
    {
        var block = _block.AsSpan(0, (_side * _side) + 1);
        var isRead = JpegScan.TryReadWhole(ref bits, this, _table, block, out var filled);
        if (isRead)
        {
            Transform(block, filled, x, y);
        }

        block.Clear();
        return isRead;
    }

    /// <summary>Reads what a pass has of a block; false where the bits make no sense.</summary>
    public bool TryReadBlock(ref JpegBits bits, JpegScan scan, int x, int y)
    {
        var index = (y * _stride) + x;
        var kept = _side * _side;
        return scan.TryRead(ref bits, this, _coefficients.AsSpan(index * kept, kept), ref _filled[index]);
    }

    /// <summary>Makes samples of the coefficients that came in passes.</summary>
    public void Complete()
    {
        if (_samples.Length > 0)
        {
            return;
        }

        _samples = new byte[_coefficients.Length];
        var kept = _side * _side;
        Span<float> table = stackalloc float[kept];
        for (var at = 0; at < Places.Length; at++)
        {
            if (Places[at] < kept)
            {
                table[Places[at]] = _table[at];
            }
        }

        var block = _block.AsSpan(0, kept);
        for (var index = 0; index < _filled.Length; index++)
        {
            var coefficients = _coefficients.AsSpan(index * kept, kept);
            for (var at = 0; at < kept; at++)
            {
                block[at] = coefficients[at] * table[at];
            }

            Transform(block, _filled[index], index % _stride, index / _stride);
        }

        (_coefficients, _filled) = ([], []);
    }

    /// <summary>The samples beside a row of the picture, which has as many rows for a unit as its tallest component.</summary>
    public ReadOnlySpan<byte> Row(int y, int maxDown) => _samples.AsSpan(y * down / maxDown * Width, Width);

    private void Transform(ReadOnlySpan<float> block, ulong filled, int x, int y) =>
        JpegBlock.Transform(
            _side,
            block,
            (filled & Kept) == 0,
            _samples.AsSpan((y * _side * Width) + (x * _side)),
            Width
        );

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}
