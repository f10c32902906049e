using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using PeerChat.Node.Storage;
using PeerChat.Rooms.Crypto;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Storage;

public sealed class KeystoreTests : IDisposable
{
    private static readonly SystemKeySource Keys = new();
    private readonly TemporaryFolder _folder = new();
    private readonly SeededEntropy _entropy = new(1);

    private string KeysPath => _folder.In("identity.keys");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Comes_back_with_the_same_keys()
    {
        var made = Keystore.Create(KeysPath, Keys, _entropy);
        var read = Keystore.Open(KeysPath, Keys);

        read.HasPassphrase.ShouldBeFalse();
        read.StoreKey.ToArray().ShouldBe(made.StoreKey.ToArray());
        read.Signing.ExportScalar().ShouldBe(made.Signing.ExportScalar());
        read.Agreement.ExportScalar().ShouldBe(made.Agreement.ExportScalar());
        read.Signing.ExportScalar().ShouldNotBe(read.Agreement.ExportScalar());
        read.PeerId.ShouldBe(made.PeerId);
        read.PeerId.Value.ShouldBe(Digest.Labelled("id", read.Signing.PublicKey, read.Agreement.PublicKey));
    }

    [Fact]
    public void A_passphrase_protects_and_can_be_changed_and_taken_away()
    {
        var made = Keystore.Create(KeysPath, Keys, _entropy, "correct horse"u8);
        made.HasPassphrase.ShouldBeTrue();
        Keystore.Open(KeysPath, Keys, "correct horse"u8).PeerId.ShouldBe(made.PeerId);
        ProblemOfOpening("wrong horse").ShouldBe(StorageProblem.PassphraseWrong);
        ProblemOfOpening("").ShouldBe(StorageProblem.PassphraseNeeded);

        made.Save(KeysPath, _entropy, "battery staple"u8);
        ProblemOfOpening("correct horse").ShouldBe(StorageProblem.PassphraseWrong);
        Keystore.Open(KeysPath, Keys, "battery staple"u8).HasPassphrase.ShouldBeTrue();

        made.Save(KeysPath, _entropy);
        Keystore.Open(KeysPath, Keys).PeerId.ShouldBe(made.PeerId);
    }

    [Fact]
    public void No_key_stands_in_the_file_in_the_clear()
    {
        var made = Keystore.Create(KeysPath, Keys, _entropy);
        var bytes = File.ReadAllBytes(KeysPath);
        bytes.AsSpan().IndexOf(made.StoreKey).ShouldBe(-1);
        bytes.AsSpan().IndexOf(made.Signing.ExportScalar()).ShouldBe(-1);
    }

    [Fact]
    public void Each_writing_uses_other_salts()
    {
        var made = Keystore.Create(KeysPath, Keys, _entropy);
        var first = File.ReadAllBytes(KeysPath);
        made.Save(KeysPath, _entropy);
        File.ReadAllBytes(KeysPath).ShouldNotBe(first);
    }

    [Fact]
    public void Never_overwrites_keys_with_a_new_identity()
    {
        Keystore.Create(KeysPath, Keys, _entropy);
        Should.Throw<InvalidOperationException>(() => Keystore.Create(KeysPath, Keys, _entropy));
    }

    [Fact]
    public void Missing_keys_are_named() => ProblemOfOpening("").ShouldBe(StorageProblem.NoProfile);

    [Fact]
    public void Keys_cut_short_anywhere_are_damaged()
    {
        Keystore.Create(KeysPath, Keys, _entropy);
        var whole = File.ReadAllBytes(KeysPath);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(KeysPath, whole[..length]);
            ProblemOfOpening("").ShouldBe(StorageProblem.KeysDamaged, $"{length} bytes");
        }
    }

    [Fact]
    public void One_wrong_bit_anywhere_is_damage_and_not_a_wrong_passphrase()
    {
        Keystore.Create(KeysPath, Keys, _entropy);
        var whole = File.ReadAllBytes(KeysPath);
        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[i] ^= 0x10;
            File.WriteAllBytes(KeysPath, damaged);
            ProblemOfOpening("secret").ShouldBe(StorageProblem.KeysDamaged, $"byte {i}");
        }
    }

    [Fact]
    public void A_forged_header_with_a_fitting_checksum_does_not_open()
    {
        var made = Keystore.Create(KeysPath, Keys, _entropy);
        made.Save(KeysPath, _entropy, "secret"u8, KeystoreFile.MinRounds);
        var bytes = File.ReadAllBytes(KeysPath);
        bytes[14]++; // one round more: it is part of the derivation and of the associated data
        WriteWithChecksum(bytes);

        ProblemOfOpening("secret").ShouldBe(StorageProblem.PassphraseWrong);
    }

    [Fact]
    public void Newer_keys_are_named()
    {
        Keystore.Create(KeysPath, Keys, _entropy);
        var bytes = File.ReadAllBytes(KeysPath);
        bytes[9] = 2;
        WriteWithChecksum([.. bytes, 1, 2, 3]); // a newer version may have more in it

        var refusal = Should.Throw<StorageException>(() => Keystore.Open(KeysPath, Keys));
        refusal.Problem.ShouldBe(StorageProblem.KeysNewer);
        refusal.Message.ShouldContain("newer PeerChat");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(KeystoreFile.MinRounds - 1)]
    [InlineData(KeystoreFile.MaxRounds + 1)]
    [InlineData(uint.MaxValue)]
    public void Refuses_too_few_and_too_many_rounds_before_counting_one(uint rounds)
    {
        var file = new KeystoreFile(
            KeyDerivation.Pbkdf2Sha512,
            rounds,
            new byte[KeystoreFile.SaltSize],
            new byte[Sealing.Overhead + KeystoreFile.KeysSize]
        );
        KeystoreFile.TryParse(file.Write(), out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(StorageProblem.KeysDamaged);
    }

    [Theory]
    [InlineData(KeystoreFile.MinRounds)]
    [InlineData(KeystoreFile.MaxRounds)]
    public void Reads_the_bounds_of_the_rounds(uint rounds)
    {
        var file = new KeystoreFile(
            KeyDerivation.Pbkdf2Sha512,
            rounds,
            new byte[KeystoreFile.SaltSize],
            new byte[Sealing.Overhead + KeystoreFile.KeysSize]
        );
        KeystoreFile.TryParse(file.Write(), out var read, out _).ShouldBeTrue();
        read!.Rounds.ShouldBe(rounds);
        read.Write().ShouldBe(file.Write());
    }

    [Fact]
    public void No_bytes_make_the_parser_throw()
    {
        Keystore.Create(KeysPath, Keys, _entropy);
        var whole = File.ReadAllBytes(KeysPath);
        Prop.ForAll<byte[], int>(
                (noise, at) =>
                {
                    var bytes = (byte[])whole.Clone();
                    noise
                        .Take(bytes.Length)
                        .ToArray()
                        .CopyTo(
                            bytes,
                            (int)((uint)at % (bytes.Length - Math.Min(noise.Length, bytes.Length) + 1))
                        );
                    KeystoreFile.TryParse(noise, out _, out _).ShouldBeFalse();
                    SHA256.HashData(bytes.AsSpan(..^32)).CopyTo(bytes, bytes.Length - 32);
                    _ = KeystoreFile.TryParse(bytes, out _, out _);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        File.WriteAllBytes(KeysPath, new byte[KeystoreFile.MaxSize + 1]);
        ProblemOfOpening("").ShouldBe(StorageProblem.KeysDamaged);
    }

    [Fact]
    public void A_crash_before_the_rename_leaves_the_old_keys()
    {
        var made = Keystore.Create(KeysPath, Keys, _entropy);
        Node.Profiles.PrivateFile.WriteBeside(KeysPath, "what a crash left"u8);

        Keystore.Open(KeysPath, Keys).PeerId.ShouldBe(made.PeerId);
        made.Save(KeysPath, _entropy);
        Directory.GetFiles(_folder.FullPath).ShouldBe([KeysPath]);
    }

    [Fact]
    public void A_crash_before_the_first_rename_leaves_no_profile_and_stops_nobody()
    {
        _folder.Profile.Create();
        Node.Profiles.PrivateFile.WriteBeside(_folder.Profile.KeystorePath, "half a"u8);
        _folder.Profile.Exists.ShouldBeFalse();

        using var store = _folder.OpenOwner();
        store.IsNew.ShouldBeTrue();
        File.Exists(_folder.Profile.KeystorePath + ".new").ShouldBeFalse();
    }

    [Fact]
    public void Keys_that_cannot_be_written_are_named()
    {
        Directory.CreateDirectory(KeysPath);
        File.WriteAllText(Path.Combine(KeysPath, "in the way"), "");

        Should.Throw<StorageException>(() => Keystore.Create(KeysPath, Keys, _entropy));
    }

    private StorageProblem ProblemOfOpening(string passphrase) =>
        Should
            .Throw<StorageException>(() =>
                Keystore.Open(KeysPath, Keys, System.Text.Encoding.UTF8.GetBytes(passphrase))
            )
            .Problem;

    private void WriteWithChecksum(byte[] bytes)
    {
        SHA256.HashData(bytes.AsSpan(..^32)).CopyTo(bytes, bytes.Length - 32);
        File.WriteAllBytes(KeysPath, bytes);
    }
}
