using PeerChat.Primitives;

namespace PeerChat.Node.Storage;

/// <summary>The small numbers that stand for the ids of rooms and authors in the database.</summary>
internal sealed class IdNumbers(ProfileDatabase database)
{
    private readonly Dictionary<Bytes32, long> _numbers = [];
    private readonly Dictionary<long, Bytes32> _ids = [];
    private int _rollbacks = database.Rollbacks;

    /// <summary>The number of an id; made where there is none.</summary>
    public long Make(Bytes32 id)
    {
        if (Find(id) is { } known)
        {
            return known;
        }

        var number = database.Insert("INSERT INTO ids (id) VALUES ($1)", id.ToArray());
        Remember(id, number);
        return number;
    }

    /// <summary>The number of an id, or null where nothing is stored under it.</summary>
    public long? Find(Bytes32 id)
    {
        ForgetLostRows();
        if (_numbers.TryGetValue(id, out var number))
        {
            return number;
        }

        number = database.ReadNumber("SELECT number FROM ids WHERE id = $1", id.ToArray());
        if (number == 0)
        {
            return null;
        }

        Remember(id, number);
        return number;
    }

    /// <summary>The id behind a number that stands in the database.</summary>
    public Bytes32 IdOf(long number)
    {
        ForgetLostRows();
        if (!_ids.TryGetValue(number, out var id))
        {
            id = new Bytes32(
                database.ReadBytes("SELECT id FROM ids WHERE number = $1", number)
                    ?? throw SqliteProblem.Damaged(database.Path)
            );
            Remember(id, number);
        }

        return id;
    }

    private void Remember(Bytes32 id, long number)
    {
        _numbers[id] = number;
        _ids[number] = id;
    }

    private void ForgetLostRows()
    {
        if (_rollbacks != database.Rollbacks)
        {
            _rollbacks = database.Rollbacks;
            _numbers.Clear();
            _ids.Clear();
        }
    }
}
