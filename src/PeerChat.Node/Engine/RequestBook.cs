using System.Globalization;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>Who asked to chat, and how that was answered: for each identity nothing, waiting, accepted or declined.</summary>
/// <remarks>
/// The states and their changes are drawn in docs/state-machines/requests.md. What waits ends with its link and is kept in memory;
/// answers are kept on disk. The book decides nothing about links and contacts, it only says what was asked and answered.
/// </remarks>
internal sealed class RequestBook
{
    /// <summary>So many requests wait for the user at once; further strangers are turned away unseen.</summary>
    public const int MaxWaiting = 16;

    private const string LastNumber = "last-request";
    private const string NamePrefix = "request-";

    private readonly AnswerTable _table;
    private readonly SettingTable _settings;
    private readonly List<WaitingRequest> _waiting = [];
    private readonly List<AnsweredRequest> _answered;

    /// <summary>Reads what is stored.</summary>
    public RequestBook(AnswerTable table, SettingTable settings)
    {
        (_table, _settings) = (table, settings);
        _answered = [.. table.ReadAll()];
    }

    /// <summary>Requests that wait, oldest first.</summary>
    public IReadOnlyList<WaitingRequest> Waiting => _waiting;

    /// <summary>Requests that were answered, oldest answer first.</summary>
    public IReadOnlyList<AnsweredRequest> Answered => _answered;

    /// <summary>Whether one more may wait.</summary>
    public bool HasRoom => _waiting.Count < MaxWaiting;

    /// <summary>The request of this name or from this full id that waits, or null.</summary>
    public WaitingRequest? FindWaiting(string request) =>
        _waiting.Find(waiting =>
            waiting.Request == request
            || (PeerIdText.TryParse(request, out var id) && waiting.Peer.PeerId == id)
        );

    /// <summary>The answer to the request of this name or from this full id, or null.</summary>
    public AnsweredRequest? FindAnswered(string request) =>
        _answered.Find(answered =>
            answered.Request == request || (PeerIdText.TryParse(request, out var id) && answered.PeerId == id)
        );

    /// <summary>Whether this identity was declined.</summary>
    public bool IsDeclined(PeerId id) => _answered.Exists(answer => answer.PeerId == id && !answer.Accepted);

    /// <summary>Somebody asks, and waits.</summary>
    public WaitingRequest Begin(
        int link,
        PublicIdentity peer,
        DisplayName name,
        bool overLink,
        Instant expiresAt,
        WallTime wall
    )
    {
        var request = new WaitingRequest(NextName(), link, peer, name, overLink, expiresAt, wall);
        _waiting.Add(request);
        return request;
    }

    /// <summary>A request ends without an answer.</summary>
    public void End(WaitingRequest request) => _waiting.Remove(request);

    /// <summary>A request that waits is answered.</summary>
    public void Answer(WaitingRequest request, bool accept, WallTime wall)
    {
        _waiting.Remove(request);
        Keep(
            new AnsweredRequest(request.Peer.PeerId, request.Request, request.Name.ToString(), accept, wall)
        );
    }

    /// <summary>A request was accepted at once, because the user had said so before; listed, so that it can be taken back.</summary>
    public void AcceptUnasked(PeerId id, DisplayName name, WallTime wall) =>
        Keep(new AnsweredRequest(id, NextName(), name.ToString(), Accepted: true, wall));

    /// <summary>Forgets an answer: as if never asked.</summary>
    public void Forget(AnsweredRequest answer)
    {
        _answered.Remove(answer);
        _table.Remove(answer.PeerId);
    }

    /// <summary>They became a contact in another way, so a decline no longer holds.</summary>
    public void ForgetDecline(PeerId id)
    {
        if (_answered.Find(answer => answer.PeerId == id && !answer.Accepted) is { } declined)
        {
            Forget(declined);
        }
    }

    private void Keep(AnsweredRequest answer)
    {
        _answered.RemoveAll(other => other.PeerId == answer.PeerId);
        _answered.Add(answer);
        if (_answered.Count > AnswerTable.MaxAnswers)
        {
            _answered.RemoveAt(0); // as the table does
        }

        _table.Write(answer);
    }

    // Numbers go on over restarts: an answer that comes late never meets another person's request.
    private string NextName()
    {
        _ = long.TryParse(
            _settings.Read(LastNumber),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var last
        );
        var number = (last + 1).ToString(CultureInfo.InvariantCulture);
        _settings.Write(LastNumber, number);
        return NamePrefix + number;
    }
}
