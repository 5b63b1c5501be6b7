// Package facets is one screen of the values that contacts have in some fields,
// with how many have each: several can be chosen at once.
package facets

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/input"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// Group is one field with its values, the most frequent first.
type Group struct {
	Title  string
	Values []Value
}

// Value is one choice. Text is clean.
type Value struct {
	Text    string
	Count   int
	Note    string // stands in place of the count
	Checked bool
	Msg     tea.Msg // what choosing it means
}

// Options are what the screen is opened with.
type Options struct {
	Title   string
	Foot    string
	Clear   tea.Msg // clears all choices
	OnClose tea.Msg
}

// Facets is the open screen: a screen.Overlay.
type Facets struct {
	o      Options
	groups []Group
	ready  bool         // the values were counted
	whole  map[int]bool // groups that are shown with all their values
	input  *input.Model
	on     place
	drawn  sheet // of the last View
	offset int
	left   int // cells left of the columns
	head   int // lines above them
}

// place is a line that can be chosen: a value of a group, the line that shows the
// rest of a group, or the one that clears all choices.
type place struct{ group, value int }

const (
	theRest  = -1 // in place of a value
	clearAll = -1 // in place of a group
)

var _ screen.Overlay = (*Facets)(nil)

// Open makes the screen without values; SetGroups brings them.
func Open(o Options) *Facets {
	return &Facets{o: o, whole: map[int]bool{}, input: input.New(0, false)}
}

// SetGroups replaces the values, keeping the cursor on its value.
func (f *Facets) SetGroups(groups []Group) {
	text := ""
	if v := f.value(f.on); v != nil {
		text = v.Text
	}
	f.groups = groups
	if f.on.group >= 0 && f.on.group < len(groups) {
		same := func(v Value) bool { return v.Text == text }
		if i := slices.IndexFunc(groups[f.on.group].Values, same); i >= 0 && f.on.value != theRest {
			f.on.value = i
		}
	}
	f.ready = true
	f.settle()
}

// SetFoot replaces the line under the values.
func (f *Facets) SetFoot(foot string) { f.o.Foot = foot }

// value is what stands at a place, nil for no value.
func (f *Facets) value(p place) *Value {
	if p.group < 0 || p.group >= len(f.groups) || p.value < 0 || p.value >= len(f.groups[p.group].Values) {
		return nil
	}
	return &f.groups[p.group].Values[p.value]
}

// Update takes a key or a paste.
func (f *Facets) Update(msg tea.Msg, keys keymap.Map) screen.Result {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if r, taken := f.key(key, keys); taken {
			return r
		}
	}
	before := f.input.Value()
	cmd := f.input.Update(msg)
	if f.input.Value() != before {
		f.offset = 0
		f.settle()
	}
	return screen.Result{Cmd: cmd}
}

func (f *Facets) key(msg tea.KeyPressMsg, keys keymap.Map) (r screen.Result, taken bool) {
	typed := f.input.Value() != ""
	switch s := msg.String(); {
	case s == "space" && !typed:
		return f.choose(), true
	case msg.Text != "", typed && slices.Contains([]string{"left", "right", "home", "end", "ctrl+u"}, s):
		return screen.Result{}, false
	case s == "left" || s == "right":
		f.sideways(map[string]int{"left": -1, "right": 1}[s])
		return screen.Result{}, true
	case s == "tab" || s == "shift+tab":
		f.nextGroup(map[string]int{"tab": 1, "shift+tab": -1}[s])
		return screen.Result{}, true
	}
	action, ok := keys.Find(msg.String(), keymap.Menu)
	if !ok {
		return screen.Result{}, false
	}
	const page = 10
	switch action.Name {
	case keymap.MenuPick:
		r := f.choose()
		if typed && len(r.Chosen) > 0 { // the next value is typed from its beginning
			f.input.SetValue("")
			f.settle()
		}
		return r, true
	case keymap.MenuClose:
		if typed {
			f.input.SetValue("")
			f.settle()
			return screen.Result{}, true
		}
		return screen.Result{Chosen: messages(f.o.OnClose), Closed: true}, true
	case keymap.MoveUp, keymap.MoveDown, keymap.MovePageUp, keymap.MovePageDown, keymap.MoveHalfUp,
		keymap.MoveHalfDown, keymap.MoveTop, keymap.MoveBottom:
		f.Scroll(map[keymap.Name]int{
			keymap.MoveUp: -1, keymap.MoveDown: 1, keymap.MovePageUp: -page, keymap.MovePageDown: page,
			keymap.MoveHalfUp: -page, keymap.MoveHalfDown: page, keymap.MoveTop: -1 << 20, keymap.MoveBottom: 1 << 20,
		}[action.Name])
		return screen.Result{}, true
	}
	return screen.Result{}, false
}

// choose toggles the value under the cursor, or shows the rest of its group.
func (f *Facets) choose() screen.Result {
	_, _, drawn := f.drawn.find(f.on)
	switch {
	case !drawn:
		return screen.Result{}
	case f.on.group == clearAll:
		return screen.Result{Chosen: messages(f.o.Clear)}
	case f.on.value == theRest:
		f.whole[f.on.group] = true
		f.on.value = min(f.drawn.most, len(f.groups[f.on.group].Values)-1)
		f.settle()
		return screen.Result{}
	}
	if v := f.value(f.on); v != nil {
		return screen.Result{Chosen: messages(v.Msg)}
	}
	return screen.Result{}
}

func messages(msg tea.Msg) []tea.Msg {
	if msg == nil {
		return nil
	}
	return []tea.Msg{msg}
}

// Scroll moves the cursor by choices.
func (f *Facets) Scroll(by int) {
	choices := f.drawn.choices()
	if i := slices.Index(choices, f.on); len(choices) > 0 {
		f.on = choices[max(0, min(i+by, len(choices)-1))]
	}
}

// sideways goes to the next column, as near to the line of the cursor as a choice is.
func (f *Facets) sideways(by int) {
	col, line, ok := f.drawn.find(f.on)
	if col += by; !ok || col < 0 || col >= len(f.drawn.columns) {
		return
	}
	best := -1
	for i, l := range f.drawn.columns[col] {
		if l.choice && (best < 0 || distance(i, line) < distance(best, line)) {
			best = i
		}
	}
	if best >= 0 {
		f.on = f.drawn.columns[col][best].place
	}
}

func distance(a, b int) int { return max(a-b, b-a) }

// nextGroup goes to the first value of another group.
func (f *Facets) nextGroup(by int) {
	var groups []int
	for _, p := range f.drawn.choices() {
		if p.group >= 0 && !slices.Contains(groups, p.group) {
			groups = append(groups, p.group)
		}
	}
	if len(groups) == 0 {
		return
	}
	i := max(slices.Index(groups, f.on.group), 0)
	to := groups[(i+by+len(groups))%len(groups)]
	for _, p := range f.drawn.choices() {
		if p.group == to {
			f.on = p
			return
		}
	}
}

// Click chooses what was clicked.
func (f *Facets) Click(x, line int) screen.Result {
	col, at := (x-f.left)/max(1, f.drawn.width), line-f.head+f.offset
	if x < f.left || line < f.head || col >= len(f.drawn.columns) || at >= len(f.drawn.columns[col]) {
		return screen.Result{}
	}
	l := f.drawn.columns[col][at]
	if !l.choice {
		return screen.Result{}
	}
	f.on = l.place
	return f.choose()
}

// Typing reports that letters are text here.
func (f *Facets) Typing() bool { return true }

// Scope is where the keys have their meaning.
func (f *Facets) Scope() keymap.Scope { return keymap.Menu }

// Label is what the footer says of an action.
func (f *Facets) Label(a keymap.Action) string {
	if a.Name == keymap.MenuClose && f.input.Value() != "" {
		return "clear the text"
	}
	return a.Label
}

// matches says that a value has what was typed.
func (f *Facets) matches(group, value int) bool {
	g := f.groups[group]
	hay := strings.ToLower(g.Title + " " + g.Values[value].Text)
	words := strings.Fields(strings.ToLower(f.input.Value()))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(hay, w) })
}
