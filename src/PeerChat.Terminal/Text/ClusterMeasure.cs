using System.Globalization;
using System.Text;

namespace PeerChat.Terminal.Text;

/// <summary>Adds up a cluster of several code points: how wide it is, whether terminals agree, when it is full.</summary>
internal struct ClusterMeasure(Rune first)
{
    private readonly int _firstColumns = TextWidth.Of(first);
    private readonly bool _isRegionalIndicator = CharacterRules.IsRegionalIndicator(first.Value);
    private Rune _previous = first;
    private int _marks = 0;
    private int _runes = 1;
    private bool _isDoubtful = TextWidth.IsDoubtful(first);
    private bool _isWide = false;
    private bool _hasAppendedLetter = false;

    /// <summary>Whether the code point added last is one too many to be drawn.</summary>
    public readonly bool IsFull => _marks > TextCluster.MaxMarks || _runes > TextCluster.MaxRunes;

    /// <summary>Takes the next code point; false when the cluster must end before it.</summary>
    public bool TryAdd(Rune rune, bool isLast)
    {
        var value = rune.Value;
        if (CharacterRules.IsJoiner(value))
        {
            if (!CharacterRules.IsJoinerMeaningful(value, _previous, isLast))
            {
                return false;
            }

            _isDoubtful = true;
        }
        else if (CharacterRules.IsAlwaysShown(rune))
        {
            return false;
        }
        else
        {
            Measure(rune, value);
        }

        _runes++;
        _previous = rune;
        return true;
    }

    /// <summary>The cluster of so many UTF-16 units, of which so many are drawn.</summary>
    public readonly TextCluster Finish(int length, int drawn)
    {
        var columns = _isWide ? 2 : Math.Min(2, Math.Max(1, _firstColumns) + (_hasAppendedLetter ? 1 : 0));
        var form = _isDoubtful ? ClusterForm.Doubtful : ClusterForm.Plain;
        return new TextCluster(
            0,
            length,
            drawn,
            columns,
            _firstColumns == 0 ? ClusterForm.OnDottedCircle : form
        );
    }

    private void Measure(Rune rune, int value)
    {
        if (value == CharacterRules.EmojiPresentation || CharacterRules.IsSkinTone(value))
        {
            _isWide = true;
            _isDoubtful = true;
        }
        else if (_isRegionalIndicator && CharacterRules.IsRegionalIndicator(value))
        {
            _isWide = true;
            _isDoubtful = true;
        }
        else if (CharacterRules.IsAppendedLetter(value))
        {
            _hasAppendedLetter = true;
            _isDoubtful = true;
        }
        else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
        {
            _marks++;
            _isDoubtful |= CharacterRules.IsVariationSelector(value);
        }
        else
        {
            // Spacing and enclosing marks, joined pictographs, Hangul jamo, letters behind prefixed ones
            _marks += CharacterRules.IsMark(rune) ? 1 : 0;
            _isDoubtful = true;
        }
    }
}
