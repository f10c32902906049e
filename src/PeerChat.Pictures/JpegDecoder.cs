using System.Buffers.Binary;

namespace PeerChat.Pictures;

/// <summary>JPEG (ITU-T T.81) with Huffman coding and 8 bits: baseline, extended and progressive, one or three components, any sampling.</summary>
/// <remarks>
/// A picture that is shown smaller is decoded at a half, a quarter or an eighth: of each block only as many samples are made, of its lowest coefficients.
/// A block that comes whole becomes samples at once; only of a picture that comes in passes coefficients are kept.
/// </remarks>
internal sealed class JpegDecoder(ReadOnlyMemory<byte> file)
{
    private const int Coefficients = 64;
    private const int Baseline = 0xC0;
    private const int Extended = 0xC1;
    private const int Progressive = 0xC2;

    private readonly JpegHuffman?[] _dcTables = new JpegHuffman?[4];
    private readonly JpegHuffman?[] _acTables = new JpegHuffman?[4];
    private readonly ushort[][] _quantization =
    [
        new ushort[64],
        new ushort[64],
        new ushort[64],
        new ushort[64],
    ];
    private JpegComponent[] _components = [];
    private int _width;
    private int _height;
    private int _restart;
    private int _scans;
    private int _orientation = 1;
    private int _adobe = -1;
    private bool _isProgressive;
    private int _side = JpegBlock.Side; // samples that are made of a block

    /// <summary>The first bytes of each file.</summary>
    public static ReadOnlySpan<byte> Signature => [0xFF, 0xD8, 0xFF];

    /// <summary>Decodes; null with the problem where there is nothing to show.</summary>
    public Picture? Decode(int maxWidth, int maxHeight, out PictureProblem problem)
    {
        problem = PictureProblem.Malformed;
        var at = 2;
        var bytes = file.Span;
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xFF)
            {
                break;
            }

            var marker = bytes[at + 1];
            if (marker is 0xFF or 0x00 or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (marker == 0xD9 || length < 2 || length > bytes.Length - at - 2)
            {
                break;
            }

            var body = bytes.Slice(at + 4, length - 2);
            at += 2 + length;
            switch (marker)
            {
                case Baseline or Extended or Progressive:
                    if (
                        _components.Length > 0
                        || !TryReadFrame(body, marker, maxWidth, maxHeight, out problem)
                    )
                    {
                        return null;
                    }

                    break;
                case 0xC3 or (>= 0xC5 and <= 0xC7) or (>= 0xC9 and <= 0xCB) or (>= 0xCD and <= 0xCF):
                    problem = PictureProblem.Unsupported;
                    return null;
                case 0xC4 when !TryReadHuffman(body):
                case 0xDB when !TryReadQuantization(body):
                    return Finish(maxWidth, maxHeight);
                case 0xDD when body.Length >= 2:
                    _restart = BinaryPrimitives.ReadUInt16BigEndian(body);
                    break;
                case 0xDA:
                    if (!TryReadScan(body, ref at, out var isBounded))
                    {
                        problem = isBounded ? PictureProblem.Malformed : PictureProblem.TooLarge;
                        return isBounded ? Finish(maxWidth, maxHeight) : null;
                    }

                    break;
                case 0xE1:
                    _orientation = ExifOrientation.Read(body) ?? _orientation;
                    break;
                case 0xEE when body.Length >= 12 && body.StartsWith("Adobe"u8):
                    _adobe = body[11];
                    break;
                default:
                    break;
            }
        }

        return Finish(maxWidth, maxHeight);
    }

    private bool TryReadFrame(
        ReadOnlySpan<byte> body,
        int marker,
        int maxWidth,
        int maxHeight,
        out PictureProblem problem
    )
    {
        problem = PictureProblem.Malformed;
        if (body.Length < 6)
        {
            return false;
        }

        _height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
        _width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        int count = body[5];
        if (body[0] != 8 || count == 4 || _height == 0)
        {
            problem = PictureProblem.Unsupported;
            return false;
        }

        if (_width == 0 || count is not (1 or 3) || body.Length < 6 + (count * 3))
        {
            return false;
        }

        _isProgressive = marker == Progressive;
        _side = SideFor(maxWidth, maxHeight);
        if (!PictureDecoder.IsBounded(_width, _height, PictureLimits.MaxPixels))
        {
            problem = PictureProblem.TooLarge;
            return false;
        }

        var components = new JpegComponent[count];
        for (var index = 0; index < count; index++)
        {
            var one = body.Slice(6 + (index * 3), 3);
            var (across, down) = (one[1] >> 4, one[1] & 15);
            if (across is < 1 or > 4 || down is < 1 or > 4 || one[2] > 3)
            {
                return false;
            }

            components[index] = new JpegComponent(one[0], across, down, one[2]);
        }

        var (maxAcross, maxDown) = (components.Max(one => one.Across), components.Max(one => one.Down));
        foreach (var one in components)
        {
            one.Size(_width, _height, maxAcross, maxDown, _side, _isProgressive);
        }

        _components = components;
        return true;
    }

    private bool TryReadQuantization(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            var (isWide, table) = (body[0] >> 4, body[0] & 15);
            body = body[1..];
            if (isWide > 1 || table > 3 || body.Length < Coefficients << isWide)
            {
                return false;
            }

            for (var index = 0; index < Coefficients; index++)
            {
                _quantization[table][JpegBlock.ZigZag[index]] =
                    isWide == 1 ? BinaryPrimitives.ReadUInt16BigEndian(body[(index * 2)..]) : body[index];
            }

            body = body[(Coefficients << isWide)..];
        }

        return true;
    }

    private bool TryReadHuffman(ReadOnlySpan<byte> body)
    {
        while (body.Length >= 17)
        {
            var (kind, table) = (body[0] >> 4, body[0] & 15);
            if (kind > 1 || table > 3 || !JpegHuffman.TryRead(ref body, out var read))
            {
                return false;
            }

            (kind == 0 ? _dcTables : _acTables)[table] = read;
        }

        return body.IsEmpty;
    }

    private bool TryReadScan(ReadOnlySpan<byte> body, ref int at, out bool isBounded)
    {
        isBounded = ++_scans <= PictureLimits.MaxScans;
        if (!isBounded || _components.Length == 0 || body.IsEmpty || body[0] is < 1 or > 3)
        {
            return false;
        }

        int count = body[0];
        if (body.Length < 4 + (count * 2))
        {
            return false;
        }

        var parts = new List<JpegComponent>();
        for (var index = 0; index < count; index++)
        {
            var (id, tables) = (body[1 + (index * 2)], body[2 + (index * 2)]);
            var one = _components.FirstOrDefault(known => known.Id == id);
            if (one is null || parts.Contains(one))
            {
                return false;
            }

            (one.Dc, one.Ac) = (_dcTables[(tables >> 4) & 3], _acTables[tables & 3]);
            parts.Add(one);
        }

        var spectral = body[(1 + (count * 2))..];
        var (start, end, high, low) = (spectral[0], spectral[1], spectral[2] >> 4, spectral[2] & 15);
        if (!_isProgressive)
        {
            (start, end, high, low) = (0, 63, 0, 0);
        }

        if (
            start > end
            || end > 63
            || low > 13
            || (start == 0 && end > 0 && _isProgressive)
            || (start > 0 && count > 1)
        )
        {
            return false;
        }

        if (parts.Any(one => (start == 0 && high == 0 && one.Dc is null) || (end > 0 && one.Ac is null)))
        {
            return false;
        }

        foreach (var one in parts)
        {
            one.SetTable(_quantization[one.Quantization]);
        }

        var reader = new JpegBits(file.Span[at..]);
        if (!_isProgressive || _side > 1 || start == 0)
        {
            ReadBlocks(ref reader, parts, new JpegScan(start, end, high, low));
        }

        at += reader.SkipToMarker();
        return true;
    }

    private void ReadBlocks(ref JpegBits reader, List<JpegComponent> parts, JpegScan scan)
    {
        var isSingle = parts.Count == 1;
        var (across, down) = isSingle
            ? (parts[0].BlocksAcross, parts[0].BlocksDown)
            : (parts[0].UnitsAcross, parts[0].UnitsDown);
        var left = _restart;
        foreach (var one in parts)
        {
            one.LastDc = 0;
        }

        scan.EndOfBand = 0;
        for (var unit = 0; unit < across * down; unit++)
        {
            if (_restart > 0 && left-- == 0)
            {
                if (!reader.TryTakeRestart())
                {
                    return;
                }

                left = _restart - 1;
                scan.EndOfBand = 0;
                foreach (var one in parts)
                {
                    one.LastDc = 0;
                }
            }

            var (x, y) = (unit % across, unit / across);
            foreach (var one in parts)
            {
                var (wide, high) = isSingle ? (1, 1) : (one.Across, one.Down);
                for (var row = 0; row < high; row++)
                {
                    for (var column = 0; column < wide; column++)
                    {
                        if (!TryReadBlock(ref reader, one, scan, (x * wide) + column, (y * high) + row))
                        {
                            return; // what came so far is shown
                        }
                    }
                }
            }
        }
    }

    private bool TryReadBlock(ref JpegBits reader, JpegComponent one, JpegScan scan, int x, int y) =>
        !reader.IsOver
        && (_isProgressive ? one.TryReadBlock(ref reader, scan, x, y) : one.TryReadBlock(ref reader, x, y));

    private Picture? Finish(int maxWidth, int maxHeight)
    {
        if (_components.Length == 0 || _scans == 0)
        {
            return null;
        }

        foreach (var one in _components)
        {
            one.Complete();
        }

        var isTurned = _orientation >= 5;
        var isRgb =
            _adobe == 0
            || (_adobe < 0 && _components is [{ Id: (byte)'R' }, { Id: (byte)'G' }, { Id: (byte)'B' }]);
        return new JpegShrink(_components, isRgb, _side)
            .Make(_width, _height, isTurned ? maxHeight : maxWidth, isTurned ? maxWidth : maxHeight)
            .Turned(_orientation);
    }

    // The fewest samples of a block that still are twice the pixels that are asked for, on the side that decides; and so few that they can be held
    private int SideFor(int maxWidth, int maxHeight)
    {
        if (_orientation >= 5)
        {
            (maxWidth, maxHeight) = (maxHeight, maxWidth); // shown turned
        }

        var side = JpegBlock.Side;
        while (
            side > 1
            && (
                _width * (long)side / (JpegBlock.Side * 4) >= maxWidth
                || _height * (long)side / (JpegBlock.Side * 4) >= maxHeight
                || !PictureDecoder.IsBounded(
                    (int)(((long)_width * side) + JpegBlock.Side - 1) / JpegBlock.Side,
                    (int)(((long)_height * side) + JpegBlock.Side - 1) / JpegBlock.Side,
                    PictureLimits.MaxHeldPixels
                )
            )
        )
        {
            side /= 2;
        }

        return side;
    }
}
