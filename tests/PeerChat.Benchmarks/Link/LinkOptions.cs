namespace PeerChat.Benchmarks.Link;

/// <summary>What the command line of <c>link</c> says.</summary>
/// <param name="Json">Whether each row is a JSON object on a line of its own.</param>
/// <param name="Megabits">The rate of the link.</param>
/// <param name="BufferMilliseconds">The buffer before it, as time at its rate.</param>
/// <param name="Seconds">How long each thing is measured.</param>
/// <param name="Rounds">How often; the medians count.</param>
/// <param name="RoundTrip">The round trip in milliseconds; null: 0 and 40.</param>
internal sealed record LinkOptions(
    bool Json = false,
    int Megabits = 50,
    int BufferMilliseconds = 100,
    int Seconds = 20,
    int Rounds = 1,
    int? RoundTrip = null
)
{
    /// <summary>Reads the arguments behind <c>link</c>.</summary>
    public static bool TryParse(ReadOnlySpan<string> arguments, out LinkOptions options)
    {
        options = new LinkOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--json")
            {
                options = options with { Json = true };
                continue;
            }

            if (i + 1 == arguments.Length || !int.TryParse(arguments[i + 1], out var number) || number < 0)
            {
                return false;
            }

            switch (arguments[i++])
            {
                case "--rate":
                    options = options with { Megabits = number };
                    break;
                case "--buffer":
                    options = options with { BufferMilliseconds = number };
                    break;
                case "--seconds":
                    options = options with { Seconds = number };
                    break;
                case "--rtt":
                    options = options with { RoundTrip = number };
                    break;
                case "--rounds":
                    options = options with { Rounds = number };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
