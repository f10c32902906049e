using PeerChat.Server.Contract;
using PeerChat.Server.Exchange;

namespace PeerChat.Server.Host;

/// <summary>Tells once a minute what went on, and the first refusal of a kind in that minute: whoever floods fills no disk.</summary>
internal sealed class ActivityLog(ServeLog log, ServeSettings settings)
{
    /// <summary>How often it is told.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HashSet<Refusal> _told = [];
    private long _forwarded;
    private long _refused;
    private int _users;

    /// <summary>Something was refused.</summary>
    public void Refused(Refusal reason, string address)
    {
        lock (_lock)
        {
            if (!_told.Add(reason))
            {
                return;
            }
        }

        log.Write(
            ServeLog.New("refused") with
            {
                Problem = RefusalWords.Of(reason),
                Address = settings.LogsAddresses ? address : null,
            }
        );
    }

    /// <summary>A minute is over.</summary>
    public void Tell(PeerExchange exchange)
    {
        var figures = exchange.Figures;
        var forwarded = figures.Forwarded + figures.FetchedLater;
        var refused = Enum.GetValues<Refusal>()
            .Where(reason => reason != Refusal.None)
            .Sum(figures.RefusedFor);
        lock (_lock)
        {
            _told.Clear();
            if (forwarded == _forwarded && refused == _refused && exchange.Count == _users)
            {
                return;
            }

            log.Write(
                ServeLog.New("activity") with
                {
                    Users = exchange.Count,
                    Messages = forwarded - _forwarded,
                    Refused = refused - _refused,
                }
            );
            (_forwarded, _refused, _users) = (forwarded, refused, exchange.Count);
        }
    }
}
