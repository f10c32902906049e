using System.Globalization;
using PeerChat.Rooms;

namespace PeerChat.Node.Engine;

/// <summary>What newcomers may read, as people write it: none, all, last N, since YYYY-MM-DD.</summary>
internal static class HistoryText
{
    private const string Date = "yyyy-MM-dd";

    /// <summary>What is wrong with a text that is none of them.</summary>
    public static readonly string Problem =
        $"History is none, all, last N (1 to {HistoryPolicy.MaxMessages:N0} messages) or since {Date.ToUpperInvariant()}.";

    /// <summary>Reads a policy.</summary>
    public static bool TryParse(string? text, out HistoryPolicy policy)
    {
        policy = HistoryPolicy.None;
        var words = (text ?? "none").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["none"]:
                return true;
            case ["all"]:
                policy = HistoryPolicy.All;
                return true;
            case ["last", var number]
                when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                policy = HistoryPolicy.Last(count);
                return policy.IsValid;
            case ["since", var day]
                when DateTimeOffset.TryParseExact(
                    day,
                    Date,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var date
                ):
                policy = new HistoryPolicy(
                    HistoryMode.Since,
                    (ulong)Math.Max(0, date.ToUnixTimeMilliseconds())
                );
                return policy.IsValid;
            default:
                return false;
        }
    }

    /// <summary>Writes a policy so that it can be read again.</summary>
    public static string Of(HistoryPolicy policy) =>
        policy.Mode switch
        {
            HistoryMode.All => "all",
            HistoryMode.Last => string.Create(CultureInfo.InvariantCulture, $"last {policy.Value}"),
            HistoryMode.Since => "since "
                + DateTimeOffset
                    .FromUnixTimeMilliseconds((long)policy.Value)
                    .ToString(Date, CultureInfo.InvariantCulture),
            _ => "none",
        };
}
