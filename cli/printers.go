package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// The formats of a list of contacts.
const (
	formatTable = "table"
	formatTSV   = "tsv"
	formatCSV   = "csv"
	formatJSON  = "json"
	formatJSONL = "jsonl"
	formatVCard = "vcard"
)

// A printer writes contacts in one format, one after the other, so that a list
// of any length needs no memory.
type printer interface {
	print(model.Contact) error
	end() error
	// stop ends after a failure instead: it writes out the contacts that came,
	// and nothing that would make them look like a whole list.
	stop() error
}

// newPrinter makes the printer of the format and the fields of a listing.
func (a *App) newPrinter(w io.Writer, l listing, terminal bool) printer {
	if terminal && l.format != formatTable {
		w = &escaper{w: w}
	}
	buffered, fields := bufio.NewWriterSize(w, 32<<10), l.fields
	if l.change != nil {
		return &changedPrinter{w: buffered, fields: fields, change: l.change, each: l.format == formatJSONL}
	}
	switch l.format {
	case formatJSON:
		p := &jsonPrinter{w: buffered, fields: fields, open: "[", close: "]\n", before: "\n ", between: ",\n "}
		if l.enveloped {
			p.open = `{"contacts":[`
		}
		return p
	case formatJSONL:
		return &jsonPrinter{w: buffered, fields: fields, after: "\n"}
	case formatVCard:
		return &vcardPrinter{buffered}
	case formatCSV:
		return &cellsPrinter{w: buffered, comma: ',', names: fields, stamp: l.stamped}
	case formatTSV:
		return &cellsPrinter{w: buffered, comma: '\t', names: fields, stamp: l.stamped}
	default:
		return &tablePrinter{w: buffered, columns: tableColumns(fields), width: a.Width, more: a.signed(moreSign)}
	}
}

// documentedNames are the fields of the page of March 2026, in its order.
func documentedNames() []string { return model.FileColumns(false) }

// columnNames are the columns that a table can have: every field, and the phones
// of each type.
func columnNames() []string {
	var names []string
	for _, f := range model.Fields() {
		names = append(names, f.Name)
		if f.Format == model.FormatPhones {
			for _, t := range model.PhoneTypes() {
				names = append(names, model.PhoneColumn(t))
			}
		}
	}
	return append(names, companyColumn)
}

// watcher notices which of the asked fields no contact has, so that a typing
// mistake does not look like a column of empty values.
type watcher struct {
	printer
	missing map[string]bool
}

func watch(p printer, fields []string) *watcher {
	w := &watcher{p, map[string]bool{}}
	for _, name := range fields {
		if name == companyColumn {
			continue
		}
		if f, documented := model.FieldByName(name); !documented || f.Later {
			w.missing[name] = true
		}
	}
	return w
}

func (w *watcher) print(c model.Contact) error {
	for name := range w.missing {
		member := name
		if _, phone := phoneTypeOf(name); phone {
			member = model.FieldPhones.Name()
		}
		if _, ok := c.Extra(member); ok {
			delete(w.missing, name)
		}
	}
	return w.printer.print(c)
}

// tell says what was missed in a list of so many contacts.
func (w *watcher) tell(a *App, shown int) {
	if shown > 0 && len(w.missing) > 0 {
		missing := slices.Sorted(maps.Keys(w.missing))
		a.note("levcontacts: none of these contacts has a field %s%s", strings.Join(missing, ", "),
			meant(missing[0], columnNames()))
	}
}

// textOf is one field of a contact as plain text.
func textOf(c model.Contact, name string) string { return textReader(name, &phoneTexts{})(c) }

// textReader reads one field of contacts as plain text. To find the field by its
// name takes longer than to read it. The readers of one row share its phones.
func textReader(name string, phones *phoneTexts) func(model.Contact) string {
	if t, ok := phoneTypeOf(name); ok {
		return func(c model.Contact) string { return phones.of(c)[t] }
	}
	if f, ok := model.FieldByName(name); ok {
		return func(c model.Contact) string { return c.Get(f.ID).String() }
	}
	switch name {
	case companyColumn:
		return func(c model.Contact) string {
			company, _ := model.CompanyOf(c)
			return company
		}
	case toStamp:
		return stamper(stampColumns(phones))
	}
	return func(c model.Contact) string {
		raw, _ := c.Extra(name)
		var text string
		if json.Unmarshal([]byte(raw), &text) == nil {
			return text // a JSON string; null gives ""
		}
		return raw
	}
}

// jsonOf is a contact as JSON, with some fields or all.
func jsonOf(c model.Contact, fields []string) ([]byte, error) {
	if fields == nil {
		return c.MarshalJSON()
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for _, name := range fields {
		var value []byte
		if f, ok := model.FieldByName(name); ok {
			if c.Get(f.ID).Kind() == model.Absent {
				continue
			}
			var err error
			if value, err = c.Get(f.ID).MarshalJSON(); err != nil {
				return nil, err
			}
		} else if raw, ok := c.Extra(name); ok {
			value = []byte(raw)
		} else {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

type jsonPrinter struct {
	w                                   *bufio.Writer
	fields                              []string
	open, before, between, after, close string
	n                                   int
}

func (p *jsonPrinter) print(c model.Contact) error {
	raw, err := jsonOf(c, p.fields)
	if err != nil {
		return err
	}
	if p.n == 0 {
		p.w.WriteString(p.open + p.before)
	} else {
		p.w.WriteString(p.between)
	}
	p.n++
	p.w.Write(raw)
	_, err = p.w.WriteString(p.after)
	return err
}

func (p *jsonPrinter) seal(e envelope) error {
	raw, err := json.Marshal(e)
	p.close = "],\n" + strings.TrimPrefix(string(raw), "{") + "\n"
	return err
}

func (p *jsonPrinter) end() error {
	if p.n == 0 {
		p.w.WriteString(p.open)
	} else if p.close != "" {
		p.w.WriteString("\n")
	}
	p.w.WriteString(p.close)
	return p.w.Flush()
}

func (p *jsonPrinter) stop() error {
	if p.n > 0 && p.close != "" {
		p.w.WriteString("\n")
	}
	return p.w.Flush()
}

type vcardPrinter struct{ w *bufio.Writer }

func (p *vcardPrinter) print(c model.Contact) error {
	_, err := p.w.WriteString(model.VCard(c))
	return err
}

func (p *vcardPrinter) end() error  { return p.w.Flush() }
func (p *vcardPrinter) stop() error { return p.w.Flush() }

// cellsPrinter writes comma- or tab-separated values with a heading.
type cellsPrinter struct {
	w     *bufio.Writer
	comma byte
	names []string                     // nil for the usual ones
	stamp bool                         // behind the usual ones stands how the contact was
	read  []func(model.Contact) string // each of them
	begun bool
}

func (p *cellsPrinter) print(c model.Contact) error {
	if err := p.head(c); err != nil {
		return err
	}
	cells := make([]string, len(p.names))
	for i, read := range p.read {
		if cells[i] = read(c); p.comma != '\t' {
			cells[i] = plain.Guarded(cells[i])
		}
	}
	return p.line(cells)
}

func (p *cellsPrinter) line(cells []string) error {
	for i, text := range cells {
		if i > 0 {
			p.w.WriteByte(p.comma)
		}
		p.w.WriteString(quotedCell(text, p.comma))
	}
	return p.w.WriteByte('\n')
}

func (p *cellsPrinter) head(c model.Contact) error {
	if p.begun {
		return nil
	}
	p.begun = true
	if p.names == nil {
		if p.names = model.FileColumns(c.HasLater()); p.stamp {
			p.names = append(p.names, toStamp)
		}
	}
	phones := &phoneTexts{}
	for _, name := range p.names {
		p.read = append(p.read, textReader(name, phones))
	}
	return p.line(p.names)
}

func (p *cellsPrinter) end() error {
	if err := p.head(model.Contact{}); err != nil {
		return err
	}
	return p.stop()
}

func (p *cellsPrinter) stop() error { return p.w.Flush() }
