package detail

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/locale"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Row is one line of the pane that the cursor can stand on: a documented
// field, or one that the server added.
type Row struct {
	Field model.FieldID
	Extra string // name of the added field, "" for a documented one
	label string
	value string   // cleaned
	items []string // cleaned, a line for each item of a list; value is not used then
	link  string   // target of the link, "" for none
	group string   // heading above the row, "" for none
	exact string   // shown instead of value while the cursor is here
	warn  bool     // the stored value holds characters that are not shown
	long  int      // bytes of a value that is too long to be shown whole, 0 otherwise

	folded []Row       // the empty fields that the row stands for
	apart  bool        // a blank line stands above the row
	note   *model.Note // the note that the row is, nil for another
	aside  string      // dim, behind the value
}

// What is drawn of one contact: bytes of a value, of a web address, and fields
// that the documents do not name.
const (
	mostDrawn  = 4000
	mostLink   = 2000
	mostExtras = 200
	mostItems  = 12 // of a list
)

func clean(s string) string {
	s, _ = text.Clip(s, mostDrawn)
	return plain.Clean(s)
}

// Name is the JSON name of the row's field.
func (r Row) Name() string {
	if r.Folded() {
		return "\x01" + r.folded[0].Name()
	}
	switch {
	case r.Extra != "":
		return r.Extra
	case r.note != nil:
		return "note " + r.note.ID
	}
	return r.Field.Name()
}

// rowsOf lays out a contact. now is for the relative times.
func rowsOf(c model.Contact, now time.Time) []Row {
	var out []Row
	var last model.Group = 255
	later := c.HasLater()
	for _, f := range fieldOrder() {
		def := f.Def()
		if def.Later && !later {
			continue
		}
		v := c.Get(f)
		shown, cut := text.Clip(v.String(), mostDrawn)
		r := Row{Field: f, label: def.Label, value: plain.Clean(shown), warn: plain.Changed(shown)}
		if cut {
			r.long = len(v.String())
		}
		switch def.Format {
		case model.FormatType:
			r.value = typeWords(v)
		case model.FormatTypes:
			r.value = clean(def.Show(v))
		case model.FormatPhones:
			r.items, r.value, r.long = cleanLines(def.Lines(v)), "", 0
		case model.FormatBool:
			r.value = yesNo(v)
		case model.FormatTime:
			r.value, r.exact = When(shown, now), r.value
		case model.FormatInt:
			if f == model.FieldOwner && r.value != "" {
				r.value = "account " + r.value
			}
		case model.FormatEmail, model.FormatURL:
			r.link = Link(v.String(), def.Format)
			if def.Format == model.FormatURL {
				r.value, r.exact = strings.TrimPrefix(strings.TrimPrefix(r.value, "https://"), "http://"), r.value
			}
		}
		if def.Group != last {
			r.group, last = def.Group.Label(), def.Group
		}
		out = append(out, r)
	}
	heading := "More from the service"
	unnamed := c.Unnamed()
	for i, e := range unnamed {
		if i == mostExtras {
			rest := text.Number(len(unnamed)-i) + " more fields are not shown"
			out = append(out, Row{Extra: "\x00", label: "And more", value: rest})
			break
		}
		shown, cut := text.Clip(extraText(e), mostDrawn)
		r := Row{Extra: e.Name, label: clean(extraLabel(e.Name)), value: plain.Clean(shown)}
		if cut {
			r.long = len(e.JSON)
		}
		r.group, heading = heading, ""
		out = append(out, r)
	}
	return out
}

// fieldOrder is the order of reading: the person, how to reach them, where,
// and the record. The id closes it.
func fieldOrder() []model.FieldID {
	var out []model.FieldID
	for _, f := range model.Fields() {
		if f.ID != model.FieldKey {
			out = append(out, f.ID)
		}
	}
	return append(out, model.FieldKey)
}

func typeWords(v model.Value) string {
	switch v.String() {
	case model.TypeLender:
		return "lender contact"
	default:
		return clean(v.String())
	}
}

func yesNo(v model.Value) string {
	switch {
	case v.True():
		return "yes"
	case v.Kind() == model.Bool:
		return "no"
	default:
		return clean(v.String())
	}
}

// When says a moment as people do: "1 Sep 2025 · 1 year ago". Text that is not
// a moment in RFC 3339 is given back cleaned.
func When(s string, now time.Time) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return plain.Clean(s)
	}
	return locale.Current().Date(t) + " · " + plain.Ago(t, now)
}

// Link is the target that a value may be opened at: a mail address, or an http
// or https address of plain characters. Anything else has none.
func Link(s string, format model.Format) string {
	if len(s) > mostLink {
		return ""
	}
	for i := range len(s) {
		if s[i] <= 0x20 || s[i] >= 0x7f {
			return ""
		}
	}
	if format == model.FormatEmail {
		if strings.Count(s, "@") != 1 || strings.ContainsAny(s, "?&%,;<>\"") {
			return ""
		}
		return "mailto:" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

func extraLabel(name string) string {
	words := strings.Split(strings.TrimRight(name, "0123456789"), "_")
	for i, w := range words {
		if w == "url" || w == "id" {
			words[i] = strings.ToUpper(w)
		}
	}
	s := text.Join(" ", strings.Join(words, " "), name[len(strings.TrimRight(name, "0123456789")):])
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// extraText says the JSON of an added field in words where it is a list of words
// and as it is otherwise.
func extraText(e model.Extra) string {
	if len(e.JSON) > mostDrawn {
		return e.JSON
	}
	var words []string
	if json.Unmarshal([]byte(e.JSON), &words) == nil {
		return strings.Join(words, ", ")
	}
	if v, err := model.ParseValue([]byte(e.JSON)); err == nil {
		return v.String()
	}
	return e.JSON
}

// cleanLines are lines of unknown content, at most mostItems of them.
func cleanLines(lines []string) []string {
	rest := len(lines) - mostItems
	if rest > 0 {
		lines = append(slices.Clone(lines[:mostItems]), "and "+text.Number(rest)+" more")
	}
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return lines
}

// styled is the value ready to draw, at most w cells wide a line.
func (r Row) styled(w int, here bool, th theme.Theme) []string {
	if r.note != nil {
		return r.noteLines(w, here, th)
	}
	value := r.value
	if r.Extra == "" && r.Field.Def().Format == model.FormatTime {
		value = th.Signs(value)
	}
	if here && r.exact != "" {
		value = r.exact
	}
	if len(r.items) > 0 {
		var lines []string
		for _, item := range r.items {
			lines = append(lines, plain.Wrap(item, w)...)
		}
		return lines
	}
	if value == "" && r.aside != "" {
		return r.withAside(nil, w, th)
	}
	if value == "" {
		return []string{th.Paint(theme.Dim, th.Glyphs.Empty)}
	}
	role := theme.Text
	if r.Folded() {
		role = theme.Dim
	}
	lines := plain.Wrap(value, w)
	const most = 4
	if len(lines) > most {
		lines = append(lines[:most-1], plain.Cut(strings.Join(lines[most-1:], " "), w, th.Glyphs.Ellipsis))
	}
	for i, l := range lines {
		l = plain.Cut(l, w, th.Glyphs.Ellipsis)
		switch {
		case r.link != "":
			lines[i] = hyperlink(r.link, th.Paint(theme.Accent, l))
		default:
			lines[i] = th.Paint(role, l)
		}
	}
	lines = r.withAside(lines, w, th)
	if r.long > 0 {
		words := "too long to be shown whole: " + text.Number(r.long) + " bytes"
		lines = append(lines, th.Paint(theme.Attention, plain.Cut(words, w, th.Glyphs.Ellipsis)))
	}
	if r.warn {
		lines = append(lines, th.Paint(theme.Attention, plain.Cut("holds hidden characters", w, th.Glyphs.Ellipsis)))
	}
	return lines
}

// hyperlink is the terminal's own link (OSC 8). The target has been checked by
// Link to be plain characters.
func hyperlink(target, text string) string {
	return "\x1b]8;;" + target + "\x1b\\" + text + "\x1b]8;;\x1b\\"
}
