using System.Text;
using PeerChat.Node.Profiles;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Storage;

/// <summary>Passphrases as they are typed, and the file that holds the keys while its passphrase changes.</summary>
public sealed class ProfileKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_ways_to_type_one_letter_are_one_passphrase() =>
        ProfileKeys
            .Normalise(Encoding.UTF8.GetBytes("cafe\u0301"))
            .ShouldBe(ProfileKeys.Normalise(Encoding.UTF8.GetBytes("caf\u00e9")));

    [Theory]
    [InlineData("1234567", false)]
    [InlineData("12345678", true)]
    [InlineData("\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00", false)] // four characters, whatever their bytes
    public void A_passphrase_has_eight_characters_at_least(string text, bool isGood) =>
        ProfileKeys.IsLongEnough(Encoding.UTF8.GetBytes(text)).ShouldBe(isGood);

    [Theory]
    [InlineData(ProfileKeys.MaxBytes, true)]
    [InlineData(ProfileKeys.MaxBytes + 1, false)]
    public void A_passphrase_has_1024_bytes_at_most(int bytes, bool isGood) =>
        (ProfileKeys.Normalise(Enumerable.Repeat((byte)'x', bytes).ToArray()) is not null).ShouldBe(isGood);

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE })]
    [InlineData(new byte[] { (byte)'a', 0 })]
    public void What_is_no_text_is_no_passphrase(byte[] bytes) => ProfileKeys.Normalise(bytes).ShouldBeNull();

    [Fact]
    public void Two_changes_at_once_do_not_touch_each_other()
    {
        _folder.OpenOwner().Dispose();
        var options = new NodeOptions { User = "alice", ProfileDirectory = _folder.Profile.FullPath };
        ProfileKeys
            .Protect(
                options,
                () =>
                {
                    Should
                        .Throw<NodeStartException>(() => ProfileKeys.Protect(options, () => []))
                        .Message.ShouldContain("at this moment");
                    return [.. "correct horse"u8];
                }
            )
            .ShouldBeTrue();
        ProfileKeys.AreProtected(options).ShouldBeTrue();
    }

    [Fact]
    public void What_a_kill_left_of_older_keys_is_removed_at_the_next_start_but_not_what_is_being_written()
    {
        _folder.OpenOwner().Dispose();
        var left = _folder.Profile.KeystorePath + PrivateFile.UnfinishedSuffix;
        File.WriteAllText(left, "keys without a passphrase");
        _folder.OpenOwner().Dispose();
        File.Exists(left).ShouldBeTrue();
        File.SetLastWriteTimeUtc(left, File.GetLastWriteTimeUtc(left).AddMinutes(-2));
        _folder.OpenOwner().Dispose();
        File.Exists(left).ShouldBeFalse();
    }
}
