package signin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// body is what the page shows between header and footer.
func (m *First) body() *body {
	b := &body{w: m.w, t: m.theme}
	b.blank()
	switch m.page {
	case pageStart:
		m.drawStart(b)
	case pageKey:
		m.drawFields(b)
	case pageFound:
		m.drawFound(b)
	case pagePlace:
		m.drawPlace(b)
	case pageFile:
		m.drawFile(b)
	default:
		m.drawStored(b)
	}
	return b
}

func (m *First) drawStart(b *body) {
	title, intro := "Welcome to levcontacts", "The contacts of your Lev account in the terminal: browse, search, edit."
	if m.o.Profile != "" {
		title, intro = "Profile "+plain.Clean(m.o.Profile)+" has no key yet", "Connect an account to use it."
	}
	b.title(title)
	b.say(theme.Dim, rankIntro, intro)
	b.blank()
	if notice := m.safe(m.o.Notice); notice != "" {
		b.say(theme.Attention, rankOther, m.theme.Glyphs.Warn+" "+notice)
		b.blank()
	}
	m.start.draw(b)
}

func (m *First) drawFields(b *body) {
	b.title("Connect an account")
	b.blank()
	for id := range fieldID(numFields) {
		if m.shown(id) {
			m.drawField(b, id)
		}
	}
}

func (m *First) drawField(b *body, id fieldID) {
	f, t := m.fields[id], m.theme
	here := id == m.at
	sign, role := "  ", theme.Dim
	if here {
		sign, role = t.Paint(theme.Accent, t.Glyphs.Cursor)+" ", theme.Accent
	}
	w := max(1, b.textW()-2-labelW)
	value := f.draw(w, here, t)
	rank := rankOther
	if here {
		rank = rankRow
	}
	b.draw(sign+t.Paint(role, plain.Fit(f.label, labelW, ""))+value, rank, here)
	if here && !m.checking.Busy() {
		b.cursorAt(f.input.Cursor(margin+2+labelW, 0).X)
	}
	b.indent = 2 + labelW
	if b.textW() < 40 {
		b.indent = 2
	}
	if m.problem != nil && m.problem.at == id {
		m.drawProblem(b)
	} else {
		hintRole, text := m.hintOf(id)
		b.say(hintRole, rankHint, text)
	}
	b.indent = 0
	b.blank()
}

// hintOf is what is said under a field.
func (m *First) hintOf(id fieldID) (theme.Role, string) {
	f := m.fields[id]
	found := m.checkField(id)
	warn := m.theme.Glyphs.Warn + " "
	switch {
	case f.misplacedKey:
		return theme.Danger, warn + "This field is visible: paste the key into the Key field."
	case f.checked && found.refused:
		return theme.Danger, warn + found.text
	case f.checked && found.text != "" && f.text() != "":
		return theme.Attention, warn + found.text
	}
	switch id {
	case fieldKey:
		return m.keyHint()
	case fieldURL:
		if f.text() != f.first && f.first != "" {
			return theme.Dim, m.o.Keys.Key(keymap.FormRevert) + " goes back to " + f.first + "."
		}
		if id == m.at {
			return theme.Dim, "Paste another address over it, or empty it with ctrl+u."
		}
		return theme.Dim, "Change it only if you were given another address."
	default:
		return theme.Dim, "Only if you belong to several accounts: the short name (slug) of the one to use."
	}
}

func (m *First) keyHint() (theme.Role, string) {
	f, r := m.fields[fieldKey], m.read()
	if f.text() == "" {
		return theme.Dim, "Paste it here. It begins with lev_sk_, or is a session token."
	}
	words := []string{"A key", "An API key", "A session token"}[r.kind] + " of " + text.Plural(len(r.key), "character")
	if f.joined {
		r.removed = append(r.removed, "line breaks")
	}
	if len(r.removed) == 0 {
		return theme.Dim, words + "."
	}
	return theme.Attention, words + ". Left out: " + strings.Join(r.removed, ", ") + "."
}

func (m *First) drawProblem(b *body) {
	p := m.problem
	b.say(theme.Danger, rankRow, m.theme.Glyphs.Warn+" "+m.safe(p.headline))
	b.say(theme.Text, rankOther, m.safe(p.message))
	advice := p.advice
	if !m.retryAt.IsZero() {
		advice = "Press enter to retry."
		if left := m.retryAt.Sub(m.o.Now()); left > 0 {
			advice = "Wait " + seconds(left+time.Second-1) + ", then press enter to retry."
		}
	}
	b.say(theme.Text, rankOther, advice)
	b.say(theme.Dim, rankRow, m.safe(p.trace))
}

func (m *First) drawFound(b *body) {
	b.title("The key works")
	b.blank()
	facts := slices.DeleteFunc(m.facts(), func(f fact) bool { return strings.TrimSpace(f.value) == "" })
	if a := m.found.Account; a.Name+a.User+a.Role+a.Tier == "" && len(a.Scopes) == 0 {
		b.say(theme.Text, rankOther, "The service accepts the key but does not say whose it is.")
		b.blank()
	}
	for _, f := range facts {
		b.labelled(f.label, strings.TrimSpace(m.safe(f.value)), f.role, f.rank)
	}
}

// fact is one line of what is known about the key.
type fact struct {
	label, value string
	role         theme.Role
	rank         rank
}

func (m *First) facts() []fact {
	a := m.found.Account
	may, role := "read contacts; write access unknown", theme.Text
	switch {
	case a.ReadOnly != "":
		may, role = "READ-ONLY: read contacts, not change them ("+a.ReadOnly+")", theme.Attention
	case m.found.WriteKnown:
		may = "read and change contacts"
	}
	out := []fact{
		{"Account", a.Name, theme.Strong, rankRow}, {"User", a.User, theme.Text, rankRow},
		{"Role", a.Role, theme.Text, rankOther},
		{"Tier", a.Tier, theme.Text, rankOther}, {"Limits", m.limits(), theme.Text, rankOther},
		{"Allowed", may, role, rankRow}, {"Scopes", strings.Join(a.Scopes, ", "), theme.Dim, rankHint},
		{"Service", m.attempt.BaseURL, theme.Dim, rankHint},
	}
	return out
}

func (m *First) limits() string {
	all, each := m.found.AccountLimit, m.found.EndpointLimit
	switch {
	case all > 0 && each > 0:
		return fmt.Sprintf("%d requests a minute, %d per endpoint", all, each)
	case all > 0:
		return fmt.Sprintf("%d requests a minute", all)
	case each > 0:
		return fmt.Sprintf("%d requests a minute per endpoint", each)
	}
	return ""
}

func (m *First) drawPlace(b *body) {
	b.title("Where should the key be stored?")
	b.blank()
	if m.place == nil {
		return
	}
	if !m.keyring.ok {
		b.say(theme.Attention, rankOther, m.theme.Glyphs.Warn+" The system keyring cannot be used"+m.keyring.why+".")
		b.blank()
	}
	m.place.draw(b)
	if m.problem != nil {
		b.blank()
		m.drawProblem(b)
	}
}

func (m *First) drawFile(b *body) {
	b.title("Store the key in a plain file?")
	b.blank()
	where := "a file"
	if m.o.KeyFile != "" {
		where = m.safe(m.o.KeyFile)
	}
	b.say(theme.Text, rankRow, "The key is written as plain text to "+where+", which only your user can read (mode 0600).")
	b.say(theme.Text, rankOther, "Every program you start can read it too, and so can whoever gets a backup or a copy of this disk. If that happens, revoke it.")
	b.blank()
	yes, no := m.theme.Paint(theme.Dim, m.theme.Glyphs.NotConnected+" yes"),
		m.theme.Paint(theme.Accent, m.theme.Glyphs.Mark+" no")
	if m.file {
		yes, no = m.theme.Paint(theme.Accent, m.theme.Glyphs.Mark+" yes"),
			m.theme.Paint(theme.Dim, m.theme.Glyphs.NotConnected+" no")
	}
	b.draw(yes+"   "+no, rankRow, true)
}

func (m *First) drawStored(b *body) {
	b.title("Connected")
	b.blank()
	if name := m.safe(m.found.Account.Name); name != "" {
		b.labelled("Account", name, theme.Strong, rankRow)
	}
	b.labelled("Key", "stored in "+m.storedIn, theme.Text, rankRow)
	b.blank()
	b.say(theme.Dim, rankHint, "The next start opens your contacts at once.")
	b.say(theme.Dim, rankHint, "To forget the key: levcontacts auth logout")
}
