//go:build unix

package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Lines and blocks are drawn as shapes, not as characters of a font, so that they
// join without a gap in whatever the picture is shown with. middleX and middleY
// are where the lines of a cell cross.
const (
	middleX = 4
	middleY = 10
	corner  = 4 // radius of a rounded corner
)

// arms are the thicknesses of the four lines from the middle of a cell, in
// pixels: left, up, right, down.
type arms [4]int

// boxArms returns the lines of a box-drawing character. Dashed and double lines
// are left to the font.
func boxArms(r rune) (arms, bool) {
	const order = "─│┌┐└┘├┤┬┴┼╴╵╶╷━┃┏┓┗┛┣┫┳┻╋╸╹╺╻╭╮╯╰"
	all := [...]arms{
		{1, 0, 1, 0}, {0, 1, 0, 1}, {0, 0, 1, 1}, {1, 0, 0, 1}, {0, 1, 1, 0}, {1, 1, 0, 0},
		{0, 1, 1, 1}, {1, 1, 0, 1}, {1, 0, 1, 1}, {1, 1, 1, 0}, {1, 1, 1, 1},
		{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1},
		{2, 0, 2, 0}, {0, 2, 0, 2}, {0, 0, 2, 2}, {2, 0, 0, 2}, {0, 2, 2, 0}, {2, 2, 0, 0},
		{0, 2, 2, 2}, {2, 2, 0, 2}, {2, 0, 2, 2}, {2, 2, 2, 0}, {2, 2, 2, 2},
		{2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 2, 0}, {0, 0, 0, 2},
		{0, 0, 1, 1}, {1, 0, 0, 1}, {1, 1, 0, 0}, {0, 1, 1, 0},
	}
	at := strings.IndexRune(order, r)
	if at < 0 {
		return arms{}, false
	}
	return all[utf8.RuneCountInString(order[:at])], true
}

// block is a rectangle inside a cell, in eighths of its width and height, and how
// much of it is covered with ink.
type block struct {
	x, y, width, height int
	cover               float64
}

// blocks returns the rectangles of a block element.
func blocks(r rune) []block {
	switch {
	case r == '▀':
		return []block{{0, 0, 8, 4, 1}}
	case r >= '▁' && r <= '█': // from below, in eighths
		n := int(r-'▁') + 1
		return []block{{0, 8 - n, 8, n, 1}}
	case r >= '▉' && r <= '▏': // from the left, in eighths
		return []block{{0, 0, 7 - int(r-'▉'), 8, 1}}
	case r == '▐':
		return []block{{4, 0, 4, 8, 1}}
	case r >= '░' && r <= '▓':
		return []block{{0, 0, 8, 8, float64(r-'░'+1) / 4}}
	case r == '▔':
		return []block{{0, 0, 8, 1, 1}}
	case r == '▕':
		return []block{{7, 0, 1, 8, 1}}
	case r >= '▖' && r <= '▟':
		return quadrants(r)
	}
	return nil
}

func quadrants(r rune) []block {
	const upperLeft, upperRight, lowerLeft, lowerRight = 1, 2, 4, 8
	set := [...]int{
		lowerLeft, lowerRight, upperLeft, upperLeft | lowerLeft | lowerRight, upperLeft | lowerRight,
		upperLeft | upperRight | lowerLeft, upperLeft | upperRight | lowerRight, upperRight, upperRight | lowerLeft,
		upperRight | lowerLeft | lowerRight,
	}[r-'▖']
	var out []block
	for i := range 4 {
		if set&(1<<i) != 0 {
			out = append(out, block{4 * (i % 2), 4 * (i / 2), 4, 4, 1})
		}
	}
	return out
}

func isBox(content string) bool {
	r, size := utf8.DecodeRuneInString(content)
	if size != len(content) || r < '─' || r > '▟' {
		return false
	}
	_, line := boxArms(r)
	return line || blocks(r) != nil
}

// boxes draws lines and blocks; a run of the same horizontal line is one
// rectangle.
func (d *drawing) boxes(b *strings.Builder, glyphs []glyph) {
	type key struct{ content, ink string }
	runs(glyphs, func(g glyph) (key, bool) {
		if !isBox(g.Content) {
			return key{}, false
		}
		return key{g.Content, d.hex(g.ink)}, true
	}, func(begin, end int, k key) {
		class := d.class("fill:" + k.ink)
		r, _ := utf8.DecodeRuneInString(k.content)
		line, ok := boxArms(r)
		if ok && line[1] == 0 && line[3] == 0 && line[0] == line[2] {
			writeRect(b, class, begin*cellWidth, middleY, (end-begin)*cellWidth, line[0], 1)
			return
		}
		for x := begin; x < end; x++ {
			if r >= '╭' && r <= '╰' {
				writeCorner(b, d.class("fill:none;stroke:"+k.ink), x*cellWidth, line)
				continue
			}
			writeBlocks(b, class, x*cellWidth, blocks(r))
			writeArms(b, class, x*cellWidth, line)
		}
	})
}

func writeRect(b *strings.Builder, class string, x, y, width, height int, cover float64) {
	fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"`, class, x, y, width, height)
	if cover < 1 {
		fmt.Fprintf(b, ` fill-opacity="%g"`, cover)
	}
	b.WriteString("/>")
}

func writeBlocks(b *strings.Builder, class string, left int, parts []block) {
	for _, p := range parts {
		fromX, toX := p.x*cellWidth/8, (p.x+p.width)*cellWidth/8
		fromY, toY := p.y*cellHeight/8, (p.y+p.height)*cellHeight/8
		writeRect(b, class, left+fromX, fromY, max(1, toX-fromX), toY-fromY, p.cover)
	}
}

// writeArms draws the horizontal and the vertical line of a cell.
func writeArms(b *strings.Builder, class string, left int, line arms) {
	thick := max(line[0], line[1], line[2], line[3])
	if line[0] > 0 || line[2] > 0 {
		from, to := reach(line[0] > 0, line[2] > 0, middleX, thick, cellWidth)
		writeRect(b, class, left+from, middleY, to-from, thick, 1)
	}
	if line[1] > 0 || line[3] > 0 {
		from, to := reach(line[1] > 0, line[3] > 0, middleY, thick, cellHeight)
		writeRect(b, class, left+middleX, from, thick, to-from, 1)
	}
}

// reach returns where a line begins and ends that goes from the middle of a cell
// to either edge or both.
func reach(toBegin, toEnd bool, middle, thick, size int) (from, to int) {
	from, to = middle, middle+thick
	if toBegin {
		from = 0
	}
	if toEnd {
		to = size
	}
	return from, to
}

// writeCorner draws a rounded corner from the line on one side of the cell to the
// one above or below.
func writeCorner(b *strings.Builder, class string, left int, line arms) {
	x, y := float64(left+middleX)+0.5, middleY+0.5
	sideX, bendX := left+cellWidth, x+corner
	if line[0] > 0 {
		sideX, bendX = left, x-corner
	}
	endY, bendY := cellHeight, y+corner
	if line[1] > 0 {
		endY, bendY = 0, y-corner
	}
	fmt.Fprintf(b, `<path class="%s" d="M%g %dV%gQ%g %g %g %gH%d"/>`, class, x, endY, bendY, x, y, bendX, y, sideX)
}
