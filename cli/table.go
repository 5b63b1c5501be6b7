package cli

import (
	"bufio"
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// sampleRows is how many rows decide the width of the columns; the rest is
// written as it comes.
const sampleRows = 200

// column is one column of a table for people.
type column struct {
	head  string
	value func(model.Contact) string
	max   int // widest useful width in cells
}

// tableColumns are the columns for some fields, or the usual ones.
func tableColumns(fields []string) []column {
	if fields != nil {
		var out []column
		for _, name := range fields {
			head := strings.ToUpper(name)
			out = append(out, column{head, func(c model.Contact) string { return textOf(c, name) }, 60})
		}
		return out
	}
	field := func(f model.FieldID, max int) column {
		return column{strings.ToUpper(f.Def().Short), func(c model.Contact) string { return c.Get(f).String() }, max}
	}
	return []column{
		field(model.FieldKey, 10),
		{"NAME", model.Contact.Name, 32},
		{"TYPE", func(c model.Contact) string { return model.TypeLabel(c.Get(model.FieldType)) }, 10},
		field(model.FieldTitle, 32),
		field(model.FieldEmail, 40),
		{"CITY", func(c model.Contact) string {
			city, state := c.Get(model.FieldCity).String(), c.Get(model.FieldState).String()
			if city != "" && state != "" {
				return city + ", " + state
			}
			return city + state
		}, 24},
	}
}

// tablePrinter aligns columns by the first rows and cuts what is wider.
type tablePrinter struct {
	more    string // stands for what was cut
	w       *bufio.Writer
	columns []column
	width   int // of the terminal, 0 to cut nothing
	held    [][]string
	widths  []int
}

func (p *tablePrinter) print(c model.Contact) error {
	row := make([]string, len(p.columns))
	for i, col := range p.columns {
		row[i] = oneLine(col.value(c))
	}
	if p.widths == nil {
		if p.held = append(p.held, row); len(p.held) < sampleRows {
			return nil
		}
		return p.begin()
	}
	return p.line(row)
}

func (p *tablePrinter) begin() error {
	p.widths = p.measure()
	heads := make([]string, len(p.columns))
	for i, col := range p.columns {
		heads[i] = col.head
	}
	if err := p.line(heads); err != nil {
		return err
	}
	for _, row := range p.held {
		if err := p.line(row); err != nil {
			return err
		}
	}
	p.held = nil
	return nil
}

// measure gives every column what its widest value needs, and then takes from
// the widest ones until the terminal holds the row.
func (p *tablePrinter) measure() []int {
	widths := make([]int, len(p.columns))
	total := 2 * (len(widths) - 1)
	for i, col := range p.columns {
		widths[i] = plain.Width(col.head)
		for _, row := range p.held {
			widths[i] = max(widths[i], plain.Width(row[i]))
		}
		if p.width > 0 {
			widths[i] = min(widths[i], max(col.max, plain.Width(col.head)))
		}
		total += widths[i]
	}
	for p.width > 0 && total > p.width {
		widest := 0
		for i := range widths {
			if widths[i] > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= 4 {
			break
		}
		widths[widest]--
		total--
	}
	return widths
}

func (p *tablePrinter) line(row []string) error {
	var b strings.Builder
	for i, text := range row {
		if i > 0 {
			b.WriteString("  ")
		}
		switch {
		case p.width > 0:
			b.WriteString(plain.Fit(text, p.widths[i], p.more))
		case i < len(row)-1:
			b.WriteString(text + plain.Blank(max(0, p.widths[i]-plain.Width(text))))
		default:
			b.WriteString(text)
		}
	}
	_, err := p.w.WriteString(strings.TrimRight(b.String(), " ") + "\n")
	return err
}

func (p *tablePrinter) end() error {
	if p.widths == nil && len(p.held) > 0 {
		if err := p.begin(); err != nil {
			return err
		}
	}
	return p.w.Flush()
}

// stop is end: there is no heading without a row.
func (p *tablePrinter) stop() error { return p.end() }
