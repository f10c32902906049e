namespace PeerChat.Pictures;

/// <summary>One component of a JPEG: its blocks, first as coefficients, then as samples.</summary>
/// <param name="id">Its name in scans.</param>
/// <param name="across">Blocks side by side in one unit.</param>
/// <param name="down">Blocks above each other in one unit.</param>
/// <param name="quantization">Its table.</param>
internal sealed class JpegComponent(byte id, int across, int down, int quantization)
{
    private short[] _coefficients = [];
    private byte[] _samples = [];
    private int _stride; // blocks in a row that are held
    private int _perBlock = 64;
    private int _width;
    private int _height;
    private int _maxAcross;
    private int _maxDown;

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

    /// <summary>The table of first coefficients in the scan that is read.</summary>
    public JpegHuffman? Dc { get; set; }

    /// <summary>The table of the others.</summary>
    public JpegHuffman? Ac { get; set; }

    /// <summary>The first coefficient of the block before.</summary>
    public int LastDc { get; set; }

    /// <summary>Learns how large the picture is.</summary>
    public void Size(int width, int height, int maxAcross, int maxDown, bool onlyMeans)
    {
        (_maxAcross, _maxDown) = (maxAcross, maxDown);
        UnitsAcross = Ceiling(width, 8 * maxAcross);
        UnitsDown = Ceiling(height, 8 * maxDown);
        BlocksAcross = Ceiling(Ceiling(width * across, maxAcross), 8);
        BlocksDown = Ceiling(Ceiling(height * down, maxDown), 8);
        _stride = UnitsAcross * across;
        _perBlock = onlyMeans ? 1 : 64;
        _coefficients = new short[_stride * UnitsDown * down * _perBlock];
        (_width, _height) = onlyMeans ? (_stride, UnitsDown * down) : (_stride * 8, UnitsDown * down * 8);
    }

    /// <summary>The coefficients of a block, in their natural order.</summary>
    public Span<short> Block(int x, int y) =>
        _coefficients.AsSpan(((y * _stride) + x) * _perBlock, _perBlock);

    /// <summary>Makes samples of all coefficients.</summary>
    public void Transform(ReadOnlySpan<ushort> table)
    {
        _samples = new byte[_width * _height];
        Span<int> block = stackalloc int[64];
        for (var index = 0; index < _coefficients.Length / _perBlock; index++)
        {
            var (x, y) = (index % _stride, index / _stride);
            if (_perBlock == 1)
            {
                _samples[index] = JpegBlock.Mean(_coefficients[index], table[0]);
                continue;
            }

            JpegBlock.Transform(
                _coefficients.AsSpan(index * 64, 64),
                table,
                block,
                _samples.AsSpan((y * 8 * _width) + (x * 8)),
                _width
            );
        }

        _coefficients = [];
    }

    /// <summary>The sample at a place of the picture.</summary>
    public int Sample(int x, int y) => _samples[(y * down / _maxDown * _width) + (x * across / _maxAcross)];

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}
