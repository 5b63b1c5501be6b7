package welcome

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
	"levcontacts/ui/keymap"
	"levcontacts/ui/theme"
)

const (
	widest    = 78 // cells of text in a line; longer ones are hard to read
	labelW    = 9
	roomy     = 12 // lines from which on the header and the status line stay
)

// View draws the screen.
func (m *Model) View() tea.View {
	status := m.status()
	head, foot := m.h >= roomy, m.h >= 2
	room := m.h
	if head {
		room--
	}
	if foot {
		room--
	}
	showStatus := room >= 2 && (head || status != "")
	if showStatus {
		room--
	}
	b := m.body()
	rows, cx, cy := b.fit(room)
	out := make([]string, 0, m.h)
	if head {
		out = append(out, m.header())
		cy++
	}
	out = append(out, rows...)
	if showStatus {
		out = append(out, fit(" "+status, m.w))
	}
	if foot {
		out = append(out, m.footer())
	}
	v := tea.NewView(strings.Join(out, "\n"))
	v.AltScreen = true
	v.WindowTitle = "levcontacts"
	if cx >= 0 && cx < m.w {
		v.Cursor = tea.NewCursor(cx, cy)
		v.Cursor.Shape, v.Cursor.Blink = tea.CursorBar, false
	}
	return v
}

// fit cuts a line with styles in it to w cells and fills it with blanks.
func fit(s string, w int) string {
	if ansi.StringWidth(s) > w {
		s = ansi.Truncate(s, w, "") + "\x1b[0m"
	}
	return s + plain.Blank(w-ansi.StringWidth(s))
}

func (m *Model) header() string {
	left := " " + m.theme.Paint(theme.Strong, "levcontacts") + "   " + m.theme.Paint(theme.Dim, "first start")
	right := map[page]string{pageKey: "step 1 of 3", pageFound: "step 2 of 3", pagePlace: "step 3 of 3", pageFile: "step 3 of 3"}[m.page]
	if m.page == pageStart {
		right = plain.Clean(m.o.Version)
	}
	gap := m.w - ansi.StringWidth(left) - plain.Width(right) - 1
	if right == "" || gap < 2 {
		return fit(left, m.w)
	}
	return left + plain.Blank(gap) + m.theme.Paint(theme.Dim, right) + " "
}

// status says what is waited for, once that takes long enough to be seen.
func (m *Model) status() string {
	busy, since := m.underWay()
	took := m.o.Now().Sub(since)
	if !busy || took < spinnerAfter {
		return ""
	}
	frames := []rune(m.theme.Glyphs.Spinner)
	words := string(frames[int(took/(120*time.Millisecond))%len(frames)])
	dots := m.theme.Glyphs.Ellipsis
	switch {
	case m.trying.busy:
		words += " trying the key" + dots
	case m.keeping.busy && m.keeping.cancel == nil:
		words += " stopping" + dots
	case m.keeping.busy:
		words += " storing the key" + dots
	default:
		words += " asking the system keyring" + dots
	}
	if took >= 2*time.Second {
		words += " " + m.theme.Glyphs.Dot + " " + seconds(took)
	}
	return m.theme.Paint(theme.Dim, words)
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d/time.Second)) + " s" }

// hint is a key and what it does here.
type hint struct{ key, label string }

func (m *Model) hints() []hint {
	k := m.o.Keys.Key
	move, leave := hint{"↑↓", "move"}, hint{"ctrl+c", "quit"}
	choose, back := hint{k(keymap.MenuPick), "choose"}, hint{k(keymap.PromptClose), "back"}
	switch {
	case m.page == pageStart:
		return []hint{choose, move, {k(keymap.Quit), "quit"}}
	case m.page == pageKey && m.trying.busy, m.keeping.busy:
		return []hint{{k(keymap.PromptClose), "stop"}, leave}
	case m.page == pageKey:
		return []hint{{k(keymap.PromptDone), "try the key"}, back, {k(keymap.FormNext), "next field"}, leave}
	case m.page == pageFound:
		return []hint{{k(keymap.PromptDone), "go on"}, back, leave}
	case m.page == pagePlace && m.place == nil:
		return []hint{back, leave}
	case m.page == pagePlace:
		return []hint{choose, back, move, leave}
	case m.page == pageFile:
		return []hint{{k(keymap.ConfirmYes), "yes"}, {k(keymap.ConfirmNo), "no"}, back, leave}
	default:
		return []hint{{k(keymap.PromptDone), "open your contacts"}, leave}
	}
}

// footer shows the keys that work here; where they do not all fit, the last go.
func (m *Model) footer() string {
	s := ""
	for _, h := range m.hints() {
		key := h.key
		if m.theme.Name == "ascii" {
			key = strings.NewReplacer("↑↓", "j/k").Replace(key)
		}
		item := m.theme.Paint(theme.Key, key) + " " + m.theme.Paint(theme.Dim, h.label)
		if s != "" {
			item = "   " + item
		}
		if ansi.StringWidth(s)+ansi.StringWidth(item)+1 > m.w && s != "" {
			break
		}
		s += item
	}
	return fit(" "+s, m.w)
}

// body is what the page shows between header and footer.
func (m *Model) body() *body {
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
		m.drawKept(b)
	}
	return b
}

func (m *Model) drawStart(b *body) {
	b.title("Welcome to levcontacts")
	b.say(theme.Dim, rankHint, "The contacts of your Lev account in the terminal: browse, search and edit them.")
	b.blank()
	drawChooser(b, m.start)
}

func drawChooser[T comparable](b *body, c *chooser[T]) {
	rows, at := c.lines(b.textW())
	for i, r := range rows {
		b.draw(r, rankRow, i == at)
	}
	b.blank()
	b.say(theme.Dim, rankHint, c.choices[at].hint)
}

func (m *Model) drawFields(b *body) {
	b.title("Connect an account")
	b.blank()
	for id := range fieldID(numFields) {
		if m.shown(id) {
			m.drawField(b, id)
		}
	}
}

func (m *Model) drawField(b *body, id fieldID) {
	f, t := m.fields[id], m.theme
	here := id == m.at
	sign, role := "  ", theme.Dim
	if here {
		sign, role = t.Paint(theme.Accent, t.Glyphs.Cursor)+" ", theme.Accent
	}
	w := max(1, b.textW()-2-labelW)
	value, x := f.draw(w, t)
	rank := rankOther
	if here {
		rank = rankRow
	}
	b.draw(sign+t.Paint(role, plain.Fit(f.label, labelW, ""))+value, rank, here)
	if here && !m.trying.busy {
		b.cursorAt(margin + 2 + labelW + x)
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
func (m *Model) hintOf(id fieldID) (theme.Role, string) {
	f := m.fields[id]
	found := m.lookAt(id)
	warn := m.theme.Glyphs.Warn + " "
	switch {
	case f.strayed:
		return theme.Danger, warn + "That was a key, and this field shows what is in it: paste it into the field Key."
	case f.checked && found.refused:
		return theme.Danger, warn + found.text
	case f.checked && found.text != "" && f.held != "":
		return theme.Attention, warn + found.text
	}
	switch id {
	case fieldKey:
		return m.keyHint()
	case fieldURL:
		if f.held != f.first && f.first != "" {
			return theme.Dim, m.o.Keys.Key(keymap.FormRevert) + " goes back to " + f.first
		}
		return theme.Dim, "Change it only if you were given another address."
	default:
		return theme.Dim, "Only if you belong to several accounts: the short name (slug) of the one to use."
	}
}

func (m *Model) keyHint() (theme.Role, string) {
	f, r := m.fields[fieldKey], m.read()
	if f.held == "" {
		return theme.Dim, "Paste it; it is not shown. API keys begin with lev_sk_, session tokens with ey."
	}
	words := []string{"A key", "An API key", "A session token"}[r.kind] + fmt.Sprintf(" of %d characters", len(r.key))
	left := r.left
	if f.joined {
		left = append(left, "line breaks")
	}
	if len(left) == 0 {
		return theme.Dim, words + "."
	}
	return theme.Attention, words + ", without the " + listed(left) + " that came with it."
}

// listed joins words as a sentence does.
func listed(words []string) string {
	for i, w := range words {
		words[i] = strings.TrimPrefix(w, "the ")
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func (m *Model) drawProblem(b *body) {
	p := m.problem
	b.say(theme.Danger, rankRow, m.theme.Glyphs.Warn+" "+m.safe(p.headline))
	b.say(theme.Text, rankOther, m.safe(p.message))
	advice := p.advice
	if !m.retryAt.IsZero() {
		advice = "Enter tries again."
		if left := m.retryAt.Sub(m.o.Now()); left > 0 {
			advice = "Wait " + seconds(left+time.Second-1) + ", then enter tries again."
		}
	}
	b.say(theme.Text, rankOther, advice)
	b.say(theme.Dim, rankRow, m.safe(p.trace))
}

func (m *Model) drawFound(b *body) {
	b.title("The key works")
	b.blank()
	for _, r := range m.facts() {
		m.drawFact(b, r)
	}
}

// fact is one line of what is known about the key.
type fact struct {
	label, value string
	role         theme.Role
	rank         rank
}

func (m *Model) facts() []fact {
	a := m.found.Account
	may, role := "read contacts; whether it may change them, the service does not say", theme.Text
	switch {
	case a.ReadOnly != "":
		may, role = "READ-ONLY: read contacts, not change them ("+a.ReadOnly+")", theme.Attention
	case m.found.WriteKnown:
		may = "read and change contacts"
	}
	out := []fact{
		{"Account", a.Name, theme.Strong, rankRow}, {"User", a.User, theme.Text, rankRow}, {"Role", a.Role, theme.Text, rankOther},
		{"Tier", a.Tier, theme.Text, rankOther}, {"Limits", m.limits(), theme.Text, rankOther},
		{"It may", may, role, rankRow}, {"Scopes", strings.Join(a.Scopes, ", "), theme.Dim, rankHint},
		{"Service", m.tried.BaseURL, theme.Dim, rankHint},
	}
	return out
}

func (m *Model) limits() string {
	all, each := m.found.AccountLimit, m.found.EndpointLimit
	switch {
	case all > 0 && each > 0:
		return fmt.Sprintf("%d requests a minute, %d of one kind", all, each)
	case all > 0:
		return fmt.Sprintf("%d requests a minute", all)
	case each > 0:
		return fmt.Sprintf("%d requests of one kind a minute", each)
	}
	return ""
}

// drawFact puts the label before the first line of the value.
func (m *Model) drawFact(b *body, f fact) {
	value := strings.TrimSpace(m.safe(f.value))
	if value == "" {
		value, f.role = m.theme.Glyphs.Empty, theme.Dim
	}
	b.labelled(f.label, value, f.role, f.rank)
}

func (m *Model) drawPlace(b *body) {
	b.title("Where should the key be kept?")
	b.blank()
	if m.place == nil {
		return
	}
	if !m.keyring.ok {
		b.say(theme.Attention, rankOther, m.theme.Glyphs.Warn+" The system keyring cannot be used: "+m.keyring.why+".")
		b.blank()
	}
	if m.problem == nil {
		drawChooser(b, m.place)
		return
	}
	rows, at := m.place.lines(b.textW())
	for i, r := range rows {
		b.draw(r, rankRow, i == at)
	}
	b.blank()
	m.drawProblem(b)
}

func (m *Model) drawFile(b *body) {
	b.title("Keep the key in a plain file?")
	b.blank()
	where := "a file"
	if m.o.KeyFile != "" {
		where = m.safe(m.o.KeyFile)
	}
	b.say(theme.Text, rankRow, "The key is written as plain text to "+where+", which only your user can read (mode 0600).")
	b.say(theme.Text, rankOther, "Every program you start can read it too, and so can whoever gets a backup or a copy of this disk. The key then has to be revoked.")
	b.blank()
	b.draw(m.file.field.View(), rankRow, true)
}

func (m *Model) drawKept(b *body) {
	b.title("Connected")
	b.blank()
	b.labelled("Account", orEmpty(m.safe(m.found.Account.Name), m.theme), theme.Strong, rankRow)
	b.labelled("Key", "kept in "+m.kept, theme.Text, rankRow)
	b.blank()
	b.say(theme.Dim, rankHint, "The next start opens your contacts at once. To forget the key: levcontacts auth logout")
}

func orEmpty(s string, t theme.Theme) string {
	if s == "" {
		return t.Glyphs.Empty
	}
	return s
}
