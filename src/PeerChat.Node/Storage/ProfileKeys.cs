using System.Text;
using PeerChat.Node.Host;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Transport;
using PeerChat.Rooms.Identity.Unicode;

namespace PeerChat.Node;

/// <summary>The passphrase that protects a profile's keys (crypto.md section 9).</summary>
public static class ProfileKeys
{
    /// <summary>The fewest characters of a new passphrase: what NIST SP 800-63B asks of a secret one remembers.</summary>
    public const int MinCharacters = 8;

    /// <summary>The most bytes of a passphrase: more than anybody types, and a file of the wrong kind is noticed.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Whether a passphrase protects the keys; not where there is no profile yet.</summary>
    /// <exception cref="NodeStartException">The keys cannot be read.</exception>
    public static bool AreProtected(NodeOptions options)
    {
        var folder = ProfileChoice.Resolve(options).Folder;
        return folder.Exists && StartFailures.Guard(() => Keystore.IsProtected(folder.KeystorePath));
    }

    /// <summary>Opens the keys where a passphrase protects them, so that it is asked now and known to be right.</summary>
    /// <returns>The options with the keys, so that they need not be opened again.</returns>
    /// <exception cref="NodeStartException">It is missing or wrong.</exception>
    public static NodeOptions Unlock(NodeOptions options)
    {
        if (!AreProtected(options))
        {
            return options;
        }

        var path = ProfileChoice.Resolve(options).Folder.KeystorePath;
        return options with { Keys = StartFailures.Guard(() => KeyUnlock.Open(path, options.Passphrase)) };
    }

    /// <summary>Writes the same keys under another passphrase. A node that runs goes on; it has the keys already.</summary>
    /// <param name="options">The profile and its present passphrase.</param>
    /// <param name="make">Gives the new passphrase when the old one was right; empty for none, null to leave all as it is.</param>
    /// <returns>Whether it was done.</returns>
    /// <exception cref="NodeStartException">
    /// There are no keys, the present passphrase is wrong, or the file cannot be written; the old one is there then.
    /// </exception>
    public static bool Protect(NodeOptions options, Func<byte[]?> make)
    {
        var path = ProfileChoice.Resolve(options).Folder.KeystorePath;
        return StartFailures.Guard(() =>
        {
            using var only = Alone(path);
            var keys = KeyUnlock.Open(path, options.Passphrase);
            if (make() is not { } passphrase)
            {
                return false;
            }

            keys.Save(path, new SystemEntropy(), passphrase);
            return true;
        });
    }

    // Two at once would write under one unfinished name, and the half of one could be taken for the whole of the other.
    private static FileStream Alone(string path)
    {
        try
        {
            return PrivateFile.Open(path + ".lock", FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException taken) when (File.Exists(path))
        {
            throw new StorageException(
                StorageProblem.Other,
                "Another PeerChat is changing the passphrase at this moment; try again when it has finished.",
                taken
            );
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The keys could not be written", path);
        }
    }

    /// <summary>One spelling for all ways to type the same characters: UTF-8 of the normal form C.</summary>
    /// <returns>Null where the bytes are no UTF-8, too many, or contain NUL.</returns>
    public static byte[]? Normalise(ReadOnlySpan<byte> typed)
    {
        if (typed.Length > MaxBytes || typed.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(typed))
        {
            return null;
        }

        // The framework's own normalisation does nothing in invariant mode
        return Nfc.TryNormalize(Encoding.UTF8.GetString(typed), out var normal)
            ? Encoding.UTF8.GetBytes(normal)
            : null;
    }

    /// <summary>Whether a new passphrase has characters enough.</summary>
    public static bool IsLongEnough(ReadOnlySpan<byte> passphrase) =>
        Encoding.UTF8.GetString(passphrase).EnumerateRunes().Count() >= MinCharacters;
}
