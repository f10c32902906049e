using System.Globalization;
using System.Text;
using PeerChat.Node.Storage;

namespace PeerChat.Node.Profiles;

/// <summary>The right to write in a profile. One process has it; the operating system takes it back when that process ends, however it ends.</summary>
public sealed class ProfileLock : IDisposable
{
    private const int WouldBlockLinux = 11; // EWOULDBLOCK
    private const int WouldBlockMac = 35; // EWOULDBLOCK on macOS and the BSDs
    private const int SharingViolationWindows = unchecked((int)0x80070020); // ERROR_SHARING_VIOLATION
    private const int MaxOwnerBytes = 32; // a process id has at most ten digits

    private readonly FileStream _lock;
    private readonly string _ownerPath;

    private ProfileLock(FileStream stream, string ownerPath)
    {
        _lock = stream;
        _ownerPath = ownerPath;
    }

    /// <summary>Takes the profile, whose folder must exist.</summary>
    /// <exception cref="ProfileInUseException">Another process has it.</exception>
    /// <exception cref="StorageException">The folder cannot be written, or its file system keeps no locks.</exception>
    public static ProfileLock Acquire(ProfileFolder folder)
    {
        var stream = Open(folder) ?? throw new ProfileInUseException(folder.FullPath, ReadOwner(folder));
        try
        {
            // Where a file system keeps no locks, opening succeeds all the same; a second attempt shows it.
            if (Open(folder) is { } second)
            {
                second.Dispose();
                throw new StorageException(
                    StorageProblem.Other,
                    $"The file system of {folder.FullPath} keeps no file locks, so two programs could damage the history; "
                        + "choose a folder on a local disk with --profile."
                );
            }

            // Not in the locked file itself, because nobody else could read it there.
            using var owner = PrivateFile.Open(folder.OwnerPath, FileMode.Create, FileShare.Read);
            owner.Write(
                Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n")
            );
            return new ProfileLock(stream, folder.OwnerPath);
        }
        catch (Exception exception)
        {
            stream.Dispose();
            if (FileProblem.Is(exception))
            {
                throw FileProblem.Explain(exception, "The profile could not be locked", folder.FullPath);
            }

            throw;
        }
    }

    /// <summary>Gives the profile back.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_ownerPath);
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            // A leftover is harmless: it is read only while the lock is held.
        }

        // The locked file stays: deleting it would let two processes lock two files of one name.
        _lock.Dispose();
    }

    /// <summary>Whether a file could not be opened because another process has it.</summary>
    internal static bool IsHeldByAnother(IOException exception) =>
        exception.HResult is WouldBlockLinux or WouldBlockMac or SharingViolationWindows;

    private static FileStream? Open(ProfileFolder folder)
    {
        try
        {
            return PrivateFile.Open(folder.LockPath, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException exception) when (IsHeldByAnother(exception))
        {
            return null;
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The profile could not be locked", folder.FullPath);
        }
    }

    private static int? ReadOwner(ProfileFolder folder)
    {
        try
        {
            using var stream = new FileStream(
                folder.OwnerPath,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            Span<byte> text = stackalloc byte[MaxOwnerBytes];
            var length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return int.TryParse(
                Encoding.ASCII.GetString(text[..length]).Trim(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var id
            )
                ? id
                : null;
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            return null;
        }
    }
}
