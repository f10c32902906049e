using System.Security.Cryptography;
using PeerChat.Node.Profiles;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Storage;

/// <summary>The identity's private keys and the store key, as they lie in <c>identity.keys</c> (crypto.md section 9).</summary>
/// <remarks>
/// A passphrase is UTF-8 in the normal form that the caller chose; this class compares bytes. The file is written
/// beside and renamed, so that a power cut leaves the old one or the new one.
/// </remarks>
public sealed class Keystore
{
    private const string Use = "keystore";

    private readonly byte[] _storeKey;

    private Keystore(byte[] storeKey, ISigningKey signing, IAgreementKey agreement, bool hasPassphrase)
    {
        _storeKey = storeKey;
        Signing = signing;
        Agreement = agreement;
        HasPassphrase = hasPassphrase;
        PeerId = new PeerId(Digest.Labelled("id", signing.PublicKey, agreement.PublicKey));
    }

    /// <summary>The identity's signing key, S.</summary>
    public ISigningKey Signing { get; }

    /// <summary>The identity's agreement key, A.</summary>
    public IAgreementKey Agreement { get; }

    /// <summary>The identity's id (crypto.md section 1).</summary>
    public PeerId PeerId { get; }

    /// <summary>Whether a passphrase protects the file. Without one a thief of the disk reads everything.</summary>
    public bool HasPassphrase { get; private set; }

    /// <summary>The 32 bytes under which everything private in the database is sealed.</summary>
    internal ReadOnlySpan<byte> StoreKey => _storeKey;

    /// <summary>Makes a new identity and writes it.</summary>
    /// <param name="path">The file; there must be none yet.</param>
    /// <param name="keys">Where the identity's keys come from.</param>
    /// <param name="entropy">Where the store key and salts come from.</param>
    /// <param name="passphrase">Empty for none.</param>
    /// <exception cref="InvalidOperationException">There is a keystore already.</exception>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public static Keystore Create(
        string path,
        IKeySource keys,
        IEntropy entropy,
        ReadOnlySpan<byte> passphrase = default
    )
    {
        if (File.Exists(path))
        {
            throw new InvalidOperationException("A keystore is never overwritten by a new identity.");
        }

        var keystore = new Keystore(
            entropy.Bytes(32),
            keys.NewSigningKey(),
            keys.NewAgreementKey(),
            hasPassphrase: false
        );
        keystore.Save(path, entropy, passphrase);
        return keystore;
    }

    /// <summary>Whether a passphrase protects the keys in a file.</summary>
    /// <exception cref="StorageException">The file is missing, damaged or newer.</exception>
    public static bool IsProtected(string path) => ReadFile(path).Derivation != KeyDerivation.None;

    /// <summary>Reads the keys.</summary>
    /// <exception cref="StorageException">
    /// The file is missing, damaged or newer, or the passphrase is missing or wrong; the problem says which.
    /// </exception>
    public static Keystore Open(string path, IKeySource keys, ReadOnlySpan<byte> passphrase = default)
    {
        var file = ReadFile(path);
        var needsPassphrase = file.Derivation != KeyDerivation.None;
        if (needsPassphrase && passphrase.IsEmpty)
        {
            throw new StorageException(
                StorageProblem.PassphraseNeeded,
                $"The keys in {path} are protected by a passphrase; start PeerChat in a terminal and enter it, or name a file that holds it with --passphrase-file."
            );
        }

        var wrappingKey = WrappingKey(file.Derivation, file.Rounds, file.Material, passphrase);
        var opened = Sealing.Open(wrappingKey, Use, [], file.AssociatedData, file.Wrapped);
        CryptographicOperations.ZeroMemory(wrappingKey);
        if (opened is null)
        {
            throw needsPassphrase
                ? new StorageException(
                    StorageProblem.PassphraseWrong,
                    $"This is not the passphrase of the keys in {path}; try again."
                )
                : Damaged(path);
        }

        try
        {
            return new Keystore(
                opened[..32],
                keys.ImportSigningKey(opened.AsSpan(32, 32)),
                keys.ImportAgreementKey(opened.AsSpan(64, 32)),
                needsPassphrase
            );
        }
        catch (CryptographicException exception)
        {
            throw Damaged(path, exception); // intact bytes, but no numbers of this curve
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    /// <summary>Writes the same keys anew, under another passphrase or none.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public void Save(string path, IEntropy entropy, ReadOnlySpan<byte> passphrase = default) =>
        Save(path, entropy, passphrase, KeystoreFile.MinRounds);

    internal void Save(string path, IEntropy entropy, ReadOnlySpan<byte> passphrase, uint rounds)
    {
        var file = passphrase.IsEmpty
            ? new KeystoreFile(KeyDerivation.None, 0, entropy.Bytes(KeystoreFile.WrappingKeySize), [])
            : new KeystoreFile(KeyDerivation.Pbkdf2Sha512, rounds, entropy.Bytes(KeystoreFile.SaltSize), []);
        byte[] plaintext = [.. _storeKey, .. Signing.ExportScalar(), .. Agreement.ExportScalar()];
        var wrappingKey = WrappingKey(file.Derivation, file.Rounds, file.Material, passphrase);
        var wrapped = Sealing.Seal(entropy, wrappingKey, Use, [], file.AssociatedData, plaintext);
        CryptographicOperations.ZeroMemory(wrappingKey);
        CryptographicOperations.ZeroMemory(plaintext);
        try
        {
            PrivateFile.Replace(path, (file with { Wrapped = wrapped }).Write());
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The keys could not be written", path);
        }

        HasPassphrase = !passphrase.IsEmpty;
    }

    private static byte[] WrappingKey(
        KeyDerivation derivation,
        uint rounds,
        byte[] material,
        ReadOnlySpan<byte> passphrase
    ) =>
        derivation == KeyDerivation.None
            ? [.. material]
            : Rfc2898DeriveBytes.Pbkdf2(
                passphrase,
                material,
                checked((int)rounds),
                HashAlgorithmName.SHA512,
                KeystoreFile.WrappingKeySize
            );

    private static KeystoreFile ReadFile(string path) =>
        KeystoreFile.TryParse(ReadAll(path), out var file, out var problem) && file is not null ? file
        : problem == StorageProblem.KeysNewer ? throw Newer(path)
        : throw Damaged(path);

    private static byte[] ReadAll(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new StorageException(
                    StorageProblem.NoProfile,
                    $"There are no keys in {path}; check the name, or start PeerChat there once to make them."
                );
            }

            return file.Length > KeystoreFile.MaxSize ? [] : File.ReadAllBytes(path);
        }
        catch (Exception exception) when (FileProblem.Is(exception))
        {
            throw FileProblem.Explain(exception, "The keys could not be read", path);
        }
    }

    private static StorageException Newer(string path) =>
        new(
            StorageProblem.KeysNewer,
            $"The keys in {path} were written by a newer PeerChat; update this one to use them."
        );

    private static StorageException Damaged(string path, Exception? innerException = null) =>
        new(
            StorageProblem.KeysDamaged,
            $"The keys in {path} are damaged; put the file back from a backup, "
                + "or move the whole folder away to begin with a new identity.",
            innerException
        );
}
