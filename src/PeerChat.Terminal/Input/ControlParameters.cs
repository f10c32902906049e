namespace PeerChat.Terminal.Input;

/// <summary>The parts of a control sequence: private mark, numbers with their sub-numbers, intermediate and final byte.</summary>
internal readonly ref struct ControlParameters
{
    /// <summary>Numbers kept; the longest sequence understood here has six.</summary>
    private const int MaxNumbers = 16;

    private const int MaxValue = 0x10FFFF;

    private readonly Span<int> _numbers;
    private readonly Span<bool> _isSub;

    /// <summary>Takes the body apart.</summary>
    /// <param name="body">What stands between CSI and the final byte.</param>
    /// <param name="numbers">Room for <see cref="Capacity"/> numbers.</param>
    /// <param name="isSub">Room for as many flags.</param>
    public ControlParameters(ReadOnlySpan<byte> body, Span<int> numbers, Span<bool> isSub)
    {
        _numbers = numbers;
        _isSub = isSub;
        _numbers.Clear();
        _isSub.Clear();
        if (!body.IsEmpty && body[0] is >= (byte)'<' and <= (byte)'?')
        {
            Mark = (char)body[0];
            body = body[1..];
        }

        while (!body.IsEmpty && body[^1] is >= 0x20 and <= 0x2F)
        {
            Intermediate = (char)body[^1];
            body = body[..^1];
        }

        Count = Read(body, _numbers, _isSub);
    }

    public static int Capacity => MaxNumbers;

    /// <summary>One of <c>&lt; = &gt; ?</c>, or NUL.</summary>
    public char Mark { get; }

    /// <summary>An intermediate byte such as <c>$</c>, or NUL.</summary>
    public char Intermediate { get; }

    /// <summary>How many numbers stand there, sub-numbers not counted.</summary>
    public int Count { get; }

    /// <summary>A number by its place; 0 if it is missing.</summary>
    public int this[int index] => Sub(index, 0);

    /// <summary>A sub-number (behind a colon) by its place, where 0 is the number itself; 0 if it is missing.</summary>
    public int Sub(int index, int sub)
    {
        var number = -1;
        for (var i = 0; i < _numbers.Length; i++)
        {
            number += _isSub[i] ? 0 : 1;
            if (number == index)
            {
                for (var j = 1; j <= sub; j++)
                {
                    if (i + j >= _numbers.Length || !_isSub[i + j])
                    {
                        return 0;
                    }
                }

                return _numbers[i + sub];
            }
        }

        return 0;
    }

    private static int Read(ReadOnlySpan<byte> body, Span<int> numbers, Span<bool> isSub)
    {
        if (body.IsEmpty)
        {
            return 0;
        }

        var place = 0;
        var count = 1;
        foreach (var value in body)
        {
            if (value is >= (byte)'0' and <= (byte)'9')
            {
                numbers[place] = Math.Min(MaxValue, (numbers[place] * 10) + (value - '0'));
            }
            else if (value is (byte)';' or (byte)':' && place + 1 < numbers.Length)
            {
                place++;
                isSub[place] = value == ':';
                count += value == ';' ? 1 : 0;
            }
        }

        return count;
    }
}
