package form

import (
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func BenchmarkFormKeyAndView(b *testing.B) {
	f := focused(sized(editing(sarah(), nil), 120, 40), model.FieldTitle)
	for b.Loop() {
		f, _ = press(f, "x")
		f.View()
		f, _ = press(f, "backspace")
		f.View()
	}
}

func BenchmarkFormLongValueKeyAndView(b *testing.B) {
	c := sarah().With(model.FieldLinkedIn, val("https://linkedin.com/in/"+strings.Repeat("日本-x", 400)))
	f := focused(sized(editing(c, nil), 120, 40), model.FieldLinkedIn)
	for b.Loop() {
		f, _ = press(f, "left")
		f.View()
	}
}

func BenchmarkFormTabAndView(b *testing.B) {
	f := sized(editing(sarah(), nil), 120, 40)
	for b.Loop() {
		f, _ = press(f, "tab")
		f.View()
	}
}

func BenchmarkInlineKeyAndView(b *testing.B) {
	e := inlineOf(model.FieldTitle, val("Senior Vice President"))
	for b.Loop() {
		e, _ = press(e, "x", "backspace")
		e.Lines(60, 60)
	}
}

func BenchmarkBulkPreviewMoveAndView(b *testing.B) {
	p := bulkPreview(10000)
	for b.Loop() {
		p, _ = press(p, "down")
		p.View(120, 40, dark())
	}
}
