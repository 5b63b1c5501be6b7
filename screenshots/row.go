//go:build unix

package main

import (
	"fmt"
	"image/color"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/internal/term"
)

// glyph is a cell with its colors worked out.
type glyph struct {
	term.Cell
	ink, paper color.Color // paper is nil for that of the window
}

// row draws one row of cells, at the top left of where it will be used. A blank
// row is empty.
func (d *drawing) row(f term.Frame, y int) string {
	cells := f.Row(y)
	glyphs := make([]glyph, len(cells))
	for x, c := range cells {
		glyphs[x] = d.glyph(f, c)
	}
	cursor := f.Cursor.Visible && f.Cursor.Y == y
	if cursor && f.Cursor.Shape == term.CursorBlock {
		g := &glyphs[f.Cursor.X]
		g.ink, g.paper = f.Background, d.theme.cursor
	}
	var b strings.Builder
	d.papers(&b, glyphs)
	d.lines(&b, glyphs)
	d.boxes(&b, glyphs)
	d.words(&b, glyphs)
	if cursor && f.Cursor.Shape != term.CursorBlock {
		x, top, width, height := f.Cursor.X*cellWidth, 0, 2, cellHeight
		if f.Cursor.Shape == term.CursorUnderline {
			top, width, height = cellHeight-2, cellWidth, 2
		}
		fmt.Fprintf(&b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, d.fill(d.theme.cursor), x, top, width, height)
	}
	return b.String()
}

func (d *drawing) glyph(f term.Frame, c term.Cell) glyph {
	g := glyph{Cell: c, ink: c.Foreground, paper: c.Background}
	if g.ink == nil {
		g.ink = f.Foreground
	}
	if c.Reverse {
		if g.paper == nil {
			g.paper = f.Background
		}
		g.ink, g.paper = g.paper, g.ink
	}
	if c.Faint {
		paper := g.paper
		if paper == nil {
			paper = f.Background
		}
		g.ink = d.mix(g.ink, paper)
	}
	if c.Conceal {
		g.Content = " "
	}
	return g
}

// mix returns a color three fifths of the way from paper to ink, as terminals
// draw faint text.
func (d *drawing) mix(ink, paper color.Color) color.Color {
	part := func(hex string, i int) (v int) {
		_, _ = fmt.Sscanf(hex[1+2*i:3+2*i], "%x", &v) // hex has just been written by d.hex
		return v
	}
	from, to := d.hex(paper), d.hex(ink)
	var out [3]uint8
	for i := range out {
		out[i] = uint8((2*part(from, i) + 3*part(to, i)) / 5)
	}
	return color.RGBA{R: out[0], G: out[1], B: out[2], A: 255}
}

// runs calls f for every longest run of cells, from begin to before end, that
// have the same key; runs without a key are left out.
func runs[K comparable](glyphs []glyph, key func(glyph) (K, bool), f func(begin, end int, key K)) {
	for begin := 0; begin < len(glyphs); {
		k, ok := key(glyphs[begin])
		end := begin + 1
		for ; end < len(glyphs); end++ {
			if next, nextOK := key(glyphs[end]); nextOK != ok || next != k {
				break
			}
		}
		if ok {
			f(begin, end, k)
		}
		begin = end
	}
}

// spread gives the second half of a wide character what its first half has.
func spread(glyphs []glyph) []glyph {
	out := append([]glyph(nil), glyphs...)
	for x := 1; x < len(out); x++ {
		if out[x].Width == 0 {
			content := out[x].Content
			out[x] = out[x-1]
			out[x].Width, out[x].Content = 0, content
		}
	}
	return out
}

// papers draws the backgrounds, one rectangle a run.
func (d *drawing) papers(b *strings.Builder, glyphs []glyph) {
	runs(spread(glyphs), func(g glyph) (string, bool) {
		if g.paper == nil {
			return "", false
		}
		return d.fill(g.paper), true
	}, func(begin, end int, class string) {
		fmt.Fprintf(b, `<rect class="%s" x="%d" width="%d" height="%d"/>`, class, begin*cellWidth, (end-begin)*cellWidth, cellHeight)
	})
}

// lines draws underlines and strikethroughs, one rectangle a run.
func (d *drawing) lines(b *strings.Builder, glyphs []glyph) {
	for _, line := range []struct {
		y  int
		is func(glyph) bool
	}{
		{baseline + 2, func(g glyph) bool { return g.Underline }},
		{baseline - 5, func(g glyph) bool { return g.Strikethrough }},
	} {
		runs(spread(glyphs), func(g glyph) (string, bool) {
			if !line.is(g) {
				return "", false
			}
			return d.fill(g.ink), true
		}, func(begin, end int, class string) {
			fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%d" height="1"/>`, class, begin*cellWidth, line.y, (end-begin)*cellWidth)
		})
	}
}

// words draws the text, one element a word, each at its own place: blanks inside
// would be collapsed, and another font than ours would run out of step.
func (d *drawing) words(b *strings.Builder, glyphs []glyph) {
	for x := 0; x < len(glyphs); {
		g := glyphs[x]
		if g.Content == "" || g.Content == " " || isBox(g.Content) {
			x++
			continue
		}
		end, text := x+1, g.Content
		for ; end < len(glyphs) && joins(glyphs[end-1], glyphs[end]); end++ {
			text += glyphs[end].Content
		}
		d.word(b, x, end-x, g, text)
		x = end
	}
}

// joins reports whether a cell can be in one word with the one before it. Two signs
// in a row are kept apart, since the font would make one arrow of -> in the PNG.
func joins(before, g glyph) bool {
	switch {
	case g.Content == "" || g.Content == " " || isBox(g.Content):
		return false
	case before.Width != 1 || g.Width != 1 || !plain(before.Content) || !plain(g.Content):
		return false
	case isSign(before.Content) && isSign(g.Content):
		return false
	}
	return g.ink == before.ink && g.Bold == before.Bold && g.Italic == before.Italic
}

// plain reports whether the font is certain to have the character at its usual
// width; others come from other fonts and stand alone.
func plain(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size == len(s) && r < 0x250 && r != utf8.RuneError
}

func isSign(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

func (d *drawing) word(b *strings.Builder, x, cells int, g glyph, text string) {
	style := "fill:" + d.hex(g.ink)
	if g.Bold {
		style += ";font-weight:700"
	}
	if g.Italic {
		style += ";font-style:italic"
	}
	class := d.class(style)
	switch {
	case g.Width == 2: // in the middle of its two cells, however wide its font makes it
		fmt.Fprintf(b, `<text class="%s" x="%d" y="%d" text-anchor="middle">%s</text>`, class, (x+1)*cellWidth, baseline, escape(text))
	case cells == 1:
		fmt.Fprintf(b, `<text class="%s" x="%d" y="%d">%s</text>`, class, x*cellWidth, baseline, escape(text))
	default:
		fmt.Fprintf(b, `<text class="%s" x="%d" y="%d" textLength="%d">%s</text>`, class, x*cellWidth, baseline, cells*cellWidth, escape(text))
	}
}
