namespace PeerChat.WebRtc.Dtls;

/// <summary>Numbers and protects outgoing records; verifies incoming ones against keys and replays.</summary>
internal sealed class RecordLayer : IDisposable
{
    private readonly ulong[] _nextSequenceNumber = new ulong[2];
    private readonly ReplayWindow _replayWindow = new();
    private RecordProtection? _write;
    private RecordProtection? _read;

    /// <summary>Whether the keys of epoch 1 are there.</summary>
    public bool HasKeys => _read is not null;

    /// <summary>The epoch in which new records other than flights are written.</summary>
    public ushort WriteEpoch { get; set; }

    /// <summary>How many records were protected so far.</summary>
    public ulong ProtectedRecords => _nextSequenceNumber[1];

    /// <summary>Bytes that a record of this epoch is longer than its plaintext.</summary>
    public static int OverheadOf(ushort epoch) =>
        RecordHeader.Size + (epoch == 0 ? 0 : RecordProtection.Overhead);

    /// <summary>Takes the keys of epoch 1.</summary>
    public void InstallKeys(RecordProtection write, RecordProtection read)
    {
        _write = write;
        _read = read;
    }

    /// <summary>Writes one record; returns its length. Every record takes a new number, repeated messages too.</summary>
    public int Write(ContentType type, ushort epoch, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        var number = _nextSequenceNumber[epoch];
        if (number > RecordHeader.MaxSequenceNumber)
        {
            throw new InvalidOperationException("The sequence numbers of this epoch are used up.");
        }

        _nextSequenceNumber[epoch] = number + 1;
        if (epoch == 1)
        {
            return _write!.Seal(type, epoch, number, plaintext, destination);
        }

        new RecordHeader(type, DtlsVersion.Dtls12, epoch, number, (ushort)plaintext.Length).Write(
            destination
        );
        plaintext.CopyTo(destination[RecordHeader.Size..]);
        return RecordHeader.Size + plaintext.Length;
    }

    /// <summary>Verifies and decrypts a record of epoch 1 into <paramref name="plaintext"/>.</summary>
    public RecordVerdict Open(
        in RecordHeader header,
        ReadOnlySpan<byte> body,
        Span<byte> plaintext,
        out int length
    )
    {
        length = RecordProtection.PlaintextLength(body.Length);
        if (length is < 0 or > RecordHeader.MaxPlaintext || header.Version != DtlsVersion.Dtls12)
        {
            length = 0;
            return RecordVerdict.Malformed;
        }

        if (!_replayWindow.Admits(header.SequenceNumber))
        {
            return RecordVerdict.Replayed;
        }

        if (!_read!.TryOpen(header, body, plaintext[..length]))
        {
            return RecordVerdict.Forged;
        }

        _replayWindow.Mark(header.SequenceNumber);
        return RecordVerdict.Authentic;
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        _write?.Dispose();
        _read?.Dispose();
    }
}
