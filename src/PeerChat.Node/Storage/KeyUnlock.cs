using PeerChat.Rooms.Crypto;

namespace PeerChat.Node.Storage;

/// <summary>Opens a keystore with the passphrase of somebody who may have to be asked.</summary>
internal static class KeyUnlock
{
    /// <summary>Opens it. To be called without the profile's lock: a person who is asked takes their time.</summary>
    /// <exception cref="StorageException">It cannot be opened, or the passphrase is missing or wrong.</exception>
    public static Keystore Open(string path, NodeOptions options) =>
        options.Keys ?? Open(path, options.Passphrase);

    /// <summary>The same, from the file, whoever has opened it before.</summary>
    public static Keystore Open(string path, IPassphrase? passphrase)
    {
        var keys = new SystemKeySource();
        if (passphrase is null || !Keystore.IsProtected(path))
        {
            return Keystore.Open(path, keys);
        }

        StorageException? wrong = null;
        for (var attempt = 0; ; attempt++)
        {
            if (passphrase.Next(attempt) is not { Length: > 0 } bytes)
            {
                return wrong is null ? Keystore.Open(path, keys) : throw wrong;
            }

            try
            {
                return Keystore.Open(path, keys, bytes);
            }
            catch (StorageException refused) when (refused.Problem == StorageProblem.PassphraseWrong)
            {
                wrong = refused;
            }
        }
    }
}
