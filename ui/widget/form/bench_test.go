package form

import (
	"strings"
	"testing"

	"levcontacts/model"
)

func BenchmarkFormKeyAndView(b *testing.B) {
	f := editing(sarah(), nil).SetSize(120, 40).Focus(model.FieldTitle)
	for b.Loop() {
		f, _ = press(f, "x")
		f.View()
		f, _ = press(f, "backspace")
		f.View()
	}
}

func BenchmarkFormLongValueKeyAndView(b *testing.B) {
	c := sarah().With(model.FieldLinkedIn, text("https://linkedin.com/in/"+strings.Repeat("日本-x", 400)))
	f := editing(c, nil).SetSize(120, 40).Focus(model.FieldLinkedIn)
	for b.Loop() {
		f, _ = press(f, "left")
		f.View()
	}
}

func BenchmarkFormTabAndView(b *testing.B) {
	f := editing(sarah(), nil).SetSize(120, 40)
	for b.Loop() {
		f, _ = press(f, "tab")
		f.View()
	}
}

func BenchmarkInlineKeyAndView(b *testing.B) {
	e := inlineOf(model.FieldTitle, text("Senior Vice President"))
	for b.Loop() {
		e, _ = press(e, "x", "backspace")
		e.Lines(60, 60)
	}
}

func BenchmarkBulkPreviewMoveAndView(b *testing.B) {
	p := bulkPreview(10000).SetSize(120, 40)
	for b.Loop() {
		p, _ = press(p, "down")
		p.View()
	}
}
