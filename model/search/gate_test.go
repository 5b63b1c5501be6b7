package search

import (
	"fmt"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

// The look at the packed bytes never throws out a contact that fits.
func TestClosedKeepsWhatFits(t *testing.T) {
	t.Parallel()
	var book model.Book
	add := func(fields map[model.FieldID]string) {
		values := map[model.FieldID]model.Value{}
		for f, s := range fields {
			values[f] = model.TextValue(s)
		}
		book.Put(model.NewContact(int64(book.Len()+1), values).Pack())
	}
	for n := range 300 { // a length may look like a letter before the text
		title := "Vice-President of Debt"
		add(map[model.FieldID]string{model.FieldTitle: title + strings.Repeat("x", max(0, n-len(title)))})
	}
	for _, name := range []string{
		"O’Brien", "Müller", "Weiß", "Æsir", "ﬁsher", "d’Arcy-O’Neil", "Łukasz", "Nguyễn", "Ǆ", "½", "陈伟", "J. P.", "Ærø–Sund", "e\u0301mile", "a\xffb",
	} {
		add(map[model.FieldID]string{model.FieldFirstName: "Bob", model.FieldLastName: name, model.FieldState: "NY"})
		add(map[model.FieldID]string{model.FieldFirstName: name, model.FieldLastName: "Smith", model.FieldTitle: "SVP " + name})
	}
	snap := book.Snapshot()
	for _, input := range []string{
		"vicepresident", "vice president", "obrien", "o'brien", "o’brien", "muller", "müller", "weiss", "aesir", "fisher", "darcy", "oneil", "darcyoneil", "lukasz", "nguyen",
		"dz", "1/2", "陈伟", "jp", "j.p.", "aero", "sund", "aerosund", "emile", "robert", "bobmuller", `"bob weiß"`, "svp smith", "senior vice president", "new york", `"bob o'br"`, "^mül", "title:president",
		"name:weiß bob", "ab",
	} {
		q := parse(t, input)
		open := q
		open.gates = nil
		n := 0
		for slot := range snap.Len() {
			p := snap.At(slot)
			fit, ok := q.matches(newRow(q.need), p)
			want, is := open.matches(newRow(q.need), p)
			if ok != is || fit != want {
				t.Errorf("%s: %s %q gives %d %v, without the look %d %v", input, p.Name(), p.Get(model.FieldTitle), fit, ok, want, is)
			}
			n += oneIf(is)
		}
		if n == 0 && input != "1/2" && input != "ab" {
			t.Errorf("%s: nothing fits", input)
		}
	}
}

// What is folded in place is what Fold makes of it.
func TestFoldLatin(t *testing.T) {
	t.Parallel()
	for r := rune(1); r < 0x3000; r++ {
		if 0xd800 <= r && r < 0xe000 {
			continue
		}
		s := fmt.Sprintf("A%cZ", r)
		if got, ok := foldLatin([]byte(s)); ok && string(got) != Fold(s) {
			t.Errorf("%q becomes %q, want %q", s, got, Fold(s))
		} else if !ok && r < 0x100 && r != 0xbc && r != 0xbd && r != 0xbe {
			t.Errorf("%q is not folded", s)
		}
	}
}
