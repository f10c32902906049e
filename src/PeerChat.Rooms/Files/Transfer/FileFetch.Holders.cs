using PeerChat.Primitives;

namespace PeerChat.Rooms.Files.Transfer;

/// <content>Whom to ask for what, and what they answer.</content>
public sealed partial class FileFetch
{
    /// <summary>A block that was asked for so long ago may be asked of somebody else too, when nothing else is left to ask for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int MaxLacks = 65_536; // a holder that lacks more is no help

    /// <summary>Small blocks are asked for so many at a time, not one for each that came.</summary>
    private const int AskedTogether = 16;

    private Instant? _limitedUntil;

    private bool TakeStatus(Holder holder, FileStock stock)
    {
        holder.Stock = stock;
        holder.Lacks.Clear();
        if (stock == FileStock.Part)
        {
            AskAll(holder);
        }

        return true;
    }

    private void AskAll(Holder holder)
    {
        holder.ToAsk.Clear();
        foreach (var node in _wanted.Values.Select(want => want.Node).OfType<BlockLink>().Distinct())
        {
            holder.ToAsk.Enqueue(node);
        }

        Ask(holder);
    }

    private static void Ask(Holder holder)
    {
        while (holder.Asked.Count < FileServe.MaxAsks && holder.ToAsk.TryDequeue(out var node))
        {
            if (holder.Asked.Add(node.Address))
            {
                holder.Frames.Enqueue(new FileFrame.Ask(node.Address, node.Cid).Write());
            }
        }
    }

    private static bool TakeHeld(Holder holder, FileFrame.Held held)
    {
        if (!holder.Asked.Remove(held.Node))
        {
            return false;
        }

        holder.Bits[held.Node] = held.Bits.ToArray();
        Ask(holder);
        return true;
    }

    private bool TakeMissing(Holder holder, FileFrame.Missing missing, Instant now)
    {
        foreach (var address in missing.Addresses)
        {
            if (holder.Asked.Remove(address))
            {
                holder.Bits.Remove(address);
                Ask(holder);
                continue;
            }

            if (holder.Wants.Find(want => want.Link.Address == address) is not { } given)
            {
                continue; // it was taken back meanwhile
            }

            holder.Lacks.Add(address);
            Release(holder, given);
            holder.Progress = now;
        }

        return holder.Lacks.Count <= MaxLacks;
    }

    private bool TakePiece(Holder holder, FileFrame.Piece piece, Instant now)
    {
        if (holder.Coming is null && holder.Passing is null)
        {
            if (piece.Offset != 0)
            {
                return false;
            }

            holder.Size = piece.Size;
            holder.Filled = 0;
            holder.Coming = holder.Wants.Find(want => want.Link.Address == piece.Address);
            if (holder.Coming is null or { IsTaken: true })
            {
                // Another was faster, or it was taken back; the rest of it passes by
                (holder.Coming, holder.Passing) = (null, piece.Address);
            }
            else
            {
                holder.Buffer = _buffers.Rent(piece.Size);
            }
        }
        else if (
            piece.Address != (holder.Coming?.Link.Address ?? holder.Passing)
            || piece.Offset != holder.Filled
            || piece.Size != holder.Size
        )
        {
            return false;
        }

        holder.Count(piece.Bytes.Length, now);
        if (holder.Coming is not null)
        {
            piece.Bytes.CopyTo(holder.Buffer[holder.Filled..]);
        }

        holder.Filled += piece.Bytes.Length;
        if (holder.Filled == holder.Size)
        {
            EndBlock(holder);
        }

        return true;
    }

    private void EndBlock(Holder holder)
    {
        var (want, buffer) = (holder.Coming, holder.Buffer);
        (holder.Coming, holder.Passing, holder.Buffer) = (null, null, default);
        if (want is null)
        {
            return;
        }

        holder.Wants.Remove(want);
        want.Givers.Remove(holder);
        if (want.IsTaken || !_wanted.ContainsKey(want.Link.Address))
        {
            Return(buffer);
            return;
        }

        want.IsTaken = true;
        SetAsked(want);
        _taking += holder.Size;
        _events.Enqueue(new FetchEvent.Take(holder.Link, want.Link.Address, want.Link.Cid, buffer));
    }

    private void Return(Memory<byte> buffer)
    {
        if (!buffer.IsEmpty)
        {
            _buffers.Return(buffer);
        }
    }

    /// <summary>Asks whoever has room for what is missing.</summary>
    private void Fill(Instant now)
    {
        _limitedUntil = null;
        if (IsComplete || IsFailed)
        {
            return;
        }

        foreach (var holder in _holders.Values.OrderByDescending(holder => holder.Rate).ToList())
        {
            if (holder.Wants.Count > FileFrame.MaxAddresses - AskedTogether)
            {
                continue;
            }

            var asked = new List<Bytes32>();
            // What waits for the disk is on its way too: where the disk is the slower one, asking for more only fills the memory
            var window = Math.Min(holder.Window, ShareOf(holder)) - _taking;
            while (
                holder.Wants.Count < FileFrame.MaxAddresses
                && (holder.Wants.Count == 0 || holder.Pending < window)
                && _taking < MaxTaking
                && Pick(holder, now) is { } want
            )
            {
                if (!_limit.TryTake(want.LikelySize, now))
                {
                    _limitedUntil = _limit.FreeAt(now);
                    break;
                }

                if (holder.Wants.Count == 0)
                {
                    holder.Begin(now);
                }

                SetAsked(want);
                want.AskedAt = now;
                want.Givers.Add(holder);
                holder.Wants.Add(want);
                asked.Add(want.Link.Address);
            }

            if (asked.Count > 0)
            {
                holder.Frames.Enqueue(new FileFrame.Want(asked).Write());
            }
        }
    }

    /// <summary>Bytes that a holder is to have pending at most, so that of what is left each gets a part by its rate.</summary>
    private long ShareOf(Holder holder)
    {
        var others = _holders.Values.Where(one => one.Stock != FileStock.None).ToList();
        if (others.Count < 2)
        {
            return long.MaxValue;
        }

        var left = _freeBytes + others.Sum(one => one.Pending);
        var rates = others.Sum(one => one.Rate);
        return (long)(left * (holder.Rate > 0 && rates > 0 ? holder.Rate / rates : 1.0 / others.Count));
    }

    /// <summary>The block to ask a holder for: the rarest of the first, or near the end one that a slower holder is slow with.</summary>
    private WantedBlock? Pick(Holder holder, Instant now)
    {
        if (holder.Stock == FileStock.None)
        {
            return null;
        }

        var isEqual = _holders.Values.All(other => other.Stock != FileStock.Part && other.Lacks.Count == 0);
        WantedBlock? best = null;
        var (rarity, looked) = (int.MaxValue, 0);
        foreach (var want in _free)
        {
            if (++looked > CandidatesLookedAt && best is not null)
            {
                break;
            }

            if (!holder.Has(want))
            {
                continue;
            }

            if (isEqual || want.Link.Cid.Codec == CidCodec.DagPb)
            {
                return want;
            }

            var holders = _holders.Values.Count(other => other.Has(want));
            if (holders < rarity)
            {
                (best, rarity) = (want, holders);
                if (holders == 1)
                {
                    return best;
                }
            }
        }

        return best ?? (holder.Wants.Count == 0 ? PickSlow(holder, now) : null);
    }

    private WantedBlock? PickSlow(Holder holder, Instant now) =>
        _holders
            .Values.Where(other => other != holder && other.Rate <= holder.Rate)
            .SelectMany(other => other.Wants.Where(want => want != other.Coming))
            .Where(want =>
                want is { IsTaken: false, Givers.Count: 1 }
                && now - want.AskedAt >= Patience
                && holder.Has(want)
            )
            .MinBy(want => want.AskedAt);

    private void CancelOthers(WantedBlock want)
    {
        foreach (var holder in want.Givers.ToList())
        {
            if (holder.Coming == want)
            {
                (holder.Coming, holder.Passing) = (null, want.Link.Address);
                Return(holder.Buffer);
                holder.Buffer = default;
            }

            holder.Wants.Remove(want);
            Cancel(holder, [want]);
        }

        want.Givers.Clear();
    }

    private static void Cancel(Holder holder, List<WantedBlock> wants)
    {
        if (wants.Count > 0)
        {
            holder.Frames.Enqueue(new FileFrame.Cancel([.. wants.Select(want => want.Link.Address)]).Write());
        }
    }

    private void TakeBack(Holder holder)
    {
        if (holder.Coming is { } coming)
        {
            // Should the rest come after all, it passes by
            (holder.Coming, holder.Passing) = (null, coming.Link.Address);
            Return(holder.Buffer);
            holder.Buffer = default;
        }

        foreach (var want in holder.Wants.ToList())
        {
            Release(holder, want);
        }
    }

    private void Release(Holder holder, WantedBlock want)
    {
        holder.Wants.Remove(want);
        want.Givers.Remove(holder);
        if (want is { IsTaken: false, Givers.Count: 0 } && _wanted.ContainsKey(want.Link.Address))
        {
            SetFree(want);
        }
    }

    private void Drop(Holder holder, HolderFault reason, Instant now)
    {
        if (_holders.ContainsKey(holder.Link))
        {
            _events.Enqueue(new FetchEvent.HolderDropped(holder.Link, reason));
            RemoveHolder(holder.Link, now);
        }
    }

    // Nodes first: what lies below them can be asked of everybody at once
    private void SetFree(WantedBlock want)
    {
        if (want.Free is null)
        {
            want.Free = want.Link.Cid.Codec == CidCodec.DagPb ? _free.AddFirst(want) : _free.AddLast(want);
            _freeBytes += want.LikelySize;
        }
    }

    private void SetAsked(WantedBlock want)
    {
        if (want.Free is { } place)
        {
            _free.Remove(place);
            want.Free = null;
            _freeBytes -= want.LikelySize;
        }
    }
}
