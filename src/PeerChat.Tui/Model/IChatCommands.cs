using PeerChat.Node;

namespace PeerChat.Tui.Model;

/// <summary>What the slash commands do, on the screen and in line mode; each says false where its argument is not of its form.</summary>
internal interface IChatCommands
{
    /// <summary>Joins a person, and shows the chat as soon as there is one.</summary>
    bool JoinPeer(string target, string? address);

    /// <summary>Joins a room, and shows it as soon as it is there.</summary>
    bool JoinRoom(string room, string? address);

    /// <summary>Answers the oldest question that yes or no answers.</summary>
    bool AnswerOldest(bool yes);

    /// <summary>Answers the oldest choice by number.</summary>
    bool Choose(string number);

    /// <summary>Lists the chats.</summary>
    bool ListChats();

    /// <summary>Opens a chat by its number in the list.</summary>
    bool OpenNumber(string text);

    /// <summary>Lists who is in the chat shown.</summary>
    bool ListMembers();

    /// <summary>Opens the next chat with something unread.</summary>
    bool OpenUnread();

    /// <summary>Selects the newest message, to do something with it.</summary>
    bool SelectMessage();

    /// <summary>Scrolls to what was read last.</summary>
    bool GoToLastRead();

    /// <summary>Shows nothing but messages, or the lists again.</summary>
    bool ToggleBare();

    /// <summary>Edits what stands in the input line with the user's editor.</summary>
    bool EditDraft();

    /// <summary>Searches for words.</summary>
    bool Search(string words);

    /// <summary>Draws everything anew.</summary>
    bool Redraw();

    /// <summary>Asks the node something about the chat shown, and shows the answer.</summary>
    bool AskOfChat(Func<string, NodeCommand> make);

    /// <summary>Asks the node something, and shows the answer.</summary>
    bool AskOfNode(NodeCommand command);

    /// <summary>Sends a file or folder to the chat shown.</summary>
    bool SendFile(string path);

    /// <summary>Shows a picture of the chat shown, as large as it goes.</summary>
    /// <param name="which">Its message's id, or a number, 1 for the newest; null for the newest.</param>
    bool ShowPicture(string? which);

    /// <summary>Writes the chat shown into a file, given as an absolute path.</summary>
    bool ExportChat(string path);

    /// <summary>Shows the messages of an export in the chat shown.</summary>
    bool ImportChat(string path);

    /// <summary>Lists the contacts.</summary>
    bool ListContacts();

    /// <summary>Lists first-contact requests.</summary>
    bool ListRequests();

    /// <summary>Takes an answer to a request back: that to somebody, or the last one.</summary>
    bool UndoAnswer(string? who);

    /// <summary>Says how the node is.</summary>
    bool ShowStatus();

    /// <summary>Leaves, so that the node goes on.</summary>
    bool Detach();

    /// <summary>Takes other colours, or says which there are; false for a name that none has.</summary>
    bool ChooseTheme(string? name);

    /// <summary>Uses the mouse or leaves it to the terminal; without a word the other than now.</summary>
    bool UseMouse(string? wanted);

    /// <summary>Says of what the bell and the desktop tell, or chooses that.</summary>
    bool NotifyOf(string? what);

    /// <summary>Speaks another language from now on and at the next start, or says which there are.</summary>
    bool ChooseLanguage(string? tag);

    /// <summary>Shows the commands.</summary>
    bool Help(string? about);

    /// <summary>Ends the program.</summary>
    bool Quit();
}
