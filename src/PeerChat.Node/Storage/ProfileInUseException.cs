using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Node.Storage;

/// <summary>Another process owns the profile.</summary>
[SuppressMessage(
    "Design",
    "RCS1194",
    Justification = "Without a named problem it would tell nobody anything."
)]
public sealed class ProfileInUseException : StorageException
{
    /// <summary>Says who owns the folder, as far as it is known.</summary>
    public ProfileInUseException(string folder, int? ownerProcessId)
        : base(StorageProblem.ProfileInUse, Sentence(folder, ownerProcessId)) =>
        OwnerProcessId = ownerProcessId;

    /// <summary>The owner's process id, where it could be read.</summary>
    public int? OwnerProcessId { get; }

    private static string Sentence(string folder, int? owner) =>
        owner is { } id
            ? $"Another PeerChat (process {id}) is already running on the profile in {folder}; use that one, or end it first."
            : $"Another PeerChat is already running on the profile in {folder}; use that one, or end it first.";
}
