using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Log;

/// <summary>Consecutive entries of one author that hang together by their bytes alone (crypto.md section 3, Ranges).</summary>
internal sealed class ReceivedRange
{
    /// <summary>Entries a range may have: as many of the smallest messages as the largest frame holds.</summary>
    public const int MaxEntries = 768;

    private bool _isVerified;
    private bool _isVouched;

    private ReceivedRange(IReadOnlyList<ReceivedEntry> entries) => Entries = entries;

    /// <summary>The entries, ascending.</summary>
    public IReadOnlyList<ReceivedEntry> Entries { get; }

    /// <summary>Who wrote them.</summary>
    public AuthorId Author => First.Author;

    /// <summary>The header of the first.</summary>
    public EntryHeader First => Entries[0].Header;

    /// <summary>The header of the last.</summary>
    public EntryHeader Last => Entries[^1].Header;

    /// <summary>Whether it ends with an entry that has no signature, so that only an entry behind it can vouch for it.</summary>
    public bool IsOpenEnded => Entries[^1].Signature.IsEmpty;

    /// <summary>Whether something vouches for all of it: its last signature, or what was kept behind it.</summary>
    public bool IsVouched => _isVouched || !IsOpenEnded;

    /// <summary>Bytes of memory that holding it costs.</summary>
    public int Size => Entries.Sum(e => e.Header.Bytes.Length + e.Payload.Length + e.Signature.Length);

    /// <summary>Reads a range; what it refuses is malformed, whatever else is known.</summary>
    public static bool TryParse(
        Wire.EntryRange body,
        RoomId room,
        [NotNullWhen(true)] out ReceivedRange? range,
        out PeerMisbehaviour reason
    )
    {
        range = null;
        reason = PeerMisbehaviour.MalformedEntry;
        if (body.Entries.Count is 0 or > MaxEntries)
        {
            return false;
        }

        var entries = new List<ReceivedEntry>(body.Entries.Count);
        EntryHeader? lastControl = null;
        foreach (var entry in body.Entries)
        {
            if (!EntryHeader.TryParse(entry.Header.Span, out var header))
            {
                return false;
            }

            if (header.OwnRoom != room)
            {
                reason = PeerMisbehaviour.ForeignRoom;
                return false;
            }

            var isControl = header.Kind != EntryKind.Content;
            var isLast = entries.Count == body.Entries.Count - 1;
            var isSigned = isControl || (isLast && !entry.Signature.IsEmpty);
            if (
                (entries.Count > 0 && !Follows(header, entries[^1].Header))
                || !IsPayloadOf(entry, header)
                || !ControlBytes.AreWellFormed(header, entry.Payload.Span)
                || (isControl && lastControl is not null && header.PreviousControl != lastControl.Id)
                || (isSigned && entry.Signature.Length != P256.SignatureSize)
            )
            {
                return false;
            }

            lastControl = isControl ? header : lastControl;
            entries.Add(
                new ReceivedEntry(
                    header,
                    entry.Payload.Memory,
                    isSigned ? entry.Signature.Memory : default,
                    entry.Withheld
                )
            );
        }

        range = new ReceivedRange(entries);
        return true;
    }

    private static bool IsPayloadOf(Wire.Entry entry, EntryHeader header) =>
        entry.Withheld
            ? header.Kind == EntryKind.Content && entry.Payload.IsEmpty
            : header.Matches(entry.Payload.Span);

    /// <summary>Whether one header continues another's chain.</summary>
    public static bool Follows(EntryHeader next, EntryHeader header) =>
        header.Seq < ulong.MaxValue
        && next.Seq == header.Seq + 1
        && next.Previous == header.Id
        && next.Author == header.Author
        && next.OwnRoom == header.OwnRoom
        && next.Clock > header.Clock;

    /// <summary>The id that it says the entry at a seq has: it holds that entry, or names it before its first; null where it says nothing of it.</summary>
    public EntryId? IdAt(ulong seq) =>
        seq == First.Seq - 1 ? First.Previous
        : seq >= First.Seq && seq <= Last.Seq ? Entries[(int)(seq - First.Seq)].Header.Id
        : null;

    /// <summary>The range as it travels.</summary>
    public Wire.EntryRange ToWire()
    {
        var body = new Wire.EntryRange();
        foreach (var entry in Entries)
        {
            body.Entries.Add(
                new Wire.Entry
                {
                    Header = UnsafeByteOperations.UnsafeWrap(entry.Header.Bytes),
                    Payload = UnsafeByteOperations.UnsafeWrap(entry.Payload),
                    Signature = UnsafeByteOperations.UnsafeWrap(entry.Signature),
                    Withheld = entry.IsWithheld,
                }
            );
        }

        return body;
    }

    /// <summary>The same range without the payloads of some of its content.</summary>
    public ReceivedRange Without(Func<EntryHeader, bool> isUnwanted) =>
        new([
            .. Entries.Select(entry =>
                entry.Header.Kind == EntryKind.Content && isUnwanted(entry.Header)
                    ? entry with
                    {
                        Payload = default,
                        IsWithheld = true,
                    }
                    : entry
            ),
        ])
        {
            _isVerified = _isVerified,
            _isVouched = _isVouched,
        };

    /// <summary>Takes it for verified: it was when it was kept.</summary>
    public void Trust() => _isVerified = _isVouched = true;

    /// <summary>Verifies the last entry's signature, which covers the chain, and that of each control entry.</summary>
    /// <remarks>Of a range with an open end that is no proof of the content behind its last control entry.</remarks>
    public bool Verify(ReadOnlySpan<byte> key)
    {
        foreach (var entry in _isVerified ? [] : Entries)
        {
            if (
                !entry.Signature.IsEmpty && !AuthorKey.VerifyEntry(key, entry.Header.Id, entry.Signature.Span)
            )
            {
                return false;
            }
        }

        _isVerified = true;
        return true;
    }
}
