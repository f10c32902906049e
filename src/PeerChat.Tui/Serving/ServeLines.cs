using PeerChat.Server.Contract;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Serving;

/// <summary>What the PeerServer says, as sentences.</summary>
internal static class ServeLines
{
    /// <summary>The sentence of an event; null where there is none.</summary>
    public static string? Of(ServeEvent happened) =>
        happened.Event switch
        {
            "listening" => Words.Of($"Listening; people name it --peerserver {happened.Url}"),
            "metrics" => Words.Of($"Metrics for this machine alone: {happened.Url}"),
            "certificate" => Words.Of($"The certificate in {happened.Url} holds until {happened.Until}."),
            "certificate-failed" => Words.Of(
                $"The certificate stays the one from before: {Problem(happened)}"
            ),
            "activity" => ActivityOf(happened),
            "refused" => happened.Address is { } address
                ? Words.Of($"Refused {address}: {Reason(happened.Problem)}.")
                : Words.Of($"Refused: {Reason(happened.Problem)}."),
            "failed" => Problem(happened),
            "stopped" => Words.Of("The server has ended."),
            _ => null,
        };

    private static string ActivityOf(ServeEvent happened)
    {
        var users = Words.Count(
            happened.Users ?? 0,
            $"{happened.Users ?? 0} user",
            $"{happened.Users ?? 0} users"
        );
        var messages = Words.Count(
            happened.Messages ?? 0,
            $"{happened.Messages ?? 0} message in the last minute",
            $"{happened.Messages ?? 0} messages in the last minute"
        );
        return happened.Refused is { } refused and > 0
            ? Words.Of($"{users}, {messages}, refused {refused} times.")
            : Words.Of($"{users}, {messages}.");
    }

    private static string Problem(ServeEvent happened) =>
        happened.Problem switch
        {
            "in-use" => Words.Of(
                $"Another program uses the port of {happened.Url}; name another with --listen, or end that program."
            ),
            "not-allowed" => Words.Of(
                $"The system does not let you listen on {happened.Url}; ports below 1024 are for administrators. A reverse proxy, or CAP_NET_BIND_SERVICE, helps."
            ),
            "no-such-address" => Words.Of(
                $"This machine has no address of {happened.Url}; --listen '*:PORT' takes all it has."
            ),
            "listen" => Words.Of(
                $"The server cannot listen on {happened.Url} ({happened.Detail}); --listen takes HOST:PORT, with an IP address, localhost or * as HOST."
            ),
            "certificate" => Words.Of(
                $"The certificate {happened.Url} cannot be used ({happened.Detail}); it has to be a PEM file with the chain."
            ),
            "private-key" => Words.Of(
                $"The private key {happened.Url} cannot be used ({happened.Detail}); it has to be a PEM file without a passphrase, and belong to the certificate."
            ),
            _ => Words.Of($"The server has a fault: {happened.Detail}"),
        };

    private static string Reason(string? problem) =>
        problem switch
        {
            "parameters" => Words.Of("id, token or key are missing or not of their form"),
            "key" => Words.Of("another key"),
            "id-taken" => Words.Of("the id is somebody else's"),
            "full" => Words.Of("as many users as there may be"),
            "address" => Words.Of("too many connections from one address"),
            "too-long" => Words.Of("a message that is too long"),
            "rate" => Words.Of("too many messages"),
            "nonsense" => Words.Of("messages that are none"),
            "slow" => Words.Of("does not read what is for it"),
            _ => Words.Of("has said nothing for too long"),
        };
}
