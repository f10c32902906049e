using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Engine;

/// <summary>The contacts in memory, written through to the store: names are looked up for every line shown.</summary>
internal sealed class ContactBook
{
    /// <summary>Ids whose text is kept, so that ten thousand messages of a person hold one; then all are forgotten.</summary>
    private const int MaxIdTexts = 1_024;

    private readonly ContactTable _table;
    private readonly Dictionary<PeerId, KnownContact> _byId = [];
    private readonly Dictionary<string, KnownContact> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<PeerId, string> _idTexts = [];
    private readonly Lookalikes _lookalikes;

    /// <summary>Reads what is stored.</summary>
    /// <param name="table">Where.</param>
    /// <param name="self">Oneself.</param>
    /// <param name="ownName">One's own name.</param>
    public ContactBook(ContactTable table, PeerId self, DisplayName ownName)
    {
        _table = table;
        _lookalikes = new Lookalikes(self, ownName.ToString());
        foreach (var record in table.ReadAll())
        {
            if (
                PublicIdentity.TryParse(
                    [.. record.SigningKey.Span, .. record.AgreementKey.Span],
                    out var identity
                )
            )
            {
                Index(new KnownContact(record, identity));
            }
        }
    }

    /// <summary>Everybody known.</summary>
    public IReadOnlyCollection<KnownContact> All => _byId.Values;

    /// <summary>The contact with this identity, or null.</summary>
    public KnownContact? Find(PeerId id) => _byId.GetValueOrDefault(id);

    /// <summary>The contact shown under this name, or null; names that differ in case only are one.</summary>
    public KnownContact? Find(DisplayName name) => _byName.GetValueOrDefault(name.Folded.ToString());

    /// <summary>Whose name somebody's looks like, shown as it is: a contact's or one's own; null where it is like nobody's.</summary>
    public string? LooksLike(PeerId id, string name) => _lookalikes.Find(id, name, Find(id));

    /// <summary>The full form of somebody's id; the same object for each message they wrote.</summary>
    public string IdText(PeerId id)
    {
        if (!_idTexts.TryGetValue(id, out var text))
        {
            if (_idTexts.Count == MaxIdTexts)
            {
                _idTexts.Clear();
            }

            _idTexts.Add(id, text = PeerIdText.Format(id));
        }

        return text;
    }

    /// <summary>Keeps a newly met key. One name stands for one key: whoever comes second is told apart by the short id.</summary>
    public KnownContact Pin(PublicIdentity identity, DisplayName name, TrustState trust, WallTime now)
    {
        if (Find(identity.PeerId) is { } known)
        {
            return known;
        }

        var petname = Find(name) is null ? null : PeerIdText.Display(name, identity.PeerId);
        var contact = new KnownContact(
            new Contact(
                identity.PeerId,
                identity.SigningKey,
                identity.AgreementKey,
                name.ToString(),
                petname,
                trust,
                IsBlocked: false,
                now,
                now,
                []
            ),
            identity
        );
        Write(contact);
        return contact;
    }

    /// <summary>Notes that a contact was connected, and where.</summary>
    public void Saw(PeerId id, WallTime now, TransportAddress? address)
    {
        if (Find(id) is not { } known)
        {
            return;
        }

        IReadOnlyList<KnownAddress> addresses = address is { } at
            ?
            [
                new KnownAddress(at, now),
                .. known
                    .Record.LastAddresses.Where(other => other.Address != at && other.IsFresh(now))
                    .Take(Contact.MaxAddresses - 1),
            ]
            : known.Record.LastAddresses;
        Write(known with { Record = known.Record with { LastSeen = now, LastAddresses = addresses } });
    }

    /// <summary>Notes at which services a contact can be met.</summary>
    public void SetServices(PeerId id, IReadOnlyList<ServiceHint> services)
    {
        if (Find(id) is { } known && services.Count > 0)
        {
            Write(known with { Record = known.Record with { Services = services } });
        }
    }

    /// <summary>Notes whether the user wants anything of somebody.</summary>
    public void SetBlocked(PeerId id, bool isBlocked)
    {
        if (Find(id) is { } known)
        {
            Write(known with { Record = known.Record with { IsBlocked = isBlocked } });
        }
    }

    /// <summary>Notes how far a key is known.</summary>
    public void SetTrust(PeerId id, TrustState trust)
    {
        if (Find(id) is { } known)
        {
            Write(known with { Record = known.Record with { Trust = trust } });
        }
    }

    /// <summary>Forgets a key.</summary>
    public void Remove(PeerId id)
    {
        if (!_byId.Remove(id, out var contact))
        {
            return;
        }

        _lookalikes.Remove(contact);
        foreach (var name in _byName.Where(pair => pair.Value == contact).Select(pair => pair.Key).ToList())
        {
            _byName.Remove(name);
        }

        _table.Remove(id);
    }

    private void Write(KnownContact contact)
    {
        _table.Write(contact.Record);
        Index(contact);
    }

    private void Index(KnownContact contact)
    {
        _lookalikes.Put(contact, _byId.GetValueOrDefault(contact.Identity.PeerId));
        _byId[contact.Identity.PeerId] = contact;
        if (DisplayName.TryCreate(contact.Name, out var name, out _))
        {
            _byName[name.Folded.ToString()] = contact;
        }
    }
}
