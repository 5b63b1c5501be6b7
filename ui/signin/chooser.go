package signin

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// choice is one line of a chooser.
type choice struct {
	value any    // a Choice or a Where
	text  string // clean
	hint  string // what it means, shown while the cursor is on it
}

// chooser is a list of choices with a cursor that goes around.
type chooser struct {
	choices []choice
	at      int
}

func (c *chooser) selected() any { return c.choices[c.at].value }

// update moves the cursor.
func (c *chooser) update(msg tea.KeyPressMsg, keys keymap.Map) {
	n := len(c.choices)
	switch a, _ := keys.Find(msg.String(), keymap.Menu); a.Name {
	case keymap.MoveUp:
		c.at = (c.at + n - 1) % n
	case keymap.MoveDown:
		c.at = (c.at + 1) % n
	case keymap.MoveTop, keymap.MovePageUp, keymap.MoveHalfUp:
		c.at = 0
	case keymap.MoveBottom, keymap.MovePageDown, keymap.MoveHalfDown:
		c.at = n - 1
	}
}

func (c *chooser) draw(b *body) {
	for i, ch := range c.choices {
		s := plain.Cut(ch.text, max(1, b.textW()-2), b.t.Glyphs.Ellipsis)
		if i == c.at {
			s = b.t.Paint(theme.Accent, b.t.Glyphs.Cursor+" ") + b.t.Paint(theme.Strong, s)
		} else {
			s = "  " + s
		}
		b.draw(s, rankRow, i == c.at)
	}
	b.blank()
	b.say(theme.Dim, rankHint, c.choices[c.at].hint)
}

// startChoices begin with sample data for a newcomer, and with connecting for
// someone who chose a profile without a key.
func startChoices(profile, back string) []choice {
	demo := choice{Demo, "Look around with sample data", "Sample contacts, offline. Nothing is stored."}
	connect := choice{Connected, "Connect an account",
		"Use a Lev API key or session token. We check it, then ask where to store it."}
	quit := choice{Quit, "Quit", "Nothing was changed on this machine."}
	if profile == "" {
		return []choice{demo, connect, quit}
	}
	out := []choice{connect, demo, quit}
	if back != "" {
		out = slices.Insert(out, 1, choice{Back, "Go back to profile " + plain.Clean(back), "Nothing is changed."})
	}
	return out
}

// placeChoices leaves the keyring out where there is none; the page says why.
func placeChoices(keyring bool) []choice {
	out := []choice{
		{Keyring, "In the system keyring",
			"Locked by your system and opened with your login. The next start opens your contacts at once."},
		{File, "In a file that only you can read",
			"As plain text on this disk. You are asked once more before it is written."},
		{ThisRun, "Nowhere, only for this run", "The key is not written anywhere. The next start asks for it again."},
	}
	if !keyring {
		return out[1:]
	}
	return out
}
