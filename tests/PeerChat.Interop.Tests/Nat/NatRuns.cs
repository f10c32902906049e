namespace PeerChat.Interop.Tests.Nat;

/// <summary>Runs cells side by side, each in namespaces of its own: most of what one takes is waiting.</summary>
public sealed class NatRuns : IDisposable
{
    /// <summary>Cells at once; each has four processes.</summary>
    private const int Abreast = 3;

    private readonly IReadOnlyList<NatCell> _cells = NatMatrix.OfThisRun;
    private readonly Dictionary<string, Task<NatPath>> _runs = [];

    /// <summary>The path of a cell, once it was run; begins the ones behind it as well.</summary>
    internal Task<NatPath> PathOf(string name)
    {
        var first = _cells.ToList().FindIndex(cell => cell.Name == name);
        foreach (var cell in _cells.Skip(first).Take(Abreast))
        {
            if (!_runs.ContainsKey(cell.Name))
            {
                _runs.Add(cell.Name, Task.Run(() => NatConversation.Run(cell)));
            }
        }

        return _runs[name];
    }

    /// <inheritdoc/>
    public void Dispose() => Task.WhenAll(_runs.Values).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
}
