using Google.Protobuf;
using PeerChat.Node.Storage.Records;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Storage;

/// <summary>The contacts, each sealed as a whole: the file does not even tell whom one knows.</summary>
public sealed class ContactTable
{
    private const string Place = "contacts.sealed";

    private readonly ProfileDatabase _database;
    private readonly StoreSeal _seal;

    internal ContactTable(ProfileDatabase database, StoreSeal seal)
    {
        _database = database;
        _seal = seal;
    }

    /// <summary>All contacts, in the order of their ids.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<Contact> ReadAll() =>
        [
            .. _database
                .Read("SELECT peer_key, sealed FROM contacts", row => Open(row.GetBytes(0), row.GetBytes(1)))
                .OrderBy(contact => contact.PeerId),
        ];

    /// <summary>The contact with this id, or null.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public Contact? Find(PeerId id)
    {
        var key = KeyOf(id);
        return _database.ReadBytes("SELECT sealed FROM contacts WHERE peer_key = $1", key) is { } record
            ? Open(key, record)
            : null;
    }

    /// <summary>Keeps a contact; replaces the one with the same id.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Write(Contact contact)
    {
        var record = new ContactRecord
        {
            PeerId = ByteString.CopyFrom(contact.PeerId.Value.ToArray()),
            SigningKey = ByteString.CopyFrom(contact.SigningKey.Span),
            AgreementKey = ByteString.CopyFrom(contact.AgreementKey.Span),
            ClaimedName = contact.ClaimedName,
            Trust = ToNumber(contact.Trust),
            Blocked = contact.IsBlocked,
            FirstSeenMs = contact.FirstSeen.UnixMilliseconds,
            LastSeenMs = contact.LastSeen.UnixMilliseconds,
        };
        if (contact.Petname is { } petname)
        {
            record.Petname = petname;
        }

        record.LastAddresses.AddRange(contact.LastAddresses.Take(Contact.MaxAddresses).Select(ToRecord));
        record.Services.AddRange(
            contact.Services.Select(one => new ServiceRecord { Rung = (uint)one.Rung, Url = one.Url })
        );
        var key = KeyOf(contact.PeerId);
        _database.Write(
            "INSERT INTO contacts (peer_key, sealed) VALUES ($1, $2) "
                + "ON CONFLICT (peer_key) DO UPDATE SET sealed = excluded.sealed",
            key,
            _seal.Seal(Place, key, record.ToByteArray())
        );
    }

    /// <summary>Forgets a contact.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public void Remove(PeerId id) => _database.Write("DELETE FROM contacts WHERE peer_key = $1", KeyOf(id));

    private byte[] KeyOf(PeerId id) => _seal.Index(Place, id.Value.ToArray());

    private Contact Open(byte[] key, byte[] sealedRecord)
    {
        try
        {
            var record = ContactRecord.Parser.ParseFrom(_seal.Open(Place, key, sealedRecord));
            return new Contact(
                new PeerId(new Bytes32(record.PeerId.Span)),
                record.SigningKey.ToByteArray(),
                record.AgreementKey.ToByteArray(),
                record.ClaimedName,
                record.HasPetname ? record.Petname : null,
                ToTrust(record.Trust),
                record.Blocked,
                new WallTime(record.FirstSeenMs),
                new WallTime(record.LastSeenMs),
                [
                    .. record.LastAddresses.Select(one => new KnownAddress(
                        ToAddress(one),
                        // Kept by a version that noted no time: as old as the last meeting
                        new WallTime(one.LastMetMs == 0 ? record.LastSeenMs : one.LastMetMs)
                    )),
                ]
            )
            {
                Services = [.. record.Services.Select(one => new ServiceHint((Rung)one.Rung, one.Url))],
            };
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw SqliteProblem.Damaged(_database.Path, exception);
        }
    }

    private static AddressRecord ToRecord(KnownAddress known)
    {
        var address = known.Address;
        Span<byte> bytes = stackalloc byte[16];
        var length = address.WriteAddress(bytes);
        return new AddressRecord
        {
            Address = ByteString.CopyFrom(bytes[..length]),
            Port = address.Port,
            ScopeId = address.ScopeId,
            LastMetMs = known.LastMet.UnixMilliseconds,
        };
    }

    private static TransportAddress ToAddress(AddressRecord record)
    {
        var address = TransportAddress.FromBytes(record.Address.Span, checked((int)record.Port));
        return record.ScopeId == 0
            ? address
            : new TransportAddress(
                new System.Net.IPAddress(record.Address.Span, record.ScopeId),
                checked((int)record.Port)
            );
    }

    // The numbers on disk are fixed here, whatever happens to the order of the enumeration.
    private static int ToNumber(TrustState trust) =>
        trust switch
        {
            TrustState.None => 0,
            TrustState.Seen => 1,
            TrustState.Pinned => 2,
            TrustState.Introduced => 3,
            TrustState.Verified => 4,
            _ => throw new ArgumentOutOfRangeException(nameof(trust)),
        };

    // An unknown number is a state that this program does not have: the weakest one is safe.
    private static TrustState ToTrust(int number) =>
        number switch
        {
            1 => TrustState.Seen,
            2 => TrustState.Pinned,
            3 => TrustState.Introduced,
            4 => TrustState.Verified,
            _ => TrustState.None,
        };
}
