using PeerChat.Node.Control;
using PeerChat.Node.Engine;
using PeerChat.Node.Host;
using PeerChat.Node.Storage;
using PeerChat.Node.Transport;
using PeerChat.Rooms;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node;

/// <summary>Reads a profile without owning it, so that it works beside a running node.</summary>
public sealed partial class ProfileReader : IDisposable
{
    private readonly ProfileStore _store;
    private readonly LookingStore _rooms;
    private readonly ContactBook _contacts;
    private readonly OwnIdentity _self;
    private readonly DisplayName _name;
    private readonly NodeClock _clock = new();
    private readonly SystemEntropy _entropy = new();

    private ProfileReader(ProfileChoice choice, NodeOptions options)
    {
        _store = ProfileStore.OpenReadOnly(
            choice.Folder,
            new SystemKeySource(),
            _entropy,
            KeyUnlock.Open(choice.Folder.KeystorePath, options)
        );
        _rooms = new LookingStore(_store.Rooms);
        _self = new OwnIdentity(_store.Keystore.Signing, _store.Keystore.Agreement);
        _name = choice.Name;
        _contacts = new ContactBook(_store.Contacts, _self.PeerId, _name);
    }

    /// <summary>The contacts' names.</summary>
    public IEnumerable<string> ContactNames => _contacts.All.Select(contact => contact.Name.ToString());

    /// <summary>The names of the open rooms.</summary>
    public IEnumerable<string> RoomNames => _store.OpenRooms.ReadAll().Select(room => room.Name);

    /// <summary>Opens a profile for reading.</summary>
    /// <exception cref="NodeStartException">There is none, or it cannot be read; the message says what to do.</exception>
    public static ProfileReader Open(NodeOptions options)
    {
        var choice = ProfileChoice.Resolve(options);
        return choice.Folder.Exists
            ? StartFailures.Guard(() => new ProfileReader(choice, options))
            : throw new NodeStartException(
                NodeStartFailure.Usage,
                $"There is no profile of {choice.Name} here yet, so it has no history; check the name, or chat with it first."
            );
    }

    /// <summary>One's own name and ids; makes the key pair at the first use of a name.</summary>
    /// <exception cref="NodeStartException">The profile cannot be read or made; the message says what to do.</exception>
    public static (string Name, string Id, string ShortId) ReadIdentity(NodeOptions options)
    {
        var choice = ProfileChoice.Resolve(options);
        return StartFailures.Guard(() =>
        {
            PeerId id;
            if (choice.Folder.Exists)
            {
                id = KeyUnlock.Open(choice.Folder.KeystorePath, options).PeerId;
            }
            else
            {
                using var made = ProfileStore.OpenOwner(
                    choice.Folder,
                    new SystemKeySource(),
                    new SystemEntropy()
                );
                choice.Remember();
                id = made.Keystore.PeerId;
            }

            return (choice.Name.ToString(), PeerIdText.Format(id), PeerIdText.ShortForm(id));
        });
    }

    /// <summary>The folder of the profile that the options mean, and the name it belongs to; it need not exist.</summary>
    /// <exception cref="NodeStartException">No name is known, or it cannot be one.</exception>
    public static (string Name, string Folder) Locate(NodeOptions options)
    {
        var choice = ProfileChoice.Resolve(options);
        return (choice.Name.ToString(), choice.Folder.FullPath);
    }

    /// <summary>Where other processes reach the node that runs: a path, or on Windows the name of a pipe; null where there is none.</summary>
    /// <exception cref="NodeStartException">No name is known, or it cannot be one.</exception>
    public static string? LocateSocket(NodeOptions options)
    {
        var folder = ProfileChoice.Resolve(options).Folder;
        return OperatingSystem.IsWindows()
            ? ControlAddress.PipeName(folder)
            : ControlAddress.ForClient(folder);
    }

    /// <summary>The newest messages of the chat with a contact, oldest first.</summary>
    /// <exception cref="NodeStartException">There is no such contact.</exception>
    public IReadOnlyList<ChatMessage> ReadDirect(string person, int count) => Show(OpenDirect(person), count);

    /// <summary>The newest messages of an open or private room, oldest first.</summary>
    /// <exception cref="NodeStartException">The room was never joined.</exception>
    public IReadOnlyList<ChatMessage> ReadRoom(string name, int count) => Show(OpenRoom(name), count);

    private KnownContact FindContact(string person) =>
        (
            PeerIdText.TryParse(person, out var id) ? _contacts.Find(id)
            : DisplayName.TryCreate(person, out var name, out _) ? _contacts.Find(name)
            : null
        )
        ?? throw new NodeStartException(
            NodeStartFailure.Usage,
            $"{person} is none of your contacts yet, so there is no history with them; the contacts are: "
                + (
                    _contacts.All.Count == 0
                        ? "nobody."
                        : string.Join(", ", _contacts.All.Select(one => one.Name)) + "."
                )
        );

    private static string ChatKeyOf(KnownContact contact) => "@" + PeerIdText.Format(contact.Identity.PeerId);

    /// <summary>Opens a chat to read all of its messages, oldest first, page by page.</summary>
    /// <param name="person">Whose chat: a contact's name or full id; or null.</param>
    /// <param name="room">Which room; or null.</param>
    /// <returns>What reads a page: the first for null, the next for what the one before it says.</returns>
    /// <exception cref="NodeStartException">There is no such chat.</exception>
    public Func<string?, NodeReply.ExportPage> OpenExport(string? person, string? room)
    {
        var (chat, opened) = person is not null ? OpenDirect(person) : OpenRoom(room!);
        var title = person is not null ? FindContact(person).Name.ToString() : opened.Info.Title;
        return after =>
            StartFailures.Guard(() =>
                HistoryPages.Export(
                    chat,
                    title.Length > 0 ? title : chat,
                    opened,
                    _store.Imported,
                    new WaitingTexts(_store.Outbox)
                        .Of(chat)
                        .Select(waiting => MessageView.Show(chat, waiting, _name, _self.PeerId)),
                    after is not null && HistoryPlace.TryParse(after, out var place) ? place : null,
                    message => Show(chat, message)
                )
            );
    }

    private ChatMessage Show(string chat, RoomMessage message) =>
        MessageView.Show(chat, message, _name, _self.PeerId, _contacts);

    private (string Chat, Room Room) OpenDirect(string person)
    {
        var contact = FindContact(person);
        return StartFailures.Guard(() =>
            (
                ChatKeyOf(contact),
                Room.OpenDirect(
                    _self,
                    _name,
                    contact.Identity,
                    _rooms,
                    new SystemKeySource(),
                    _entropy,
                    _clock.WallNow
                )
            )
        );
    }

    private (string Chat, Room Room) OpenRoom(string name)
    {
        var titled = _store
            .PrivateRooms.ReadAll()
            .Where(one =>
                string.Equals(one.Title, name, StringComparison.OrdinalIgnoreCase) || "+" + one.RoomId == name
            )
            .ToList();
        if (titled is [var only])
        {
            return StartFailures.Guard(() => OpenPrivate(only));
        }

        if (DisplayName.TryCreate(name, out var known, out _))
        {
            if (_store.OpenRooms.Find(known.ToString()) is { } room)
            {
                return StartFailures.Guard(() => OpenOpen(room));
            }

            // The node does not know yet, or ended before it knew, the secrets of a room that was just joined
            if (new WaitingTexts(_store.Outbox).Count("#" + known) > 0)
            {
                return StartFailures.Guard(() =>
                    OpenOpen(known.ToString(), OpenRoomSecrets.DeriveExpensively(known))
                );
            }
        }

        throw new NodeStartException(
            NodeStartFailure.Usage,
            $"The room {name} was never joined with this profile, so there is no history of it."
        );
    }

    private (string Chat, Room Room) OpenOpen(OpenRoom room) =>
        OpenOpen(room.Name, OpenRoomSecrets.Restore(room.Secret.Span));

    private (string Chat, Room Room) OpenOpen(string name, OpenRoomSecrets secrets) =>
        (
            "#" + name,
            Room.OpenOpen(
                _self,
                _name,
                secrets.RoomId,
                secrets.EpochSecret.Span,
                secrets.RendezvousSecret.Span,
                _rooms,
                new SystemKeySource(),
                _entropy,
                _clock.WallNow
            )
        );

    private (string Chat, Room Room) OpenPrivate(PrivateRoom record) =>
        (
            "+" + record.RoomId,
            Room.OpenPrivate(
                _self,
                _name,
                record.RoomId,
                _rooms,
                new SystemKeySource(),
                _entropy,
                _clock.WallNow
            )
        );

    private IEnumerable<(string Chat, Room Room)> AllRooms() =>
        _store.PrivateRooms.ReadAll().Select(OpenPrivate).Concat(_store.OpenRooms.ReadAll().Select(OpenOpen));

    /// <summary>Closes the profile.</summary>
    public void Dispose() => _store.Dispose();

    private List<ChatMessage> Show((string Chat, Room Room) opened, int count) =>
        StartFailures.Guard(() => Show(opened.Chat, opened.Room, count));

    private List<ChatMessage> Show(string chat, Room room, int count)
    {
        var messages = HistoryPages
            .Newest(chat, room, _store.Imported, before: null, count, message => Show(chat, message))
            .Take(count)
            .Reverse()
            .ToList();
        foreach (var waiting in new WaitingTexts(_store.Outbox).Of(chat))
        {
            messages.Add(MessageView.Show(chat, waiting, _name, _self.PeerId));
        }

        return messages;
    }
}
