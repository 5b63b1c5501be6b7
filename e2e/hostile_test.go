//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// hostile are values that would drive a terminal, or mislead who reads it,
// were they written to it as they are.
func hostile() map[string]string {
	return map[string]string{
		"csi":      "\x1b[2J\x1b[31mRED\x1b[1;1H",
		"osc 52":   "\x1b]52;c;ZXZpbA==\x07Clip",
		"osc 8":    "\x1b]8;;http://evil.example/\x1b\\Link\x1b]8;;\x1b\\",
		"title":    "\x1b]2;evil title\x07Title",
		"c1":       "\u009b31mC1\u009d2;evil title\u009c",
		"bad utf8": "A\x9b31mB\xff",
		"bidi":     "\u202egnp.exe\u202c\u2066x\u2069\u200f",
		"newline":  "two\r\nlines\x0b\x0c\u2028\u2029\u0085end",
		"tab":      "a\tb\bc\x00d\x7fe",
		"cjk":      "山田太郎の長い長い名前が続く",
		"emoji":    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇩🇪",
		"combine":  "Z" + strings.Repeat("\u0301\u0323", 40) + "o",
		"zero":     "in\u200bvi\u00adsi\ufeffble",
		"dcs":      "\x1bP+q544e\x1b\\\x1b[6n\x1b[c\x05",
		"long":     strings.Repeat("W", 5000),
	}
}

// Text from the service can neither drive the terminal nor bend the screen.
func TestHostileText(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{service: sandbox.Options{Contacts: 1}, config: "index = \"off\"\n"})
	ids := map[string]int64{}
	values := hostile()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		text := values[name]
		ids[name] = r.Service.Add(map[string]any{
			"first_name": text, "last_name": "Of " + name, "title": text, "department": text, "city": text, "state": text, "zip": text,
			"address": text, "email": text + "@example.com", "linkedin_url": "https://example.com/" + text,
			"photo_url": "https://example.com/" + text, "address2": text,
		})
	}
	p := r.open()
	p.waitAll()
	total := len(ids) + 1
	for at := 1; at <= total; at++ {
		p.waitPlace("the row", func(now place) bool { return now.At == at })
		p.checkStraight()
		p.press("enter")
		p.wait("edit field")
		p.toField("Title", "down")
		p.press("enter")
		p.wait("esc leave")
		p.checkStraight()
		p.press("esc")
		p.wait("enter edit field")
		p.press("e")
		p.wait("ctrl+s save")
		p.toField("City", "tab")
		p.send("x")
		p.wait("1 change")
		p.press("ctrl+s")
		p.wait("show JSON")
		p.press("J")
		p.wait(`"city"`)
		p.press("esc")
		p.wait("ctrl+s save")
		p.press("esc")
		p.wait("What you typed is not saved")
		p.press("d")
		p.wait("enter edit field")
		p.press("esc")
		p.wait("enter details")
		if at < total {
			p.press("j")
		}
	}
	p.press("/")
	p.send("of")
	p.wait(fmt.Sprintf("%d of %d", len(ids), total), "enter keep")
	p.checkStraight()
	p.press("esc")
	p.gone("/ of")
	p.press("y")
	p.wait("Copy")
	p.press("esc")
	p.gone("Copy")
	p.quit()
	if clip := p.Clipboard(); len(clip) > 0 {
		t.Errorf("the clipboard was set to %q", clip)
	}
	if title := p.Title(); strings.Contains(title, "evil") {
		t.Errorf("the title is %q", title)
	}
	checkRaw(t, p.Raw())
}

// An error and an account can hold hostile text as well.
func TestHostileErrors(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{around: shoutAtLists("evil\x1b[31m\x1b]52;c;ZXZpbA==\x07\u009b31m\u202egnp")})
	p := r.start(term.Options{})
	p.wait("did not understand", "evil")
	p.checkStraight()
	p.press("q")
	p.exits(0)
	if clip := p.Clipboard(); len(clip) > 0 {
		t.Errorf("the clipboard was set to %q", clip)
	}
	checkRaw(t, p.Raw())
}

// checkStraight looks whether the rule between the panes stands in one column
// on every row, and no row is longer than the screen.
func (p *person) checkStraight() {
	p.t.Helper()
	if how := bent(p.Frame()); how != "" {
		p.t.Fatalf("%s:\n%s", how, p.Screen())
	}
}

// bent says where the rule between the panes is not where it belongs.
func bent(f term.Frame) string {
	rows, column := 0, -1
	for y := 2; y < f.Rows-2; y++ {
		found := -1
		for x, cell := range f.Row(y) {
			if cell.Content == "│" {
				found = x
				break
			}
		}
		if found < 0 {
			continue
		}
		rows++
		if column >= 0 && found != column {
			return fmt.Sprintf("row %d has the rule in column %d, the rows above in %d", y, found, column)
		}
		column = found
	}
	if rows < f.Rows/2 {
		return fmt.Sprintf("only %d rows have a rule", rows)
	}
	return ""
}

// checkRaw looks for anything in the output that only the service can have
// meant for a terminal.
func checkRaw(t *testing.T, raw []byte) {
	t.Helper()
	for _, never := range []string{"\x1b]52;", "evil.example\x1b", "\x1b]2;evil", "\x1b[31mRED", "\x1bP+q544e", "\x1b[6n", "\x1b[c\x05", "\x05", "\x00", "\x7f"} {
		if at := strings.Index(string(raw), never); at >= 0 {
			t.Errorf("the output has %q: %q", never, around(raw, at))
		}
	}
	for _, link := range regexp.MustCompile(`\x1b\]8;[^;]*;([^\x07\x1b]*)`).FindAllSubmatch(raw, -1) {
		if u := string(link[1]); u != "" && !regexp.MustCompile(`^(https?://|mailto:)[!-~]+$`).MatchString(u) {
			t.Errorf("a link leads to %q", u)
		}
	}
	for at := 0; at < len(raw); {
		c, size := utf8.DecodeRune(raw[at:])
		switch {
		case c == utf8.RuneError && size == 1:
			t.Fatalf("the output is not UTF-8: %q", around(raw, at))
		case c >= 0x80 && c < 0xa0, c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069, c == 0x200e, c == 0x200f,
			c == 0x2028, c == 0x2029, c == 0xfeff, c == 0x0b, c == 0x0c:
			t.Fatalf("the output has %U: %q", c, around(raw, at))
		}
		at += size
	}
}

func around(raw []byte, at int) string {
	return string(raw[max(0, at-30):min(len(raw), at+40)])
}

// shoutAtLists answers every list with an error that holds a text.
func shoutAtLists(text string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			if !strings.HasSuffix(q.URL.Path, "/contacts") {
				next.ServeHTTP(w, q)
				return
			}
			body, _ := json.Marshal(map[string]any{"request_id": text, "error": map[string]any{"status": 400, "type": text, "message": text}})
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write(body)
		})
	}
}
