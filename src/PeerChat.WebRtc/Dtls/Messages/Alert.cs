namespace PeerChat.WebRtc.Dtls.Messages;

/// <summary>An alert: level and description (RFC 5246 section 7.2).</summary>
/// <param name="IsFatal">Whether the connection is over; otherwise it is a warning.</param>
/// <param name="Description">Why; unnamed values can occur.</param>
internal readonly record struct Alert(bool IsFatal, AlertDescription Description)
{
    /// <summary>Bytes of an alert.</summary>
    public const int Size = 2;

    private const byte Warning = 1;
    private const byte Fatal = 2;

    /// <summary>Reads one alert, which must fill its record.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out Alert alert)
    {
        alert = default;
        if (source.Length != Size || source[0] is not (Warning or Fatal))
        {
            return false;
        }

        alert = new Alert(source[0] == Fatal, (AlertDescription)source[1]);
        return true;
    }

    /// <summary>Writes the two bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = IsFatal ? Fatal : Warning;
        destination[1] = (byte)Description;
    }
}
