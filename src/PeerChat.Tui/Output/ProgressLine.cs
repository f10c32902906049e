using System.Globalization;
using PeerChat.Node.Files;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Output;

/// <summary>How far work on files is, on one line of standard error: in place on a terminal, now and then in a log.</summary>
/// <param name="output">Standard error.</param>
/// <param name="isLog">Whether it is no terminal.</param>
internal sealed class ProgressLine(TextWriter output, bool isLog) : IDisposable
{
    /// <summary>What is over before anybody could read of it is not told.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private const int LinesPerLogged = 40;

    private TimeSpan _lastLogged;
    private int _shown;
    private int _width;

    /// <summary>Shows a line of another kind; some four come a second, of which a log gets one in ten seconds.</summary>
    public void Show(string line)
    {
        line = PlainText.Clean(line);
        if (isLog)
        {
            if (_shown++ % LinesPerLogged == 0)
            {
                output.WriteLine("peerchat: " + line);
            }

            return;
        }

        var width = Terminal.Text.TextWidth.Of(line);
        output.Write('\r' + line + new string(' ', Math.Max(0, _width - width)));
        _width = width;
    }

    /// <summary>Shows how far it is.</summary>
    public void Show(FileProgress progress)
    {
        if (isLog)
        {
            if (progress.Elapsed - _lastLogged >= LogInterval)
            {
                _lastLogged = progress.Elapsed;
                output.WriteLine("peerchat: " + Format(progress));
            }
        }
        else if (progress.Elapsed >= Patience)
        {
            var line = Format(progress);
            output.Write('\r' + line + new string(' ', Math.Max(0, _width - line.Length)));
            _width = line.Length;
        }
    }

    /// <summary>Takes the line away, so that others can write.</summary>
    public void Clear()
    {
        if (_width > 0)
        {
            output.Write('\r' + new string(' ', _width) + '\r');
            _width = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>The line: <c>42 %  430.1 MB of 1.0 GB  212.3 MB/s  3 s left</c>.</summary>
    internal static string Format(FileProgress progress)
    {
        var parts = new List<string>();
        if (progress.Total is > 0 and { } total)
        {
            // Rounded down: 100 % is said of nothing that is not done
            parts.Add($"{Math.Min(99, (int)(100.0 * progress.Done / total))} %");
            parts.Add(Words.Of($"{Bytes(progress.Done)} of {Bytes(total)}"));
        }
        else
        {
            parts.Add(Bytes(progress.Done));
        }

        if (progress.Rate > 0)
        {
            parts.Add(Bytes((long)progress.Rate) + "/s");
        }

        if (progress.Left is { } left)
        {
            parts.Add(Words.Of($"{Time(left)} left"));
        }

        return string.Join("  ", parts);
    }

    /// <summary>A number of bytes, in powers of a thousand.</summary>
    internal static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 999.95 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    /// <summary>A duration, as short as it can be read.</summary>
    internal static string Time(TimeSpan time) =>
        time.TotalSeconds < 60 ? $"{Math.Ceiling(time.TotalSeconds):0} s"
        : time.TotalMinutes < 60 ? string.Concat((int)time.TotalMinutes, " min ", time.Seconds, " s")
        : $"{(int)Math.Min(time.TotalHours, 9999)} h {time.Minutes} min";
}
