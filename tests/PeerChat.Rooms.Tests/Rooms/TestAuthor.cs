using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Sync;
using PeerChat.TestKit;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>An author in the test's own hands, who may write whatever it likes.</summary>
internal sealed class TestAuthor
{
    private readonly Bytes32 _blind = new(Enumerable.Repeat((byte)3, 32).ToArray());

    public TestAuthor(OwnIdentity identity, RoomId room, int seed)
    {
        var keys = new SeededKeySource(seed);
        Identity = identity;
        Room = room;
        Key = keys.NewSigningKey();
        Leaf = keys.NewAgreementKey();
        Entropy = new SeededEntropy(seed);
    }

    public OwnIdentity Identity { get; }

    public RoomId Room { get; }

    public ISigningKey Key { get; }

    public IAgreementKey Leaf { get; }

    public SeededEntropy Entropy { get; }

    public ulong Clock { get; set; } = HybridClock.FromWall(new WallTime(1_799_999_000_000));

    public List<ReceivedEntry> Log { get; } = [];

    public AuthorId Id => AuthorKey.IdOf(Key.PublicKey);

    public EntryId LastControl =>
        Log.LastOrDefault(e => e.Header.Kind != EntryKind.Content)?.Header.Id ?? default;

    public ReceivedEntry Join(PeerId? claimed = null)
    {
        var commit = IdentityCommitment.Of(claimed ?? Identity.PeerId, _blind);
        return Append(
            EntryKind.Join,
            new JoinControl(Key.PublicKey, Leaf.PublicKey, commit, default).Write()
        );
    }

    public ReceivedEntry Content(Bytes32 epoch, byte[] secret, string text) =>
        Append(
            EntryKind.Content,
            [],
            epoch,
            p =>
                PeerChat.Rooms.Messages.ContentSealing.Seal(
                    Entropy,
                    secret,
                    p,
                    new PeerChat.Rooms.Messages.Wire.ContentBody
                    {
                        Text = new PeerChat.Rooms.Messages.Wire.TextBody { Text = text },
                    }.ToByteArray()
                )
        );

    public ReceivedEntry Append(
        EntryKind kind,
        byte[] control,
        Bytes32 epoch = default,
        Func<EntryPrefix, byte[]>? payload = null,
        params EntryId[] heads
    )
    {
        var entry = Make(kind, control, epoch, payload, heads);
        Log.Add(entry);
        return entry;
    }

    /// <summary>Makes the next entry without going on from it.</summary>
    public ReceivedEntry Make(
        EntryKind kind,
        byte[] control,
        Bytes32 epoch = default,
        Func<EntryPrefix, byte[]>? payload = null,
        params EntryId[] heads
    )
    {
        Clock++;
        var prefix = new EntryPrefix(
            kind,
            Room,
            Id,
            (ulong)Log.Count + 1,
            Log.Count == 0 ? default : Log[^1].Header.Id,
            Clock,
            epoch,
            0,
            [.. heads.Order()],
            control
        );
        var bytes = payload?.Invoke(prefix) ?? [];
        if (!EntryHeader.TryParse(prefix.Complete(bytes), out var header))
        {
            throw new InvalidOperationException("not an entry");
        }

        return new ReceivedEntry(header, bytes, AuthorKey.SignEntry(Key, header.Id));
    }

    public byte[] ProfileFrame(DisplayName name, OwnIdentity? as_ = null, ulong counter = 1)
    {
        var list = new Wire.ProfileList();
        var record = ProfileRecord.Create(as_ ?? Identity, name, Room, Key, _blind, counter);
        list.Records.Add(ByteString.CopyFrom(record.Bytes.Span));
        return new Wire.Frame { Profiles = list }.ToByteArray();
    }

    public static byte[] RangeFrame(params IEnumerable<ReceivedEntry> entries)
    {
        var range = new Wire.EntryRange();
        range.Entries.AddRange(
            entries.Select(e => new Wire.Entry
            {
                Header = ByteString.CopyFrom(e.Header.Bytes.Span),
                Payload = ByteString.CopyFrom(e.Payload.Span),
                Signature = ByteString.CopyFrom(e.Signature.Span),
            })
        );
        return new Wire.Frame { Range = range }.ToByteArray();
    }

    public byte[] HaveFrame(ulong counter, bool mine, params (AuthorId Author, LogHead Head)[] heads)
    {
        var sorted = heads
            .OrderBy(h => h.Author)
            .Select(h => new KeyValuePair<AuthorId, LogHead>(h.Author, h.Head))
            .ToArray();
        var statement = HaveStatement.Create(Room, Key, counter, sorted);
        var list = new Wire.HaveList();
        list.Haves.Add(
            new Wire.Have
            {
                Statement = ByteString.CopyFrom(statement.Bytes.Span),
                Signature = ByteString.CopyFrom(statement.Signature.Span),
                Mine = mine,
            }
        );
        return new Wire.Frame { Haves = list }.ToByteArray();
    }
}
