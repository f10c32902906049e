using System.Globalization;
using System.Text;
using PeerChat.Server.Exchange;

namespace PeerChat.Server.Host;

/// <summary>The figures in the text form that Prometheus reads (version 0.0.4). Nothing in it names anybody.</summary>
internal static class MetricsText
{
    /// <summary>The media type.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes them.</summary>
    public static string Of(PeerExchange exchange)
    {
        var text = new StringBuilder();
        var figures = exchange.Figures;
        Gauge(text, "peerchat_server_ids", "Ids in use.", exchange.Count);
        Gauge(
            text,
            "peerchat_server_waiting_bytes",
            "Bytes of messages for absent ids.",
            exchange.WaitingBytes
        );
        Counter(
            text,
            "peerchat_server_registered_total",
            "Ids registered, reconnections included.",
            figures.Registered
        );
        Counter(text, "peerchat_server_forwarded_total", "Messages handed on at once.", figures.Forwarded);
        Counter(
            text,
            "peerchat_server_fetched_later_total",
            "Messages that waited and were fetched.",
            figures.FetchedLater
        );
        Counter(text, "peerchat_server_expired_total", "Messages that nobody came for.", figures.Expired);
        Counter(
            text,
            "peerchat_server_overflowed_total",
            "Messages that found no place to wait.",
            figures.Overflowed
        );
        Head(text, "peerchat_server_refused_total", "Connections and messages refused.", "counter");
        foreach (var reason in Enum.GetValues<Refusal>().Where(reason => reason != Refusal.None))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"peerchat_server_refused_total{{reason=\"{RefusalWords.Of(reason)}\"}} {figures.RefusedFor(reason)}\n"
            );
        }

        return text.ToString();
    }

    private static void Gauge(StringBuilder text, string name, string help, long value)
    {
        Head(text, name, help, "gauge");
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Counter(StringBuilder text, string name, string help, long value)
    {
        Head(text, name, help, "counter");
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string help, string type) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
