namespace PeerChat.Rooms.Files;

/// <summary>Where and why reading a DAG ended early.</summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="At">The block at which it showed.</param>
public sealed record FileTreeFault(FileTreeProblem Problem, Cid At)
{
    /// <summary>A sentence about it.</summary>
    public override string ToString() =>
        Problem switch
        {
            FileTreeProblem.Missing => $"The block {At} is missing.",
            FileTreeProblem.WrongBlock => $"What was given as the block {At} is another.",
            FileTreeProblem.Malformed => $"The block {At} is no file, folder or symbolic link.",
            FileTreeProblem.BadName =>
                $"The folder {At} has two entries of one name, or a name that is empty or longer than {FileLimits.MaxNameBytes} bytes.",
            FileTreeProblem.WrongSize => $"The block {At} claims another size than it has.",
            FileTreeProblem.TooDeep =>
                $"The block {At} lies deeper than the {FileLimits.MaxFolderDepth} folders that are read.",
            _ => $"There are more entries or bytes than are read, at the block {At}.",
        };
}
