using System.Globalization;
using System.Text.Json;
using PeerChat.WebRtc;

namespace PeerChat.Node.Profiles;

/// <summary>
/// Reads what a command prints for a TURN server: a line with the user name, one with the password and, if it likes, one with the seconds that
/// they last; or the JSON of services that hand them out (W3C's RTCIceServer, draft-uberti-behave-turn-rest).
/// </summary>
internal static class CredentialsText
{
    /// <summary>Credentials that end sooner would have the command run all the time, and each renewal is another relay.</summary>
    public static readonly TimeSpan LeastLifetime = TimeSpan.FromSeconds(10);

    /// <summary>After so long they are asked for anew, whatever was said.</summary>
    public static readonly TimeSpan MostLifetime = TimeSpan.FromDays(7);

    private const int MaxDepth = 8;

    /// <summary>Reads it.</summary>
    /// <param name="text">What was printed; anything.</param>
    /// <param name="now">The present: a user name of the form SECONDS:NAME says when it ends.</param>
    public static CredentialsAnswer Read(string text, DateTimeOffset now)
    {
        var trimmed = text.Trim();
        var (username, password, lifetime) =
            trimmed.StartsWith('{') || trimmed.StartsWith('[') ? OfJson(trimmed) : OfLines(trimmed);
        if (username is null || password is null)
        {
            return Problem(
                "the command printed neither a line with a user name and one with a password nor JSON with username and credential"
            );
        }

        if (!IsFit(username) || !IsFit(password) || (lifetime is { } said && !double.IsFinite(said)))
        {
            return Problem(
                $"the command printed what is no user name and password of up to {TurnCredentials.MaxBytes} bytes"
            );
        }

        var lasts =
            lifetime is { } seconds ? FromSeconds(seconds)
            : EndOf(username) is { } end ? FromSeconds((end - now).TotalSeconds)
            : (TimeSpan?)null;
        return lasts < LeastLifetime
            ? Problem($"what the command printed ends within {LeastLifetime.TotalSeconds:0} seconds")
            : new CredentialsAnswer(new TurnCredentials(username, password, lasts), "");
    }

    private static CredentialsAnswer Problem(string problem) => new(null, problem);

    private static bool IsFit(string text) =>
        text.Length > 0
        && System.Text.Encoding.UTF8.GetByteCount(text) <= TurnCredentials.MaxBytes
        && !text.Any(char.IsControl);

    private static TimeSpan FromSeconds(double seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(seconds, 0, MostLifetime.TotalSeconds));

    // coturn's use-auth-secret and whoever does as it does
    private static DateTimeOffset? EndOf(string username)
    {
        var colon = username.IndexOf(':', StringComparison.Ordinal);
        return
            colon is >= 9 and <= 11
            && long.TryParse(
                username.AsSpan(0, colon),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seconds
            )
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }

    private static (string? Username, string? Password, double? Lifetime) OfLines(string text)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines.Count is < 2 or > 3)
        {
            return default;
        }

        return lines.Count == 2 ? (lines[0], lines[1], null)
            : Number(lines[2].Trim()) is { } seconds ? (lines[0], lines[1], seconds)
            : default;
    }

    private static (string? Username, string? Password, double? Lifetime) OfJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (Find(document.RootElement) is not { } found)
            {
                return default;
            }

            var lifetime = Seconds(found) ?? Seconds(document.RootElement);
            return (Text(found, "username"), Text(found, "credential") ?? Text(found, "password"), lifetime);
        }
        catch (JsonException)
        {
            return default; // told as what is no JSON
        }
    }

    // The first thing with a user name: services put it at the top, or into a list of servers
    private static JsonElement? Find(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when Text(element, "username") is not null:
                return element;
            case JsonValueKind.Object:
                return element
                    .EnumerateObject()
                    .Select(one => Find(one.Value))
                    .FirstOrDefault(one => one is not null);
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Find).FirstOrDefault(one => one is not null);
            default:
                return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static double? Seconds(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("ttl", out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var number) => number,
            JsonValueKind.String => Number(value.GetString()!),
            _ => null,
        };
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
