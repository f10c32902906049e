using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Signalling;
using Shouldly;
using Xunit;
using static PeerChat.Node.Tests.Storage.Samples;

namespace PeerChat.Node.Tests.Storage;

public sealed class TableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ProfileStore _store;

    public TableTests() => _store = _folder.OpenOwner();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_contact_comes_back_as_it_was()
    {
        var bob = Contact("bob", "Bobby") with
        {
            IsBlocked = true,
            Trust = TrustState.Verified,
            Services = [new ServiceHint(Rung.PeerServer, "wss://peers.example.org/")],
        };
        _store.Contacts.Write(bob);

        var read = _store.Contacts.Find(bob.PeerId).ShouldNotBeNull();
        read.SigningKey.ToArray().ShouldBe(bob.SigningKey.ToArray());
        read.AgreementKey.ToArray().ShouldBe(bob.AgreementKey.ToArray());
        read.LastAddresses.ShouldBe(bob.LastAddresses);
        read.Services.ShouldBe(bob.Services);
        (
            read with
            {
                SigningKey = default,
                AgreementKey = default,
                LastAddresses = [],
                Services = [],
            }
        ).ShouldBe(
            bob with
            {
                SigningKey = default,
                AgreementKey = default,
                LastAddresses = [],
                Services = [],
            }
        );
        read.Name.ShouldBe("Bobby");
    }

    [Theory]
    [InlineData(TrustState.None)]
    [InlineData(TrustState.Seen)]
    [InlineData(TrustState.Pinned)]
    [InlineData(TrustState.Introduced)]
    [InlineData(TrustState.Verified)]
    public void Every_state_of_trust_survives(TrustState trust)
    {
        _store.Contacts.Write(Contact("bob") with { Trust = trust });
        _store.Contacts.Find(Peer("bob"))!.Trust.ShouldBe(trust);
    }

    [Fact]
    public void Contacts_are_replaced_listed_and_forgotten()
    {
        _store.Contacts.Write(Contact("bob"));
        _store.Contacts.Write(Contact("bob", "Bobby"));
        _store.Contacts.Write(Contact("carol"));

        _store.Contacts.ReadAll().Select(c => c.Name).ShouldBe(["Bobby", "carol"], ignoreOrder: true);
        _store.Contacts.Remove(Peer("bob"));
        _store.Contacts.ReadAll().ShouldHaveSingleItem().Name.ShouldBe("carol");
        _store.Contacts.Find(Peer("bob")).ShouldBeNull();
    }

    [Fact]
    public void Keeps_the_first_addresses_of_a_contact_up_to_the_limit()
    {
        var addresses = Enumerable
            .Range(1, 20)
            .Select(port => new KnownAddress(
                new TransportAddress(System.Net.IPAddress.Loopback, port),
                new WallTime(port)
            ))
            .ToList();
        _store.Contacts.Write(Contact("bob") with { LastAddresses = addresses });

        _store
            .Contacts.Find(Peer("bob"))!
            .LastAddresses.ShouldBe(addresses.Take(Node.Storage.Contact.MaxAddresses));
    }

    [Fact]
    public void Open_rooms_are_found_by_name_replaced_listed_and_forgotten()
    {
        _store.OpenRooms.Write(new OpenRoom(Room("a"), "dev", new byte[] { 1 }, new WallTime(1)));
        _store.OpenRooms.Write(new OpenRoom(Room("a"), "dev", new byte[] { 2 }, new WallTime(2)));
        _store.OpenRooms.Write(new OpenRoom(Room("b"), "art", new byte[] { 3 }, new WallTime(3)));

        _store.OpenRooms.ReadAll().Select(r => r.Name).ShouldBe(["art", "dev"]);
        var dev = _store.OpenRooms.Find("dev").ShouldNotBeNull();
        dev.RoomId.ShouldBe(Room("a"));
        dev.Secret.ToArray().ShouldBe([2]);
        dev.Joined.ShouldBe(new WallTime(2));
        _store.OpenRooms.Remove("dev");
        _store.OpenRooms.Find("dev").ShouldBeNull();
    }

    [Fact]
    public void The_outbox_keeps_order_and_never_uses_a_number_twice()
    {
        var first = _store.Outbox.Add("bob", "one", new WallTime(1));
        var second = _store.Outbox.Add("carol", "two", new WallTime(2));
        var third = _store.Outbox.Add("bob", "three", new WallTime(3));

        _store.Outbox.ReadAll().ShouldBe([first, second, third]);
        _store.Outbox.Read("bob").ShouldBe([first, third]);
        _store.Outbox.Remove(third.Number);
        _store.Commit();
        _store.Outbox.Add("bob", "four", new WallTime(4)).Number.ShouldBeGreaterThan(third.Number);
    }

    [Fact]
    public void An_empty_draft_is_no_draft()
    {
        _store.Drafts.Write("@bob", "text");
        _store.Drafts.Write("@bob", "text and more");
        _store.Drafts.Read("@bob").ShouldBe("text and more");
        _store.Drafts.Read("@carol").ShouldBe("");
        _store.Drafts.Write("@bob", "");
        _store.Database.ReadNumber("SELECT count(*) FROM drafts").ShouldBe(0);
    }

    [Fact]
    public void Keeps_the_newest_500_input_lines_of_each_chat()
    {
        _store.Drafts.AddInputLine("@carol", "hers");
        for (var i = 1; i <= 510; i++)
        {
            _store.Drafts.AddInputLine("@bob", $"line {i}");
        }

        var lines = _store.Drafts.ReadInputLines("@bob");
        lines.Count.ShouldBe(DraftTable.MaxInputLines);
        lines[0].ShouldBe("line 11");
        lines[^1].ShouldBe("line 510");
        _store.Drafts.ReadInputLines("@carol").ShouldBe(["hers"]);
    }

    [Fact]
    public void A_chat_that_gets_a_key_takes_its_draft_and_lines_along()
    {
        _store.Drafts.Write("?bob", "draft");
        _store.Drafts.AddInputLine("@id", "older");
        _store.Drafts.AddInputLine("?bob", "newer");

        _store.Drafts.Move("?bob", "@id");
        _store.Drafts.Move("@id", "@id");

        _store.Drafts.Read("@id").ShouldBe("draft");
        _store.Drafts.ReadInputLines("@id").ShouldBe(["older", "newer"]);
        _store.Drafts.Read("?bob").ShouldBe("");
        _store.Drafts.ReadInputLines("?bob").ShouldBeEmpty();
    }

    [Fact]
    public void A_setting_is_replaced_and_forgotten()
    {
        _store.Settings.Read("word").ShouldBeNull();
        _store.Settings.Write("word", "one");
        _store.Settings.Write("word", "");
        _store.Settings.Read("word").ShouldBe("");
        _store.Settings.Write("word", null);
        _store.Settings.Read("word").ShouldBeNull();
    }
}
