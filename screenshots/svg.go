//go:build unix

package main

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/term"
)

// At 15 pixels a character of the font is 9 pixels wide and a line of it just
// under 20 high: every cell begins on a whole pixel, so that nothing is blurred.
const (
	fontFamily = "JetBrains Mono"
	fontSize   = 15
	cellWidth  = 9
	cellHeight = 20
	baseline   = 15 // below the top of a cell

	padding   = 18 // around the cells
	barHeight = 40 // of the window's title bar
	radius    = 10 // of the window's corners
)

// drawing collects the parts of one SVG file.
type drawing struct {
	theme   theme
	body    strings.Builder
	classes map[string]string // style rules to the names of their classes
	rules   strings.Builder   // style rules in the order of their names
	defs    strings.Builder
	rows    map[string]string // drawn rows to their names in defs
}

func newDrawing(th theme) *drawing {
	return &drawing{theme: th, classes: make(map[string]string), rows: make(map[string]string)}
}

// drawPicture draws one frame in a window.
func drawPicture(p picture, f term.Frame) []byte {
	d := newDrawing(p.theme)
	for y := range f.Rows {
		if row := d.row(f, y); row != "" {
			fmt.Fprintf(&d.body, "<g transform=\"translate(0 %d)\">%s</g>\n", y*cellHeight, row)
		}
	}
	return d.window(p, f)
}

// drawFilm draws a moving picture: every frame lies at the same place and is
// visible in its own time. A row that occurs in several frames is drawn once.
// Where nothing moves, or nothing shall, the first frame is shown.
func drawFilm(p picture, shots []shot) []byte {
	d := newDrawing(p.theme)
	var total time.Duration
	for _, s := range shots {
		total += s.hold
	}
	percent := func(t time.Duration) string {
		return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", 100*t.Seconds()/total.Seconds()), "0"), ".") + "%"
	}
	var begin time.Duration
	for i, s := range shots {
		end := begin + s.hold
		fmt.Fprintf(&d.body, "<g class=\"f\" id=\"f%d\">", i)
		for y := range s.frame.Rows {
			if row := d.row(s.frame, y); row != "" {
				fmt.Fprintf(&d.body, "<use href=\"#%s\" y=\"%d\"/>", d.shared(row), y*cellHeight)
			}
		}
		d.body.WriteString("</g>\n")
		from := "visible"
		if i > 0 {
			from = "hidden}" + percent(begin) + "{visibility:visible"
		}
		fmt.Fprintf(&d.rules, "#f%d{animation-name:k%d}@keyframes k%d{0%%{visibility:%s}%s{visibility:hidden}}\n", i, i, i, from, percent(end))
		begin = end
	}
	fmt.Fprintf(&d.rules, ".f{visibility:hidden;animation-duration:%.2fs;animation-timing-function:step-end;animation-iteration-count:infinite}\n", total.Seconds())
	d.rules.WriteString("#f0{visibility:visible}\n@media (prefers-reduced-motion:reduce){.f{animation:none!important}}\n")
	return d.window(p, shots[0].frame)
}

// shared returns the name under which a row can be used again.
func (d *drawing) shared(row string) string {
	name, known := d.rows[row]
	if !known {
		name = fmt.Sprintf("r%d", len(d.rows))
		d.rows[row] = name
		fmt.Fprintf(&d.defs, "<g id=\"%s\">%s</g>\n", name, row)
	}
	return name
}

// window puts what has been drawn into a window with a title bar.
func (d *drawing) window(p picture, f term.Frame) []byte {
	width, height := f.Cols*cellWidth+2*padding, barHeight+f.Rows*cellHeight+padding
	title := "levcontacts --demo"
	if p.account {
		title = "levcontacts"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(p.caption))
	fmt.Fprintf(&b, "<style>\ntext{font:%dpx '%s',ui-monospace,'Cascadia Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;font-variant-ligatures:none}\n", fontSize, fontFamily)
	b.WriteString(d.rules.String())
	b.WriteString("</style>\n")
	if d.defs.Len() > 0 {
		fmt.Fprintf(&b, "<defs>\n%s</defs>\n", d.defs.String())
	}
	fmt.Fprintf(&b, "<rect x=\".5\" y=\".5\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"%s\"/>\n", width-1, height-1, radius, d.hex(f.Background))
	fmt.Fprintf(&b, "<path d=\"M.5 30V%[1]d.5a%[1]d %[1]d 0 0 1 %[1]d-%[1]dH%[2]d.5a%[1]d %[1]d 0 0 1 %[1]d %[1]dV30z\" fill=\"%[3]s\"/>\n", radius, width-radius-1, d.hex(d.theme.bar))
	fmt.Fprintf(&b, "<text x=\"%d\" y=\"20\" text-anchor=\"middle\" style=\"font-size:13px\" fill=\"%s\">%s</text>\n",
		width/2, d.hex(d.theme.barText), title)
	fmt.Fprintf(&b, "<rect x=\".5\" y=\".5\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"none\" stroke=\"%s\"/>\n", width-1, height-1, radius, d.hex(d.theme.edge))
	fmt.Fprintf(&b, "<g transform=\"translate(%d %d)\">\n%s</g>\n</svg>\n", padding, barHeight, d.body.String())
	return []byte(b.String())
}

// class returns the name of the class with the given style.
func (d *drawing) class(style string) string {
	name, known := d.classes[style]
	if !known {
		name = fmt.Sprintf("c%d", len(d.classes))
		d.classes[style] = name
		fmt.Fprintf(&d.rules, ".%s{%s}\n", name, style)
	}
	return name
}

func (d *drawing) fill(c color.Color) string { return d.class("fill:" + d.hex(c)) }

// hex writes a color as SVG does. The first sixteen of the terminal's palette
// are the theme's.
func (d *drawing) hex(c color.Color) string {
	switch c := c.(type) {
	case ansi.BasicColor:
		return d.hex(d.theme.palette[c])
	case ansi.IndexedColor:
		if c < ansi.IndexedColor(len(d.theme.palette)) {
			return d.hex(d.theme.palette[c])
		}
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}
