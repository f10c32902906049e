using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Node.Storage;

/// <summary>Storage cannot do what was asked. The message is for the user: what happened, why, and what to do.</summary>
[SuppressMessage(
    "Design",
    "RCS1194",
    Justification = "Without a named problem it would tell nobody anything."
)]
public class StorageException : Exception
{
    /// <summary>Names the problem and says it in a sentence.</summary>
    public StorageException(StorageProblem problem, string message, Exception? innerException = null)
        : base(message, innerException) => Problem = problem;

    /// <summary>What the matter is, for exit codes and tests.</summary>
    public StorageProblem Problem { get; }
}
