using PeerChat.Node.Storage;

namespace PeerChat.Node.Files;

/// <summary>Something with a file did not work. The message is for the user: what happened, why, and what to do.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">The sentence.</param>
/// <param name="inner">What the operating system said.</param>
public sealed class FileException(FileFailure failure, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public FileFailure Failure => failure;

    /// <summary>Makes a sentence of what the operating system says about reading a path.</summary>
    internal static FileException Reading(Exception exception, string path) =>
        exception switch
        {
            FileException known => known,
            FileNotFoundException or DirectoryNotFoundException => new FileException(
                FileFailure.NotFound,
                $"There is nothing at {path}; check the path.",
                exception
            ),
            UnauthorizedAccessException => new FileException(
                FileFailure.Unreadable,
                $"{path} may not be read; change its permissions, or leave it out.",
                exception
            ),
            _ => new FileException(
                FileFailure.Unreadable,
                $"{path} could not be read ({exception.Message.TrimEnd('.')}).",
                exception
            ),
        };

    /// <summary>Makes a sentence of what the operating system says about writing a path.</summary>
    internal static FileException Writing(Exception exception, string path) =>
        exception is FileException known
            ? known
            : FileProblem.Of(exception) switch
            {
                StorageProblem.DiskFull => new FileException(
                    FileFailure.DiskFull,
                    $"The disk of {path} is full; nothing was put there. Free some space and try again.",
                    exception
                ),
                StorageProblem.ReadOnly => new FileException(
                    FileFailure.Unwritable,
                    $"{path} may not be written; choose another folder with --into.",
                    exception
                ),
                _ => new FileException(
                    FileFailure.Unwritable,
                    $"{path} could not be written ({exception.Message.TrimEnd('.')}).",
                    exception
                ),
            };

    /// <summary>Whether the disk is full.</summary>
    internal static bool IsFull(Exception exception) =>
        exception is FileException { Failure: FileFailure.DiskFull }
        || (exception is not FileException && FileProblem.Of(exception) == StorageProblem.DiskFull);
}
