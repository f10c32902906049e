namespace PeerChat.Rooms.Files;

/// <summary>Reads a CAR of version 1 as its bytes come; every block is verified, and at most one is held.</summary>
public sealed class CarReader
{
    private const int MaxSection = Cid.Size + FileLimits.MaxBlock;

    // The pragma of version 2: an array of one map {"version": 2}, eleven bytes with the length.
    private static readonly byte[] Pragma2 = [0x0A, 0xA1, 0x67, .. "version"u8, 0x02];

    private readonly byte[] _buffer = new byte[Varint.MaxSize + MaxSection];
    private int _start;
    private int _end;
    private Cid? _root;

    /// <summary>The root that the header names; null until it was read.</summary>
    public Cid? Root => _root;

    /// <summary>What is wrong; nothing is read from then on.</summary>
    public CarProblem Problem { get; private set; }

    /// <summary>Takes the next bytes, as many as there is room for.</summary>
    /// <returns>How many were taken; take blocks before giving more.</returns>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var count = Math.Min(bytes.Length, _buffer.Length - _end);
        bytes[..count].CopyTo(_buffer.AsSpan(_end));
        _end += count;
        return count;
    }

    /// <summary>Takes the next whole block; valid until the next call of <see cref="Append"/>.</summary>
    public bool TryTakeBlock(out Cid cid, out ReadOnlyMemory<byte> block)
    {
        (cid, block) = (default, default);
        if (Problem != CarProblem.None || !TryTakeSection(out var section))
        {
            return false;
        }

        if (_root is null)
        {
            if (!CarWriter.TryParseHeader(section.Span, out var root))
            {
                Problem = CarProblem.NotACar;
                return false;
            }

            _root = root;
            return TryTakeBlock(out cid, out block);
        }

        if (section.Length < Cid.Size || !Cid.TryParse(section.Span[..Cid.Size], out cid))
        {
            Problem = CarProblem.UnknownCid;
            return false;
        }

        block = section[Cid.Size..];
        if (!cid.Names(block.Span))
        {
            Problem = CarProblem.WrongBlock;
            return false;
        }

        return true;
    }

    /// <summary>Says that no more bytes come.</summary>
    public void Complete()
    {
        if (Problem == CarProblem.None && (_root is null || _start < _end))
        {
            Problem = _root is null ? CarProblem.NotACar : CarProblem.CutOff;
        }
    }

    private bool TryTakeSection(out ReadOnlyMemory<byte> section)
    {
        section = default;
        if (_start == _end)
        {
            return false;
        }

        ReadOnlySpan<byte> source = _buffer.AsSpan(_start.._end);
        if (_root is null && source.StartsWith(Pragma2))
        {
            Problem = CarProblem.Version2;
            return false;
        }

        var before = source.Length;
        if (!Varint.TryRead(ref source, out var length))
        {
            if (before >= Varint.MaxSize)
            {
                Problem = _root is null ? CarProblem.NotACar : CarProblem.BadSection;
            }

            return false;
        }

        var most = _root is null ? CarWriter.HeaderSize - 1 : MaxSection;
        if (length == 0 || length > (ulong)most)
        {
            Problem = _root is null ? CarProblem.NotACar : CarProblem.BadSection;
            return false;
        }

        if (length > (ulong)source.Length)
        {
            return false;
        }

        var at = _end - source.Length;
        section = _buffer.AsMemory(at, (int)length);
        _start = at + (int)length;
        return true;
    }
}
